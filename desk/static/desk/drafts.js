// What was typed into a form is not lost: leaving a changed one asks first, and what was begun is kept in this tab until it is
// sent, for the same person at the same address. Numbers of persons are never kept, nor are passwords and files.
(() => {
  const PREFIX = "desk-draft:";
  const SENT = "desk-draft-sent";
  const UNKEPT = ["hidden", "password", "file", "submit", "button", "reset"];
  // As long as the shortest number of a document, a phone or an account.
  const LIKE_A_NUMBER_OF_A_PERSON = /(?:\d[\s-]?){11,}/;
  const PAUSE = 300;

  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !UNKEPT.includes(field.type) && !field.disabled);
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const textOf = (field) => (field.tagName === "SELECT" ? [...field.selectedOptions].map((each) => each.text).join(" ") : "");

  function stateOf(field) {
    return isTicked(field) ? `${field.value}:${field.checked}` : [...(field.selectedOptions ?? [field])].map((each) => each.value).join(",");
  }

  // Everything, to see whether it was changed; it stays in the page.
  const allOf = (form) => JSON.stringify(fieldsOf(form).map((field) => [field.name, stateOf(field)]));

  function keptOf(form) {
    return fieldsOf(form)
      .map((field) => ({ name: field.name, value: field.value, text: textOf(field), ticked: isTicked(field) && field.checked, field }))
      .filter(({ field, value, text }) => !("unkept" in field.dataset) && !LIKE_A_NUMBER_OF_A_PERSON.test(`${value} ${text}`))
      .map(({ field, ...kept }) => kept);
  }

  function drafts() {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  }

  function put(field, kept) {
    if (isTicked(field)) {
      field.checked = kept.ticked;
    } else {
      if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === kept.value)) {
        field.append(new Option(kept.text, kept.value));
      }
      field.value = kept.value;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function restore(form, fields) {
    const add = form.querySelector("[data-add-line]");
    const missing = (kept) => !form.elements.namedItem(kept.name);
    for (let left = fields.length; add && left > 0 && fields.some(missing); left -= 1) {
      add.click();
    }
    for (const kept of fields) {
      const same = [...form.elements].filter((field) => field.name === kept.name);
      const field = same.length > 1 ? same.find((each) => each.value === kept.value) : same[0];
      if (field) {
        put(field, kept);
      }
    }
  }

  // A form that was accepted leads on to another address. One that was not comes back with what was sent; where somebody
  // has to sign in first, it was never read.
  function forgetSent(user, form) {
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    const wasLedOn = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
    if (sent && user && (wasLedOn || form?.dataset.unsaved === "sent")) {
      sessionStorage.removeItem(sent);
    }
  }

  function timeOf(at) {
    const then = new Date(at);
    const isToday = then.toDateString() === new Date().toDateString();
    const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
    return then.toLocaleString(document.documentElement.lang, isToday ? clock : { ...clock, month: "short", day: "numeric" });
  }

  function offer(form, draft, key) {
    const place = form.querySelector("[data-draft-offer]");
    place.querySelector("[data-draft-time]").textContent = timeOf(draft.at);
    place.hidden = false;
    place.querySelector("[data-draft-restore]").addEventListener("click", () => {
      place.hidden = true;
      restore(form, draft.fields);
    });
    place.querySelector("[data-draft-discard]").addEventListener("click", () => {
      place.hidden = true;
      sessionStorage.removeItem(key);
    });
  }

  function keep(form, isChanged) {
    const key = `${PREFIX}${form.dataset.draft}:${location.pathname}${location.search}`;
    const draft = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (draft && form.dataset.unsaved !== "sent") {
      offer(form, draft, key);
    }
    let timer;
    function save() {
      clearTimeout(timer);
      if (isChanged()) {
        sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: keptOf(form) }));
      }
    }
    for (const event of ["input", "change"]) {
      form.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(save, PAUSE);
      });
    }
    window.addEventListener("submit", (event) => {
      if (event.target === form && !event.defaultPrevented) {
        save();
        sessionStorage.setItem(SENT, key);
      }
    });
  }

  // Once everything that fills fields in has run.
  window.addEventListener("load", () => {
    const user = document.querySelector("[data-user]")?.dataset.user;
    const form = document.querySelector("form[data-unsaved]");
    forgetSent(user, form);
    if (user) {
      drafts()
        .filter((key) => !key.startsWith(`${PREFIX}${user}:`))
        .forEach((key) => sessionStorage.removeItem(key));
    }
    document.getElementById("logout-form")?.addEventListener("submit", () => drafts().forEach((key) => sessionStorage.removeItem(key)));
    if (!form) {
      return;
    }
    const begun = form.dataset.unsaved === "sent" ? "" : allOf(form);
    const isChanged = () => allOf(form) !== begun;
    window.addEventListener("beforeunload", (event) => {
      if (isChanged() && !("sent" in form.dataset)) {
        event.preventDefault();
      }
    });
    if (form.dataset.draft) {
      keep(form, isChanged);
    }
  });
})();
