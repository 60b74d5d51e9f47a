// − and + change the number at once. Without this file they are plain submit buttons.
// Inside [data-live] the new quantity is sent in the background; elsewhere the form is sent after a pause.
const waiting = new WeakMap();

function show(name, text) {
  for (const el of document.querySelectorAll(`[data-basket-${name}]`)) el.textContent = text;
}

async function send(form) {
  const input = form.querySelector("input[type=number]");
  if (!form.closest("[data-live]")) return form.requestSubmit();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw answer;
    const basket = await answer.json();
    input.value = basket.quantity;
    form.classList.remove("is-dirty");
    form.closest("[data-live] > *, li")?.classList.toggle("is-in", basket.quantity > 0);
    show("total", basket.total);
    show("count", basket.count);
    show("said", basket.message);
  } catch {
    form.submit();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".step button[name=d]");
  if (!button) return;
  const box = button.closest(".step");
  const input = box.querySelector("input[type=number]");
  event.preventDefault();
  if (Number(button.value) > 0) input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  if (box.tagName !== "FORM") return;
  clearTimeout(waiting.get(box));
  waiting.set(box, setTimeout(send, 600, box));
});

document.addEventListener("input", (event) => {
  event.target.closest(".step")?.classList.add("is-dirty");
});

document.addEventListener("change", (event) => {
  const box = event.target.closest("form.step");
  if (box?.closest("[data-live]")) send(box);
});
