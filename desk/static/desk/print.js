// Buttons that print the page they stand on, also those that arrive later.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});
