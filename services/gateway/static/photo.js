// The part of a photo to keep, chosen by hand: a frame over the picture, moved with finger or mouse, before it is sent or
// over the picture as it was sent. The fields beside it say the same in percent, and work without it. Closed, nothing is
// asked for.
"use strict";

function cropper(root) {
  const form = root.closest("form");
  const place = root.querySelector(".cropper");
  const sent = root.querySelector("img.whole");
  const [canvas, print] = place.querySelectorAll("canvas");
  const fields = ["left", "top", "width"].map((name) => form.elements[`${root.dataset.fields}_${name}`]);
  const { ratio, top, chin } = root.dataset;
  let picture = null;

  // How high a part is, in percent of the picture's height.
  const high = (width) => (width / ratio) * (picture.width / picture.height);
  const limit = (value, most) => Math.min(Math.max(value, 0), most);

  function part() {
    const [left, upper, width] = fields.map((field) => Number.parseFloat(field.value) || 0);
    return { left, top: upper, width };
  }

  function set({ left, top: upper, width }) {
    const wide = limit(width, Math.min(100, 100 / high(1)));
    const values = [limit(left, 100 - wide), limit(upper, 100 - high(wide)), wide];
    // Rounded down, so that the part never reaches beyond the picture.
    fields.forEach((field, at) => (field.value = (Math.floor(values[at] * 100) / 100).toString()));
    draw();
  }

  function whole() {
    const width = Math.min(100, 100 / high(1));
    set({ left: (100 - width) / 2, top: (100 - high(width)) / 3, width });
  }

  function box() {
    const { left, top: upper, width } = part();
    const x = (canvas.width * left) / 100;
    const wide = (canvas.width * width) / 100;
    return [x, (canvas.height * upper) / 100, wide, wide / ratio];
  }

  function guides(pen, [x, y, wide, tall]) {
    pen.beginPath();
    for (const at of [top, chin]) pen.rect(x, y + tall * at, wide, 0);
    pen.rect(x + wide / 2, y, 0, tall);
    pen.stroke();
  }

  function draw() {
    const pen = canvas.getContext("2d");
    const frame = box();
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    pen.fillStyle = "rgb(0 0 0 / 55%)";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const scale = picture.width / canvas.width;
    const source = frame.map((value) => value * scale);
    pen.drawImage(picture, ...source, ...frame);
    pen.strokeStyle = "white";
    pen.lineWidth = 2;
    pen.strokeRect(...frame);
    pen.setLineDash([6, 6]);
    guides(pen, frame);
    pen.setLineDash([]);
    pen.fillStyle = "white";
    pen.fillRect(frame[0] + frame[2] - 12, frame[1] + frame[3] - 12, 12, 12);
    print.getContext("2d").drawImage(picture, ...source, 0, 0, print.width, print.height);
  }

  async function show() {
    const source = sent ?? (root.open && form.elements.file.files[0]);
    place.hidden = true;
    if (!source) return;
    try {
      await sent?.decode();
      picture = await createImageBitmap(source);
    } catch {
      // A format that this browser does not show, as HEIC: the fields remain.
      return;
    }
    canvas.width = 480;
    canvas.height = Math.round((480 * picture.height) / picture.width);
    place.hidden = false;
    if (sent) sent.parentElement.hidden = true;
    if (part().width) set(part());
    else whole();
  }

  canvas.addEventListener("pointerdown", (event) => {
    const began = part();
    const { width, height } = canvas.getBoundingClientRect();
    const share = (at) => [(at.offsetX / width) * 100, (at.offsetY / height) * 100];
    const [x, y] = share(event);
    const corner = [began.left + began.width - x, began.top + high(began.width) - y];
    const resize = corner.every((off) => Math.abs(off) < began.width / 8);
    canvas.setPointerCapture(event.pointerId);
    canvas.onpointermove = (move) => {
      const [nowX, nowY] = share(move);
      if (resize) set({ ...began, width: Math.max(began.width + nowX - x, 5) });
      else set({ ...began, left: began.left + nowX - x, top: began.top + nowY - y });
    };
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (canvas.onpointermove = null));
  for (const field of fields) field.addEventListener("change", () => place.hidden || set(part()));
  if (sent) {
    show();
    return;
  }
  form.elements.file.addEventListener("change", () => {
    for (const field of fields) field.value = "";
    show();
  });
  root.addEventListener("toggle", () => {
    if (!root.open) for (const field of fields) field.value = "";
    show();
  });
}

for (const root of document.querySelectorAll("[data-ratio]")) cropper(root);
