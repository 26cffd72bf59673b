// Parts of a form that are idle while another field has a value are hidden as long as it has one: data-unless="member".
(() => {
  const parts = document.querySelectorAll("[data-unless]");
  const form = parts[0]?.closest("form");
  if (!form) {
    return;
  }

  function show() {
    for (const part of parts) {
      part.hidden = Boolean(form.elements[part.dataset.unless]?.value);
    }
  }

  form.addEventListener("change", show);
  // Search fields tell only jQuery that something was chosen.
  window.django?.jQuery?.(form).on("select2:select select2:unselect select2:clear", show);
  show();
})();
