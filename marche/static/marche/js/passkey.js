// <form data-passkey="create|get">: its button asks the browser for a passkey and sends what it says in "credential".
// The options stand as JSON in #passkey-options; bytes travel as base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list = []) => list.map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(kind, { publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (kind === "get") return navigator.credentials.get({ publicKey: { ...options, allowCredentials: known(publicKey.allowCredentials) } });
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  return navigator.credentials.create({ publicKey: { ...options, user, excludeCredentials: known(publicKey.excludeCredentials) } });
}

function plain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const { id, type } = credential;
  return { id, type, rawId: text(credential.rawId), response, clientExtensionResults: credential.getClientExtensionResults() };
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  const button = form.querySelector("button"), failed = form.querySelector("[data-failed]");
  const options = Object.values(JSON.parse(document.getElementById("passkey-options").textContent))[0];
  form.querySelector("[data-unable]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(plain(await ask(form.dataset.passkey, options)));
      form.submit();
    } catch { // refused, cancelled, or no key was there
      failed.hidden = false;
    }
  });
}
