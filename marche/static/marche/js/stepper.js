// − and + change the number at once and send it in the background. Without this file they are plain submit buttons.
// With the number that is wanted goes what the basket may hold as far as this page knows (`known`): what arrives late,
// twice, or from an older tab never overwrites a newer number.
const PAUSE = 250, HOLD = 4000, RETRY = 5000, PATIENCE = 10000; // milliseconds
const said = document.querySelector("[data-basket-said]");
const me = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/\+/g, "-").replace(/\//g, "_");
const lines = new Map();

// `held`: what the basket holds, as the site said last; `wanted`: what it shall hold; `asked`: what was sent last;
// `kept`: what stands in the field and is not wanted (yet): the 1 of a product's page, a number that was refused.
function lineOf(form) {
  if (!lines.has(form)) {
    const held = form.elements.known.value;
    const box = form.querySelector("input[name=q]").closest(".step");
    const input = form.elements.q, known = new Set([held]);
    lines.set(form, { form, box, input, held, wanted: held, asked: held, kept: input.defaultValue, known, sent: 0 });
  }
  return lines.get(form);
}

const all = () => Array.from(document.querySelectorAll(".step input[name=q]"), (input) => lineOf(input.form));
const pending = () => all().filter((line) => line.wanted !== line.held);

function show(line, number) {
  line.input.value = number;
  line.form.closest("li.prod")?.classList.toggle("is-in", Number(number) > 0);
}

function showTotals({ total, count }) {
  for (const el of document.querySelectorAll("[data-basket-total]")) el.textContent = total;
  for (const el of document.querySelectorAll("[data-basket-count]")) el.textContent = count;
}

// A box beside the line that moves nothing, with a button.
function tell(line, text, label, act) {
  hush(line);
  const box = line.told = document.createElement("div");
  box.className = "step__said";
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: label });
    button.addEventListener("click", act);
    box.append(button);
  }
  line.box.append(box);
}

function hush(line) {
  line.told?.remove();
  line.told = line.offer = line.kept = null;
  line.input.removeAttribute("aria-invalid");
}

function want(line, number, pause = 0) {
  hush(line);
  line.failed = false;
  line.wanted = String(number);
  show(line, number);
  clearTimeout(line.timer);
  line.timer = setTimeout(send, pause, line);
}

// What stands in a field and was neither sent nor refused: a number typed just now.
function typed(line) {
  if (line.input.value !== line.wanted && line.input.value !== line.kept) want(line, line.input.value);
}

// One number at a time; what was wanted meanwhile follows.
function send(line) {
  clearTimeout(line.timer);
  line.sending ??= (async () => {
    while (line.wanted !== line.held && await post(line));
  })().finally(() => {
    line.sending = null;
    freshen();
  });
  return line.sending;
}

// Whether the site has answered.
async function post(line) {
  const turn = ++line.sent, asked = line.asked = line.wanted;
  const body = new URLSearchParams([["q", asked], ["new", me], ...Array.from(line.known, (number) => ["known", number])]);
  line.known.add(asked);
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
  let response, basket;
  try {
    const headers = { Accept: "application/json" };
    response = await fetch(line.form.action, { method: "POST", body, headers, keepalive: true, signal: stop.signal });
    if (response.ok || response.status === 409) basket = await response.json();
  } catch { /* no network */ }
  clearTimeout(clock);
  if (turn !== line.sent) return true; // a newer number was sent: its answer counts
  if (!basket) {
    line.timer = setTimeout(send, RETRY, line);
    line.failed = true;
    tell(line, said.dataset.failed, said.dataset.retry, () => send(line));
    return false;
  }
  line.failed = false;
  const untouched = line.wanted === asked, number = String(basket.quantity);
  line.held = line.form.elements.known.value = number;
  line.known = new Set([number]);
  showTotals(basket);
  if (!untouched && !basket.newer) return true;
  line.wanted = number;
  if (response.ok) {
    if (line.input.value === asked) show(line, number);
    hush(line);
    said.textContent = basket.message;
  } else refused(line, asked, basket);
  return true;
}

