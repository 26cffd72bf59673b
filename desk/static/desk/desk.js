// Icons are letters of a font: a screen reader would read their names aloud beside the words they stand for.
function hideIcons(root) {
  root.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.setAttribute("aria-hidden", "true"));
}

// Menus and the filters open by a link that leads nowhere: a keyboard neither reaches nor presses it.
function openByKeyboard(root) {
  root.querySelectorAll("a[x-on\\:click]:not([href])").forEach((opener) => {
    opener.tabIndex = 0;
    opener.setAttribute("role", "button");
    opener.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        opener.click();
      }
    });
  });
}

document.addEventListener("DOMContentLoaded", () => {
  hideIcons(document);
  openByKeyboard(document);
  const search = document.getElementById("searchbar");
  if (search) {
    search.setAttribute("aria-label", search.placeholder);
    document.getElementById("searchbar-submit").setAttribute("aria-label", search.placeholder);
  }
});
document.addEventListener("htmx:load", (event) => hideIcons(event.detail.elt));

// A search field is named by its label, also once select2 has put its own box in the field's place.
window.addEventListener("load", () => {
  document.querySelectorAll("select.select2-hidden-accessible").forEach((field) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    const box = field.nextElementSibling?.querySelector("[role=combobox]");
    if (label && box) {
      label.id = `${field.id}_label`;
      box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby")}`);
    }
  });
});
