/* Rows of a day's sessions can be dragged by their first cell. The order is saved like everything else, by a button. */
"use strict";

const body = document.querySelector(".sessions tbody");
const order = document.querySelector('input[name="order"]');
const save = document.querySelector('button[value="drag-order"]');

/** The row of a session that an element stands in; a break belongs to the row before it. */
function sessionRow(element) {
  let row = element.closest?.("tr");
  while (row && !row.dataset.key) row = row.previousElementSibling;
  return row;
}

/** Lets the other rows know where the dragged one would stand. */
function over(event) {
  const row = sessionRow(event.target);
  if (!dragged || !row || row === dragged) return;
  event.preventDefault();
  const isBefore = dragged.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_PRECEDING;
  if (isBefore) row.before(dragged);
  else row.after(dragged);
}

let dragged = null;
if (body && order && save) {
  for (const row of body.querySelectorAll("tr[data-key]")) {
    row.querySelector(".c-order").draggable = true;
  }
  body.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".c-order") ? sessionRow(event.target) : null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  body.addEventListener("dragover", over);
  body.addEventListener("drop", (event) => event.preventDefault());
  body.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged = null;
    order.value = [...body.querySelectorAll("tr[data-key]")].map((row) => row.dataset.key).join(",");
    save.click();
  });
}