// Where less can be had, the number asked stays; else the field shows what the basket holds.
function refused(line, asked, basket) {
  const { offer, take } = basket;
  tell(line, basket.message, offer && take, () => want(line, offer));
  if (!offer) return show(line, line.held);
  line.kept = asked;
  line.offer = offer;
  line.form.closest("li.prod")?.classList.toggle("is-in", Number(line.held) > 0);
  line.input.setAttribute("aria-invalid", "true");
}

// The sums of the basket's page, as the site adds them up; of what is gone, crossed out.
async function freshen() {
  const places = document.querySelectorAll("[data-fresh]");
  if (!places.length || pending().length) return;
  const page = await fetch(location.href).then((answer) => answer.ok ? answer.text() : "").catch(() => "");
  if (!page || pending().length) return;
  const now = new DOMParser().parseFromString(page, "text/html");
  for (const place of places) {
    const fresh = now.getElementById(place.id);
    if (fresh) place.replaceChildren(...fresh.childNodes);
    place.classList.toggle("is-gone", !fresh);
  }
}

// What the basket holds by now: another tab, or the page one comes back from, may have changed it.
async function refresh() {
  const before = new Map(all().map((line) => [line, line.sent]));
  pending().forEach(send);
  const answer = await fetch(said.dataset.lines, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const basket = await answer.json();
  let changed = false;
  for (const [line, sent] of before) {
    const number = String(basket.quantities[line.form.action.match(/(\d+)\/$/)[1]] ?? 0);
    if (line.sent !== sent || line.sending || line.wanted !== line.held || line.held === number) continue;
    changed = true;
    line.held = line.wanted = line.form.elements.known.value = number;
    line.known = new Set([number]);
    show(line, number);
  }
  showTotals(basket);
  if (changed) freshen();
}

// The page is left, maybe for good: what is on its way can't be waited for.
function leave() {
  all().forEach(typed);
  for (const line of pending()) {
    clearTimeout(line.timer);
    if (!line.sending || line.asked !== line.wanted) post(line);
  }
}

// Before one goes on within the site the numbers arrive. Who was told that one did not, and goes on, goes on.
function hold(event, go) {
  all().forEach(typed);
  const waiting = pending().filter((line) => !line.failed);
  if (!waiting.length) return;
  event.preventDefault();
  const enough = new Promise((done) => setTimeout(done, HOLD));
  Promise.race([Promise.all(waiting.map(send)), enough]).then(() => waiting.some((line) => line.told) || go());
}

document.addEventListener("click", (event) => {
  for (const line of lines.values()) if (line.told && !line.offer && !line.told.contains(event.target)) hush(line);
  const button = event.target.closest(".step button[name=d]");
  if (button) {
    event.preventDefault();
    const line = lineOf(button.form), step = Number(button.value), shown = line.input.value;
    const next = Number(/^\d+$/.test(shown) ? shown : line.wanted) + step;
    return want(line, step < 0 ? Math.max(0, Math.min(next, line.offer ?? next)) : next, PAUSE);
  }
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || (link.hash && link.pathname + link.search === location.pathname + location.search)) return;
  hold(event, () => location.assign(link.href));
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (!event.target.matches(".step")) return hold(event, () => event.target.requestSubmit(event.submitter));
  event.preventDefault();
  typed(lineOf(event.target));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("form.step input[name=q]")) return;
  event.preventDefault();
  typed(lineOf(event.target.form));
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".step input[name=q]")) typed(lineOf(event.target.form));
});

document.addEventListener("visibilitychange", () => document.hidden ? leave() : refresh());
addEventListener("pagehide", leave);
addEventListener("online", () => pending().forEach(send));
addEventListener("pageshow", (event) => {
  if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") refresh();
});
