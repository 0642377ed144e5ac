// The queue by keyboard: j and k go to the next and the previous case, Enter opens it as it opens every link. Keys that
// are typed into a field, or pressed with another key, are left alone.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  event.preventDefault();
});
