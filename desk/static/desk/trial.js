// What the claim would come to (试算), asked for anew a moment after somebody stopped typing. A screen reader is told the
// one sentence that the answer marks, and not every table of it.
(() => {
  const panel = document.querySelector("[data-try]");
  if (!panel) {
    return;
  }
  const form = panel.closest("form");
  const spoken = document.getElementById("try-spoken");
  const untried = document.getElementById("try-failed");
  const PAUSE = 500;
  let timer = 0;
  let asked = null;

  function show(answer) {
    panel.innerHTML = answer;
    panel.setAttribute("aria-busy", "false");
    const sentence = panel.querySelector("[data-spoken]")?.textContent.trim() ?? "";
    if (spoken.textContent !== sentence) {
      spoken.textContent = sentence;
    }
  }

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
      // Whoever is no longer logged in is led to the login page, which is no answer.
      const ours = response.ok && !response.redirected;
      show(ours ? await response.text() : untried.innerHTML);
    } catch (error) {
      // Somebody typed on: the next answer is shown. Otherwise the network is away.
      if (error.name !== "AbortError") {
        show(untried.innerHTML);
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
