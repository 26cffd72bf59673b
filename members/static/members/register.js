// Sex and date of birth are asked for where the document's number does not say them. Until something is typed that is so
// by kind; a foreigner's card of before 2023 begins with letters, and its number says neither in full.
(() => {
  const kind = document.getElementById("id_document_kind");
  const number = document.getElementById("id_identity_number");
  const asked = ["id_sex", "id_birth_date"].map((id) => document.getElementById(id));
  const telling = kind.dataset.telling.split(" ");

  function ask() {
    const isTold = telling.includes(kind.value) && !/^\s*\p{L}/u.test(number.value);
    for (const field of asked) {
      field.closest(".group").style.display = isTold ? "none" : "";
      // What nobody sees is not sent.
      field.disabled = isTold;
    }
  }

  kind.addEventListener("change", ask);
  number.addEventListener("input", ask);
  // The browser fills in again what was typed before somebody went back.
  window.addEventListener("pageshow", ask);
  ask();
})();
