// Uploads: progress, several files, files that are dropped or pasted, and large ones in parts that go on after a break.
// The form is sent as it is; its answer takes the place of the page, at the address that it came from. Where sending
// fails, the browser sends the form itself and says why.
"use strict";

// In a block: the page that an answer makes runs this again, beside what it declares.
{
  const { parts: PARTS, waiting: WAITING } = document.body.dataset;
  // A smaller file is one part: there is nothing to go on with.
  const SMALLEST = 1024 * 1024;
  // Breaks in a row without a part that arrived, and parts that do not arrive although they were sent.
  const MOST_BREAKS = 30;
  const MOST_ROUNDS = 3;

  class Refused extends Error {}

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
      if (part === null) {
        line.textContent = WAITING;
        return;
      }
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

  function sendForm(form, content, report) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (at) => at.lengthComputable && report(at.loaded / at.total));
      request.addEventListener("load", () => resolve(request));
      request.addEventListener("error", reject);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "text/html");
      request.send(content);
    });
  }

  async function hashOf(file) {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function connectionBack(breaks) {
    return new Promise((resolve) => {
      const timer = setTimeout(back, Math.min(500 * 2 ** breaks, 10000));
      function back() {
        clearTimeout(timer);
        removeEventListener("online", back);
        resolve();
      }
      addEventListener("online", back);
    });
  }

  async function ask(form, path, asked) {
    const headers = { "X-CSRF-Token": new URL(form.action).searchParams.get("csrf_token") };
    if (asked) headers["Content-Type"] = "application/json";
    const options = { method: asked ? "POST" : "GET", headers, body: asked ? JSON.stringify(asked) : undefined };
    const answer = await fetch(`${PARTS}${path}`, options);
    if (answer.ok) return answer.json();
    throw answer.status < 500 && answer.status !== 429 ? new Refused() : new Error();
  }

  async function sendPart(part, url, file) {
    const body = new FormData();
    for (const [name, value] of Object.entries(part.fields)) body.append(name, value);
    body.append("file", file.slice(part.offset, part.offset + part.size));
    // The store's answer is not ours to read: it is asked afterwards what arrived.
    await fetch(url, { method: "POST", mode: "no-cors", body });
  }

  async function sendParts(form, file, report) {
    const asked = { file_name: file.name, size: file.size, sha256: await hashOf(file) };
    let [id, left, breaks, rounds] = [null, Infinity, 0, 0];
    for (;;) {
      try {
        const state = await (id ? ask(form, `/${id}`) : ask(form, "", asked));
        id = state.id;
        if (!state.missing.length) return id;
        if (state.missing.length < left) [breaks, rounds] = [0, 0];
        else if (rounds++ === MOST_ROUNDS) throw new Refused();
        left = state.missing.length;
        let sent = state.received;
        const until = Date.now() + state.seconds * 500;
        for (const part of state.missing) {
          report(sent / file.size);
          if (Date.now() > until) break;
          await sendPart(part, state.url, file);
          sent += part.size;
        }
      } catch (error) {
        if (error instanceof Refused || breaks++ === MOST_BREAKS) throw error;
        rounds = 0;
        report(null);
        await connectionBack(breaks);
      }
    }
  }

  async function contentOf(form, files, report) {
    const content = new FormData(form);
    content.delete("file");
    for (const [number, file] of files.entries()) {
      if (PARTS && form.dataset.parts && file.size > SMALLEST && window.crypto.subtle) {
        try {
          const part = (at) => report(at === null ? null : (number + at) / files.length);
          content.append("upload_id", await sendParts(form, file, part));
          continue;
        } catch {
          // As it would be without parts.
        }
      }
      content.append("file", file);
    }
    return content;
  }

  // Pictures are the pages of one document, and are sent together; other files one after the other.
  function together(form, files) {
    const pictures = files.every((file) => file.type.startsWith("image/") || /[.](heic|tiff?)$/i.test(file.name));
    return pictures || !form.dataset.several ? [files] : files.map((file) => [file]);
  }

  async function sendAll(form) {
    const report = shown(form);
    const buttons = form.querySelectorAll("button");
    const files = [...form.elements.file.files];
    for (const button of buttons) button.disabled = true;
    try {
      if (!files.length) return answered(await sendForm(form, new FormData(form), report), form.dataset.place);
      const sent = together(form, files);
      for (const [number, each] of sent.entries()) {
        const part = (at) => report(at === null ? null : (number + at) / sent.length);
        const request = await sendForm(form, await contentOf(form, each, part), part);
        if (request.status >= 400 || number === sent.length - 1) return answered(request, form.dataset.place);
      }
    } catch {
      for (const button of buttons) button.disabled = false;
      form.submit();
    }
  }

  function take(form, files) {
    const field = form.elements.file;
    const taken = new DataTransfer();
    for (const file of field.multiple ? files : files.slice(0, 1)) taken.items.add(file);
    field.files = taken.files;
    field.focus();
  }

  const forms = [...document.querySelectorAll("form[data-upload]")];
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendAll(form);
    });
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) take(form, [...event.dataTransfer.files]);
    });
  }
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const form = event.target.closest?.("form[data-upload]") ?? (forms.length === 1 ? forms[0] : null);
    if (!files.length || !form) return;
    event.preventDefault();
    take(form, files);
  });
}
