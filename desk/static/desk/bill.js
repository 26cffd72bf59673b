// The lines of a bill: rows are added and removed, and filled from a spreadsheet by pasting. Nothing that was pasted is
// lost: what is not understood is marked beside its field, and the form is not sent while a mark stands.
(() => {
  const table = document.querySelector("[data-lines]");
  if (!table) {
    return;
  }
  const prefix = table.dataset.lines;
  const form = table.closest("form");
  const body = table.tBodies[0];
  const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
  const most = Number(document.getElementById(`id_${prefix}-MAX_NUM_FORMS`).value);
  const status = document.getElementById(`${prefix}-status`);
  const words = JSON.parse(document.getElementById(`${prefix}-pasting`).textContent);
  const columns = [...table.querySelectorAll("th[data-column]")].map((heading) => heading.dataset.column);

  const { key, isScientific, headerParts, withUnit, amount, percentage, code } = window.spellings(words);
  const keyed = (entries) => new Map(entries.map(([text, value]) => [key(text), value]));
  const headings = keyed([
    ...Object.entries(words.headings),
    ...[...table.querySelectorAll("th[data-column]")].flatMap((heading) => [
      [heading.textContent, heading.dataset.column],
      [heading.dataset.column, heading.dataset.column],
    ]),
  ]);
  const terms = Object.fromEntries(
    Object.entries(words.terms).map(([column, known]) => [column, keyed(Object.entries(known))]),
  );
  const sumNames = new Set(words.sum_names.map(key));
  const flags = keyed(Object.entries(words.flags));
  const said = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // The column that a heading names, and the unit that each cell below it has.
  function headingOf(text) {
    const { whole, name, unit } = headerParts(text);
    return { column: headings.get(whole) ?? headings.get(name), unit };
  }

  const fieldOf = (row, column) => row.querySelector(`[name$="-${column}"]`);

  function renumber() {
    [...body.rows].forEach((row, number) => {
      row.querySelectorAll("[name]").forEach((field) => {
        field.name = field.name.replace(/-\d+-/, `-${number}-`);
        field.id = `id_${field.name}`;
      });
      const remove = row.querySelector("[data-remove-line]");
      remove.setAttribute("aria-label", said(table.dataset.remove, { number: number + 1 }));
    });
    total.value = body.rows.length;
  }

  function addRow() {
    if (body.rows.length >= most) {
      return null;
    }
    const pattern = document.getElementById(`${prefix}-pattern`);
    const rows = document.createElement("tbody");
    rows.innerHTML = pattern.innerHTML.replaceAll("__prefix__", body.rows.length);
    const row = rows.querySelector("tr");
    body.append(row);
    renumber();
    return row;
  }

  function changed() {
    table.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- Marks ------------------------------------------------------------------------------------

  const markOf = (field) => field.closest("td").querySelector("[data-unread]");

  function unmark(field) {
    const found = markOf(field);
    found?.remove();
    field.removeAttribute("aria-invalid");
    if (found && !table.querySelector("[data-unread]")) {
      status.textContent = "";
    }
  }

  function mark(field, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-unread";
    button.dataset.unread = "";
    button.textContent = isScientific(text) ? words.scientific : said(words.unread, { text: text || words.empty });
    field.closest("td").append(button);
    field.setAttribute("aria-invalid", "true");
  }

  // --- One cell ---------------------------------------------------------------------------------

  function read(column, text) {
    if (column in terms) {
      return terms[column].get(key(text)) ?? null;
    }
    if (column.startsWith("is_")) {
      return text ? (flags.get(key(text)) ?? null) : false;
    }
    if (!text || column === "name") {
      return text;
    }
    if (column === "code") {
      return code(text);
    }
    return column === "upfront_rate" ? percentage(text) : amount(text);
  }

  // Whether it was understood.
  function fill(field, column, text) {
    const value = read(column, text);
    unmark(field);
    if (field.type === "checkbox") {
      field.checked = value === true;
    } else if (field.tagName === "SELECT" && value === null) {
      field.selectedIndex = -1;
    } else {
      field.value = value ?? "";
    }
    if (value === null) {
      mark(field, text);
    }
    return value !== null;
  }

  // --- A spreadsheet's cells ----------------------------------------------------------------------

  // Cells are apart by tabs, rows by line ends; a cell with either of them stands in quotes.
  function cellsOf(text) {
    const rows = [[]];
    const pieces = text.replace(/\r\n?/g, "\n").matchAll(/("(?:[^"]|"")*"(?=[\t\n]|$)|[^\t\n]*)(\t|\n|$)/g);
    for (const [whole, cell, end] of pieces) {
      if (whole === "" && rows.at(-1).length === 0) {
        break;
      }
      const quoted = cell.length > 1 && cell.startsWith('"') && cell.endsWith('"');
      rows.at(-1).push((quoted ? cell.slice(1, -1).replaceAll('""', '"') : cell).replace(/\s+/g, " ").trim());
      if (end === "\n") {
        rows.push([]);
      } else if (end === "") {
        break;
      }
    }
    return rows.filter((row) => row.some((cell) => cell));
  }

  function headerOf(row) {
    const named = row.map(headingOf);
    const known = named.filter((each) => each.column).length;
    return known >= Math.min(2, row.filter(Boolean).length) && known > 0 ? named : null;
  }

  function paste(rows, start, first) {
    const heading = headerOf(rows[0]);
    // One cell that is called like another column is data: a line may be named 金额.
    const named = rows[0].length === 1 && heading?.[0].column !== columns[first] ? null : heading;
    const wanted = named?.map((each) => each.column) ?? columns.slice(first);
    const filled = named ? rows.slice(1) : rows;
    // What decides the amount is never guessed: without its column the form asks.
    const asked = named ? ["kind", "category"].filter((column) => !wanted.includes(column)) : [];
    const lost = new Set();
    let marked = 0;
    let taken = 0;
    let sums = 0;
    for (const cells of filled) {
      if (cells.some((text) => sumNames.has(key(text).replace(/[:：]$/, "")))) {
        sums += 1;
        continue;
      }
      const row = body.rows[start + taken] ?? addRow();
      if (!row) {
        break;
      }
      taken += 1;
      cells.forEach((text, place) => {
        const column = wanted[place];
        if (column) {
          const whole = withUnit(text, named?.[place].unit);
          marked += fill(fieldOf(row, column), column, whole) ? 0 : 1;
        } else if (text) {
          lost.add(named ? rows[0][place] || text : text);
        }
      });
      for (const column of asked) {
        marked += fill(fieldOf(row, column), column, "") ? 0 : 1;
      }
    }
    const sentences = [said(words.taken, { count: taken, marked })];
    if (lost.size) {
      sentences.push(said(words.columns, { text: [...lost].slice(0, 10).join(", ") }));
    }
    if (sums) {
      sentences.push(said(words.sums, { count: sums }));
    }
    if (taken + sums < filled.length) {
      sentences.push(said(words.rows, { most, count: filled.length - taken - sums }));
    }
    status.textContent = sentences.join(" ");
    changed();
  }

  table.addEventListener("paste", (event) => {
    const cell = event.target.closest("td");
    const text = event.clipboardData.getData("text/plain");
    const rows = cellsOf(text);
    const first = cell ? cell.cellIndex : -1;
    if (!rows.length || first < 0 || first >= columns.length) {
      return;
    }
    const alone = rows.length === 1 && rows[0].length === 1;
    if (alone && ["name", "code"].includes(columns[first])) {
      return;
    }
    event.preventDefault();
    paste(rows, cell.parentElement.sectionRowIndex, first);
  });

  // --- By keyboard and mouse ----------------------------------------------------------------------

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tbody td");
    if (event.key !== "Enter" || event.isComposing || !cell || event.target.tagName !== "INPUT") {
      return;
    }
    event.preventDefault();
    const row = cell.parentElement;
    const below = body.rows[row.sectionRowIndex + 1];
    const next = below ? below.cells[cell.cellIndex] : addRow()?.cells[0];
    next?.querySelector("select, input")?.focus();
  });

  table.addEventListener("input", (event) => unmark(event.target));

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-line]")) {
      addRow()?.querySelector("select, input").focus();
      return;
    }
    const unread = event.target.closest("[data-unread]");
    if (unread) {
      const field = unread.closest("td").querySelector("[name]");
      unmark(field);
      field.focus();
      return;
    }
    const removed = event.target.closest("[data-remove-line]");
    if (removed) {
      const row = removed.closest("tr");
      const near = row.nextElementSibling ?? row.previousElementSibling ?? addRow();
      row.remove();
      renumber();
      near.querySelector("select, input").focus();
      changed();
    }
  });

  renumber();

  form.addEventListener("submit", (event) => {
    const unread = table.querySelector("[data-unread]");
    if (unread) {
      event.preventDefault();
      status.textContent = words.open;
      unread.closest("td").querySelector("[name]").focus();
    }
  });
})();
