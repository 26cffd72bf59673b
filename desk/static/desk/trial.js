// What the claim would come to (试算), asked for anew a moment after somebody stopped typing.
(() => {
  const panel = document.querySelector("[data-try]");
  if (!panel) {
    return;
  }
  const form = panel.closest("form");
  const PAUSE = 500;
  let timer = 0;
  let asked = null;

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    panel.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(panel.dataset.try, {
        method: "POST",
        body: new FormData(form),
        signal: asked.signal,
      });
      panel.innerHTML = response.ok ? await response.text() : "";
      panel.hidden = !response.ok;
      panel.setAttribute("aria-busy", "false");
    } catch (error) {
      // Somebody typed on, or the network is away; the next answer is shown.
      if (error.name !== "AbortError") {
        panel.hidden = true;
      }
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // Search fields tell only jQuery that something was chosen.
  window.django?.jQuery?.(form).on("select2:select select2:unselect select2:clear", later);
  ask();
})();
