// Progress of a file, as the service reports it. When the work is done, the page is loaded again and shows its outcome.
// Without scripts a link loads the page again.
"use strict";

const WORKING = ["reading", "checking", "filing"];

// The check of a ZIP reports nothing by itself: its page looks again, and is loaded again once it says something else.
async function lookAgain() {
  const text = await fetch(location.href)
    .then((answer) => answer.text())
    .catch(() => "data-again");
  if (text.includes("data-again")) setTimeout(lookAgain, 3000);
  else location.reload();
}

if (document.querySelector("[data-again]")) setTimeout(lookAgain, 3000);

for (const place of document.querySelectorAll("[data-events]")) {
  const bar = place.querySelector("progress");
  const line = place.querySelector("p");
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const began = place.dataset.state;
  const events = new EventSource(place.dataset.events);
  // A refusal ends the stream for good, anything else is tried again by the browser.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
  events.addEventListener("progress", (event) => {
    const seen = JSON.parse(event.data);
    if (!WORKING.includes(seen.state) || seen.state !== began) {
      events.close();
      location.reload();
      return;
    }
    if (!seen.rows) return;
    bar.max = seen.rows;
    bar.value = seen.done;
    line.textContent = place.dataset.text.replace("{done}", number(seen.done)).replace("{rows}", number(seen.rows));
  });
}
