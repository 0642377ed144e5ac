// The page of a step: what an officer writes is saved while they write, and is there when they come back. Without this script
// nothing is saved before a button is pressed.
"use strict";

const form = document.querySelector("form[data-keep]");
const saved = document.getElementById("saved");
let waiting = 0;
let isTouched = false;

async function save() {
  clearTimeout(waiting);
  if (!isTouched) return;
  isTouched = false;
  let found = { message: form.dataset.offline };
  let isSaved = false;
  try {
    const answer = await fetch(form.dataset.keep, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      keepalive: true,
      signal: AbortSignal.timeout(10000),
    });
    found = await answer.json();
    isSaved = answer.ok;
  } catch {
    isTouched = true;
    waiting = setTimeout(save, 5000);
  }
  saved.textContent = found.message || found.detail || found.title;
  saved.classList.toggle("wrong", !isSaved);
}

// A page without a text has nothing that would be hard to choose again.
if (form && form.querySelector("textarea")) {
  form.addEventListener("input", () => {
    isTouched = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 1500);
  });
  // The button sends what was typed: it is not saved beside that.
  form.addEventListener("submit", () => {
    isTouched = false;
    clearTimeout(waiting);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}
