// Tables of rules: a cell that differs from the version compared with is marked and can be put back; Enter and the arrow
// keys go from cell to cell; a share is shown in percent once it is typed.
(() => {
  const tables = [...document.querySelectorAll("[data-rules]")];
  if (!tables.length) {
    return;
  }
  const said = document.querySelector("[data-said]");
  const fields = (place) => [...place.querySelectorAll("[data-was]")];
  const differs = (field) => field.value.trim() !== field.dataset.was;

  function mark(field) {
    const changed = differs(field);
    field.classList.toggle("desk-changed", changed);
    const note = field.parentElement.querySelector("[data-mark]");
    if (note) {
      note.hidden = !changed;
    }
    return changed;
  }

  function count(table) {
    const changed = fields(table).filter(mark).length;
    const undo = table.querySelector("[data-undo-all]");
    undo.hidden = changed === 0;
    return changed;
  }

  function tell() {
    const changed = tables.map(count).reduce((sum, each) => sum + each, 0);
    said.textContent = said.dataset.changed.replace("{count}", changed);
  }

  // As the server reads it: above 1, or with the sign, it is percent already. What cannot be read stays as it is typed.
  function written(field) {
    const text = field.value.normalize("NFKC").trim();
    const share = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
    if (field.dataset.kind === "share" && share) {
      const number = Number(share[1]);
      const isFraction = !share[2] && number < 1;
      const ambiguous = !share[2] && number === 1;
      return ambiguous ? text : `${Number((isFraction ? number * 100 : number).toFixed(4))}%`;
    }
    const yuan = /^¥?\s*(\d+(?:,\d{3})*(?:\.\d{1,2})?)\s*元?$/.exec(text);
    if (field.dataset.kind === "yuan" && yuan) {
      const [whole, cents = ""] = yuan[1].replaceAll(",", "").split(".");
      return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents.padEnd(2, "0")}`;
    }
    return field.value;
  }

  function step(field, rows, columns) {
    const cell = field.closest("td");
    const body = cell.closest("tbody");
    const row = body.rows[cell.parentElement.sectionRowIndex + rows];
    const next = row?.cells[cell.cellIndex + columns]?.querySelector("[data-was]");
    next?.focus();
    next?.select?.();
    return Boolean(next);
  }

  function moves(event) {
    const field = event.target;
    const isText = field.tagName === "INPUT";
    const atStart = isText && field.selectionStart === 0;
    const atEnd = isText && field.selectionEnd === field.value.length;
    return {
      Enter: event.shiftKey ? [-1, 0] : [1, 0],
      ArrowDown: isText ? [1, 0] : null,
      ArrowUp: isText ? [-1, 0] : null,
      ArrowLeft: atStart ? [0, -1] : null,
      ArrowRight: atEnd ? [0, 1] : null,
    }[event.key];
  }

  for (const table of tables) {
    table.addEventListener("keydown", (event) => {
      const field = event.target.closest("td [data-was]");
      const way = field && !event.isComposing ? moves(event) : null;
      if (!way) {
        return;
      }
      // Enter would send the form from a single cell.
      const moved = step(field, ...way);
      if (moved || event.key === "Enter") {
        event.preventDefault();
      }
    });
    table.addEventListener("input", tell);
    table.addEventListener("change", (event) => {
      if (event.target.matches("input[data-was]")) {
        event.target.value = written(event.target);
      }
      tell();
    });
    table.addEventListener("click", (event) => {
      const one = event.target.closest("[data-undo]");
      const all = event.target.closest("[data-undo-all]");
      const undone = one ? fields(one.closest("td")) : all ? fields(table).filter(differs) : [];
      for (const field of undone) {
        field.value = field.dataset.was;
      }
      if (undone.length) {
        undone[0].focus();
        tell();
      }
    });
  }
  tell();
})();
