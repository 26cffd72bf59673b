// htmx writes no styles into the page and evaluates no text; the policy of the site would refuse the first.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;

// Icons are letters of a font: a screen reader would read their names aloud beside the words they stand for.
function hideIcons(root) {
  root.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.setAttribute("aria-hidden", "true"));
}

// An icon alone is called after the choices that it opens.
function nameByMenu(opener) {
  const icon = opener.querySelector(".material-symbols-outlined");
  const choices = opener.nextElementSibling;
  if (icon && choices && opener.textContent.trim() === icon.textContent.trim()) {
    const words = [...choices.querySelectorAll("span")].filter((each) => !each.closest(".material-symbols-outlined"));
    opener.setAttribute("aria-label", words.map((word) => word.textContent.trim()).join(" / "));
  }
}

// Menus and the filters open by a link that leads nowhere: a keyboard neither reaches nor presses it.
function openByKeyboard(root) {
  root.querySelectorAll("a[x-on\\:click]:not([href])").forEach((opener) => {
    opener.tabIndex = 0;
    opener.setAttribute("role", "button");
    nameByMenu(opener);
    opener.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        opener.click();
      }
    });
  });
}

// The mark above the sidebar is an icon alone: it is called like the site, whose name ends every title.
function nameMark() {
  const mark = document.querySelector("#nav-sidebar a:has(> .material-symbols-outlined:only-child)");
  mark?.setAttribute("aria-label", document.title.split("|").at(-1).trim());
}

document.addEventListener("DOMContentLoaded", () => {
  hideIcons(document);
  nameMark();
  openByKeyboard(document);
  const search = document.getElementById("searchbar");
  if (search) {
    search.setAttribute("aria-label", search.placeholder);
    document.getElementById("searchbar-submit").setAttribute("aria-label", search.placeholder);
  }
});
document.addEventListener("htmx:load", (event) => hideIcons(event.detail.elt));

// A form that was sent is not sent again by a second press. It listens last: what another script or the browser held back
// was not sent. A page that comes back from the browser's memory can send again; so can one that is still there after a
// while, because the answer was a file or somebody stopped it.
const STILL_HERE = 15000;

function release(form) {
  delete form.dataset.sent;
}

window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.target === "_blank") {
    return;
  }
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  setTimeout(release, STILL_HERE, form);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("form[data-sent]").forEach(release);
  }
});

// A search field is named by its label, or as the field itself says, also once select2 has put its boxes in its place,
// whenever it does.
function nameBoxes() {
  document.querySelectorAll("select.select2-hidden-accessible").forEach((field) => {
    const names = field.hasAttribute("aria-label") ? field : document.querySelector(`label[for="${field.id}"]`);
    if (names) {
      names.id ||= `${field.id}_label`;
      const boxes = field.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]");
      boxes?.forEach((box) => {
        const shown = box.getAttribute("role") === "combobox" ? box.querySelector("[role=textbox]")?.id : "";
        box.setAttribute("aria-labelledby", shown ? `${names.id} ${shown}` : names.id);
      });
    }
  });
}
document.addEventListener("DOMContentLoaded", () => {
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
});

// The columns that a list shows travel as one word of its address.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-columns]");
  if (form) {
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const shown = boxes.filter((box) => box.checked).map((box) => box.value);
    form.elements.columns.disabled = shown.length === boxes.length;
    form.elements.columns.value = shown.join(",") || "-";
  }
});

// A menu that was opened closes when the reader goes on elsewhere.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.desk-tool[open]").forEach((menu) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
});
