// The order of pages that were made of pictures: dragged, or moved by its buttons without loading the page again. The
// numbers beside the pages are what is sent.
"use strict";

{
  function numbered(list) {
    const items = [...list.children];
    for (const [at, item] of items.entries()) {
      item.querySelector("[name=place]").value = at + 1;
      const [up, down] = item.querySelectorAll("button");
      up.disabled = at === 0;
      down.disabled = at === items.length - 1;
    }
  }

  for (const form of document.querySelectorAll("form[data-pages]")) {
    const list = form.querySelector("ol");
    let moved = null;
    for (const item of list.children) {
      item.draggable = true;
      item.addEventListener("dragstart", (event) => {
        moved = item;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
      });
      item.addEventListener("dragend", () => (moved = null));
      item.addEventListener("dragover", (event) => {
        if (!moved) return;
        event.preventDefault();
        const { top, height } = item.getBoundingClientRect();
        if (moved !== item) item[event.clientY > top + height / 2 ? "after" : "before"](moved);
        numbered(list);
      });
      item.addEventListener("drop", (event) => event.preventDefault());
    }
    form.addEventListener("submit", (event) => {
      const [way, number] = event.submitter?.value.split(":") ?? [];
      if (!number) return;
      event.preventDefault();
      const item = event.submitter.closest("li");
      const other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
      other?.[way === "up" ? "before" : "after"](item);
      numbered(list);
      // A button at the end of the list cannot be pressed again, and would lose the focus.
      const [up, down] = item.querySelectorAll("button");
      (event.submitter.disabled ? [up, down].find((one) => !one.disabled) : event.submitter)?.focus();
    });
  }
}
