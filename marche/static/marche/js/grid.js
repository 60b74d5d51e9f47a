// The producer's offer of the day: says what is not saved yet, moves along a column, keeps the counts true.
const grid = document.querySelector("[data-grid]");
const note = grid?.querySelector("[data-note]");
const saved = note?.textContent;
const POLL = 15000; // milliseconds

const rows = () => [...grid.querySelectorAll("[data-sheet]")];
const inputs = (root) => [...root.querySelectorAll("input:not([type=hidden])")];
const input = (row, name) => row.querySelector(`input[name="${row.dataset.sheet}-${name}"]`);
const number = (text) => (/\d/.test(text) ? Number(text.replace(/[\s€]/g, "").replace(",", ".")) : NaN);

function changed(field) {
  // What was refused comes back as it was typed; what is saved stands in the hidden field beside it.
  const before = grid.elements[`initial-${field.name}`]?.value ?? "";
  return field.type === "checkbox" ? field.checked !== (before === "True") : field.value !== before;
}

function refresh(row) {
  const [on, quantity] = [input(row, "on"), input(row, "quantity")];
  row.classList.toggle("is-dirty", inputs(row).some(changed));
  row.classList.toggle("is-off", !on.checked && !on.disabled);
  const left = number(quantity.value) - row.dataset.reserved;
  row.querySelector("[data-reserved-cell]").textContent = row.dataset.reserved;
  row.querySelector("[data-remaining-cell]").textContent = on.checked && Number.isInteger(left) ? left : "–";
}

function total() {
  const on = rows().filter((row) => input(row, "on").checked);
  const value = on.reduce((sum, row) => {
    const units = Number(row.dataset.grams) / 1000 || 1;
    return sum + (number(input(row, "price").value) * number(input(row, "quantity").value) * units || 0);
  }, 0);
  grid.querySelector("[data-on-count]").textContent = on.length;
  const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  grid.querySelector("[data-value]").textContent = euros.format(value);
  const dirty = grid.querySelectorAll(".is-dirty").length;
  const words = dirty > 1 ? note.dataset.note.replace("{n}", dirty) : note.dataset.noteOne;
  if (note.textContent !== (dirty ? words : saved)) note.textContent = dirty ? words : saved;
}

grid?.addEventListener("input", (event) => {
  const row = event.target.closest("[data-sheet]");
  // Whoever writes how many means to sell it.
  if (event.target === input(row, "quantity") && number(event.target.value) > 0 && !input(row, "on").disabled) {
    input(row, "on").checked = true;
  }
  refresh(row);
  total();
});

grid?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest("[data-sheet]");
  if (!step || !row) return;
  const name = event.target.name.split("-")[1];
  const column = rows().map((other) => input(other, name)).filter((field) => !field.disabled && field.offsetParent);
  const next = column[column.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
  if (next?.type === "text") next.select();
});

async function poll() {
  if (document.hidden) return;
  const answer = await fetch(grid.dataset.live, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const live = await answer.json();
  for (const row of rows()) {
    const known = live[row.dataset.sheet];
    if (!known || String(known.reserved) === row.dataset.reserved) continue;
    row.dataset.reserved = known.reserved;
    refresh(row);
  }
}

if (grid) {
  // A browser that comes back to the page fills in what was typed before.
  rows().forEach(refresh);
  total();
  setInterval(poll, POLL);
  let leaving = false;
  grid.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && grid.querySelector(".is-dirty")) event.preventDefault();
  });
}
