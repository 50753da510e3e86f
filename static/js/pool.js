/* The order of the pool: buttons move a row and number the rows anew. Without script the numbers are typed. */
(function () {
  "use strict";
  const list = document.querySelector("[data-pool]");
  if (!list) return;
  const number = () => Array.from(list.children).forEach((row, index) => {
    const box = row.querySelector("input[type=number]");
    if (box) box.value = String(index + 1);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    const row = button.closest(".pool-row");
    const other = "up" in button.dataset ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if ("up" in button.dataset) list.insertBefore(row, other); else list.insertBefore(other, row);
    number();
    button.focus();
  });
  list.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=number]")) return;
    const rows = Array.from(list.children);
    const moved = event.target.closest(".pool-row");
    const wanted = Math.min(Math.max(Number(event.target.value) || 1, 1), rows.length);
    const rest = rows.filter((row) => row !== moved);
    rest.splice(wanted - 1, 0, moved);
    list.append(...rest);
    number();
  });
})();
