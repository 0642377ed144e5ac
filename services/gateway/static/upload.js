// Progress of an upload. The form is sent as it is; its answer takes the place of the page, at the address that it came from.
// Where sending fails, the browser sends the form itself and says why.
"use strict";

function shown(form) {
  const line = document.createElement("p");
  const bar = document.createElement("progress");
  const id = `${form.elements.file.id}-progress`;
  line.setAttribute("role", "status");
  line.className = "hint";
  line.id = id;
  line.textContent = form.dataset.upload;
  bar.max = 100;
  bar.setAttribute("aria-labelledby", id);
  form.append(line, bar);
  return (part) => {
    bar.value = Math.round(part * 100);
    line.textContent = `${form.dataset.upload} ${bar.value}%`;
  };
}

function answered(request, place) {
  history.replaceState(null, "", request.responseURL);
  document.open();
  document.write(request.responseText);
  document.close();
  // A redirect leads to a place in the page, which a script is not shown.
  if (request.status < 400 && place) location.replace(`#${place}`);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    const report = shown(form);
    const buttons = form.querySelectorAll("button");
    const content = new FormData(form);
    for (const button of buttons) button.disabled = true;
    request.upload.addEventListener("progress", (at) => at.lengthComputable && report(at.loaded / at.total));
    request.addEventListener("load", () => answered(request, form.dataset.place));
    request.addEventListener("error", () => {
      for (const button of buttons) button.disabled = false;
      form.submit();
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(content);
  });
}
