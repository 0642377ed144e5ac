// A topic of a form: fields that do not apply are hidden, and what is entered is saved as it is entered. Without this
// script every field stands there with its condition in words, and the buttons save.
"use strict";

const form = document.querySelector("form[data-autosave]");

function answers(name) {
  const found = form.elements[name];
  if (!found) return null;
  return found instanceof RadioNodeList ? found.value : found.value.trim();
}

// A field of another page keeps its condition in words: what it depends on cannot be seen here.
function holds(condition) {
  const answer = answers(condition.field);
  if (answer === null) return true;
  if (condition.empty) return answer === "";
  return condition.values.includes(answer) !== condition.not;
}

// Options that an earlier answer leaves. One that is chosen already stays, and the service says what is wrong with it.
function offerWhatFits() {
  for (const field of form.querySelectorAll("[data-lists]")) {
    const { field: other, lists } = JSON.parse(field.dataset.lists);
    const fitting = lists[answers(other)];
    for (const option of field.options)
      option.hidden = Boolean(fitting && option.value && !option.selected && !fitting.includes(option.value));
  }
}

function showWhatApplies() {
  offerWhatFits();
  for (const field of form.querySelectorAll("[data-when]")) {
    const groups = JSON.parse(field.dataset.when);
    const isSeen = groups.flat().every((condition) => answers(condition.field) !== null);
    const text = field.querySelector("[data-condition]");
    if (text) text.hidden = isSeen;
    field.hidden = !groups.some((group) => group.every(holds)) && !field.querySelector("[aria-invalid]");
  }
}

const saved = document.getElementById("saved");
let waiting = 0;
let isSaving = false;
let isChanged = false;
let isTouched = false;
let isOffline = false;
let pressed = null;
const changed = new Set();

function say(text, isProblem) {
  saved.textContent = text;
  saved.classList.toggle("wrong", isProblem);
}

function drop(list, name) {
  const field = document.getElementById(name);
  list.remove();
  if (!field) return;
  field.removeAttribute("aria-invalid");
  const ids = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== list.id);
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

function add(field, name, texts) {
  const list = document.createElement("ul");
  list.className = "wrong";
  list.id = `${name}-wrong`;
  for (const text of texts) list.appendChild(document.createElement("li")).textContent = text;
  if (field.matches("fieldset")) field.querySelector("legend").after(list);
  else (field.closest(".affixed, .with-button") || field).before(list);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${list.id}`.trim());
  field.setAttribute("aria-invalid", "true");
}

// The mistakes that the last saving found, at their fields. What the page itself said of a field stays until it is changed.
function showMistakes(found) {
  for (const list of form.querySelectorAll("ul.wrong[id$='-wrong']")) {
    const name = list.id.slice(0, -"-wrong".length);
    if (changed.has(name) || name in found) drop(list, name);
  }
  for (const [name, texts] of Object.entries(found)) {
    const field = document.getElementById(name);
    if (field) add(field, name, texts);
  }
}

async function save() {
  if (isSaving) return;
  isSaving = true;
  isChanged = isTouched = false;
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
      signal: AbortSignal.timeout(10000),
    });
    const found = await answer.json();
    isOffline = false;
    if (answer.ok) {
      form.elements.base.value = found.base;
      const others = Object.entries(found.others).map(([name, text]) => [name, [text]]);
      showMistakes({ ...found.errors, ...Object.fromEntries(others) });
    }
    say(found.message || found.detail || found.title, !answer.ok || !found.complete);
  } catch {
    isChanged = isTouched = isOffline = true;
    say(form.dataset.offline, true);
  }
  isSaving = false;
  if (pressed) {
    const { button } = pressed;
    pressed = null;
    form.requestSubmit(button);
    return;
  }
  if (isChanged) saveSoon(isOffline ? 5000 : 400);
}

function saveSoon(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(save, milliseconds);
}

form.addEventListener("change", (event) => {
  isChanged = true;
  changed.add(event.target.name);
  showWhatApplies();
  saveSoon(400);
});
form.addEventListener("input", () => {
  isTouched = true;
  showWhatApplies();
});
// A button that is pressed while something is being saved waits for it: the next page is made from what is kept then, and
// would report it as somebody else's otherwise.
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if (isSaving) {
    event.preventDefault();
    pressed = { button: event.submitter };
  }
  // The button sends what was typed: it is not saved beside that while the page goes away.
  isTouched = false;
});
// What stands in a field that the reader has not left yet is saved when the page is hidden: another tab, a closed phone.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && isTouched) save();
});
showWhatApplies();
