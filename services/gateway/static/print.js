// The button that prints a page. Without scripts it stays hidden, and the browser's own menu prints.
"use strict";

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
