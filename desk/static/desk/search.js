// The search of the whole office: a dialog that asks while somebody types. Its results are links, so that a new tab, the
// middle button and screen readers work as everywhere.
const PAUSE = 120;

document.addEventListener("DOMContentLoaded", () => {
  const dialog = document.getElementById("desk-search");
  if (!dialog) {
    return;
  }
  const form = dialog.querySelector("form");
  const input = form.elements.words;
  const found = document.getElementById("desk-search-found");
  const failed = dialog.querySelector(".desk-search-failed");
  let timer;
  let asked = new AbortController();

  async function ask() {
    asked.abort();
    asked = new AbortController();
    try {
      const body = new FormData(form);
      const response = await fetch(form.action, { method: "POST", body, signal: asked.signal });
      failed.hidden = response.ok && !response.redirected;
      if (failed.hidden) {
        found.innerHTML = await response.text();
      }
    } catch (error) {
      failed.hidden = error.name === "AbortError";
    }
  }

  function open() {
    if (!dialog.open) {
      dialog.showModal();
    }
    input.select();
  }

  function move(step) {
    const links = [...found.querySelectorAll("a")];
    const next = links.indexOf(document.activeElement) + step;
    (links[next] ?? (next < 0 ? input : links.at(-1)))?.focus();
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    ask().then(() => found.querySelector("a")?.click());
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  document.querySelectorAll("[data-opens=desk-search]").forEach((button) => button.addEventListener("click", open));
});
