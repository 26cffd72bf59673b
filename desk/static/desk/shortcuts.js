// The keys of the desk (agency/shortcuts.py): an element says in data-keys which of them press it. Where two do, the
// later one is the page's own. A key that is pressed alone is left to whoever types, chooses, or works in a dialog.
(() => {
  const OFF = "desk-single-keys-off";

  function isTaken(target) {
    return target.closest("input, textarea, select, [contenteditable=true], [role=combobox], dialog[open]") !== null;
  }

  function pressed(event) {
    const key = event.key.toLowerCase();
    return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.altKey || event.isComposing || event.repeat) {
        return;
      }
      const key = pressed(event);
      const isAlone = !key.includes("+") || key === "+";
      if (isAlone && (isTaken(event.target) || localStorage.getItem(OFF) || document.querySelector("dialog[open]"))) {
        return;
      }
      const meant = [...document.querySelectorAll("[data-keys]")].filter((each) => each.dataset.keys.split(" ").includes(key));
      const element = meant.at(-1);
      if (element) {
        event.preventDefault();
        // A list's own field would take the slash as well.
        event.stopPropagation();
        element.click();
      }
    },
    true,
  );

  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-single-keys]");
    if (choice) {
      choice.checked = !localStorage.getItem(OFF);
      choice.addEventListener("change", () => {
        if (choice.checked) {
          localStorage.removeItem(OFF);
        } else {
          localStorage.setItem(OFF, "1");
        }
      });
    }
    // A decision is written at once; whoever only agrees sends it from here as well.
    document.querySelector("[data-decision] textarea")?.focus();
  });
})();
