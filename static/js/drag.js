/* Moving a meeting by dragging its chip to another day. The drop saves nothing: it asks the server what would
   change and shows the answer, where a person saves or leaves it. The keyboard's way is the same form. */
(function () {
  "use strict";
  let chip = null;
  const cellOf = (node) => (node.closest ? node.closest("[data-day]") : null);
  const clear = () => document.querySelectorAll(".is-drop, .is-drop-bad").forEach((cell) => cell.classList.remove("is-drop", "is-drop-bad"));

  document.addEventListener("dragstart", (event) => {
    chip = event.target.closest('[draggable="true"][data-move-url]');
    if (!chip) return;
    chip.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.textContent.trim());
  });
  document.addEventListener("dragend", () => {
    if (chip) chip.classList.remove("is-dragged");
    chip = null;
    clear();
  });
  document.addEventListener("dragover", (event) => {
    const cell = cellOf(event.target);
    if (!chip || !cell || "noDrop" in cell.dataset) return;
    event.preventDefault();
    if (!cell.classList.contains("is-drop")) {
      clear();
      cell.classList.add("is-drop");
      if (cell.classList.contains("is-off")) cell.classList.add("is-drop-bad");
    }
  });
  document.addEventListener("drop", (event) => {
    const cell = cellOf(event.target);
    if (!chip || !cell) return;
    event.preventDefault();
    clear();
    if (chip.closest("[data-day]") === cell) return;
    window.htmx.ajax("POST", chip.dataset.moveUrl, {
      source: chip,
      target: chip.dataset.moveTarget || "#panel-body",
      swap: "innerHTML",
      values: { day: cell.dataset.day },
    });
  });
})();
