// Passkeys: a button asks the device, and its answer goes into the form. Nothing is kept, no cookie is read.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const coded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// WebAuthn's JSON form, written out: not every browser in use has parseRequestOptionsFromJSON and toJSON.
function parsed(options) {
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const plain = { ...options, challenge: bytes(options.challenge) };
  if (options.user) plain.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) plain.allowCredentials = known(options.allowCredentials);
  if (options.excludeCredentials) plain.excludeCredentials = known(options.excludeCredentials);
  return plain;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = coded(credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: coded(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function asked() {
  const answer = await fetch("/session/passkey/options", { method: "POST" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).public_key;
}

async function answered(form) {
  if (form.dataset.passkey === "create")
    return navigator.credentials.create({ publicKey: parsed(JSON.parse(form.dataset.options)) });
  return navigator.credentials.get({ publicKey: parsed(await asked()) });
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const told = form.querySelector("[role=status]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.hidden = true;
    try {
      form.elements.passkey.value = written(await answered(form));
    } catch {
      told.textContent = form.dataset.failed;
      told.hidden = false;
      return;
    }
    form.submit();
  });
}

// Passwords that are chosen can be made readable; they are hidden again before the form is sent.
for (const button of document.querySelectorAll("button[data-show-passwords]")) {
  const fields = [...button.form.querySelectorAll("input[type=password]")];
  const words = [button.textContent, button.dataset.hide];
  const show = (shown) => {
    for (const field of fields) field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = words[Number(shown)];
  };
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-pressed") !== "true"));
  button.form.addEventListener("submit", () => show(false));
}
