/* The order of the pool: buttons and the mouse move a row and number the rows anew; the order is kept at once.
   Without script the numbers are typed and a button keeps them. */
(function () {
  "use strict";
  const list = document.querySelector("[data-pool]");
  if (!list) return;
  const number = () => Array.from(list.children).forEach((row, index) => {
    const box = row.querySelector("input[type=number]");
    if (box) box.value = String(index + 1);
  });
  const form = list.closest("form");
  const told = form.querySelector("[data-order-state]");
  let waiting = 0;
  let saving = Promise.resolve();
  const save = async () => {
    try {
      const answer = await fetch(form.dataset.orderUrl, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      const said = await answer.json();
      if (answer.ok) form.querySelector("[name=version]").value = said.version;
      told.textContent = said.text;
    } catch (error) {
      told.textContent = form.dataset.orderLost;
    }
  };
  const keep = () => {
    if (!form.dataset.orderUrl) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => { saving = saving.then(save); }, 400);
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    const row = button.closest(".pool-row");
    const other = "up" in button.dataset ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if ("up" in button.dataset) list.insertBefore(row, other); else list.insertBefore(other, row);
    number();
    button.focus();
    keep();
  });
  list.addEventListener("change", (event) => {
    if (event.target.matches("[name=issue]")) keep();
    if (!event.target.matches("input[type=number]")) return;
    const rows = Array.from(list.children);
    const moved = event.target.closest(".pool-row");
    const wanted = Math.min(Math.max(Number(event.target.value) || 1, 1), rows.length);
    const rest = rows.filter((row) => row !== moved);
    rest.splice(wanted - 1, 0, moved);
    list.append(...rest);
    number();
    keep();
  });
  let moving = null;
  list.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".pool-row");
    if (!row) return;
    moving = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.querySelector("[name=row]").value);
    row.classList.add("is-moving");
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest?.(".pool-row");
    if (!moving || !row) return;
    event.preventDefault();
    if (row === moving) return;
    const box = row.getBoundingClientRect();
    list.insertBefore(moving, event.clientY < box.top + box.height / 2 ? row : row.nextElementSibling);
  });
  list.addEventListener("drop", (event) => { if (moving) event.preventDefault(); });
  list.addEventListener("dragend", () => {
    if (!moving) return;
    moving.classList.remove("is-moving");
    moving = null;
    number();
    keep();
  });
})();
