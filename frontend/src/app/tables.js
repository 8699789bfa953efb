// Tables that sort, filter and remember. <table class="table" id="x" data-sortable>; a header cell that is not to
// sort has data-no-sort; a cell sorts by its data-value where it has one, else by its text (numbers are read as the
// page's language writes them). <input type="search" data-filter="x"> filters rows by words, accents and case
// forgiven.

const english = document.documentElement.lang === "en"; // 1,550 is then a big number, and a small one in French
const collator = new Intl.Collator(english ? "en" : "fr", { numeric: true, sensitivity: "base" });

const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

export function keyOf(cell) {
  const text = (cell?.dataset.value ?? cell?.textContent ?? "").trim();
  const bare = text.replace(/[\s\u00a0\u202f%]/g, "");
  const number = Number(english ? bare.replaceAll(",", "") : bare.replace(",", "."));
  return text !== "" && Number.isFinite(number) ? number : text;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return collator.compare(a, b);
}

function sort(table, column, direction) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [keyOf(row.cells[column]), row]);
  rows.sort(([a], [b]) => compare(a, b) * (direction === "descending" ? -1 : 1));
  body.append(...rows.map(([, row]) => row));
  for (const [index, cell] of [...table.tHead.rows[0].cells].entries()) {
    if (index === column) cell.setAttribute("aria-sort", direction);
    else cell.removeAttribute("aria-sort");
  }
}

const memory = (table) => `table:${location.pathname}#${table.id}`;

function remember(table, change) {
  if (!table.id) return;
  const state = { ...recall(table), ...change };
  sessionStorage.setItem(memory(table), JSON.stringify(state));
}

function recall(table) {
  try {
    return JSON.parse(sessionStorage.getItem(memory(table))) || {};
  } catch {
    return {};
  }
}

function sortable(table) {
  if (table.dataset.ready || !table.tHead || !table.tBodies.length) return;
  table.dataset.ready = "1";
  const cells = [...table.tHead.rows[0].cells];
  cells.forEach((cell, column) => {
    if ("noSort" in cell.dataset || !cell.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const direction = cell.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      sort(table, column, direction);
      remember(table, { column, direction });
    });
  });
  const { column, direction } = recall(table);
  if (column < cells.length) sort(table, column, direction);
}

function filter(input) {
  const table = document.getElementById(input.dataset.filter);
  if (!table || input.dataset.ready) return;
  input.dataset.ready = "1";
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.after(status);
  const apply = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = plain(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = `${shown} / ${table.tBodies[0].rows.length}`;
    remember(table, { filter: input.value });
  };
  input.addEventListener("input", apply);
  input.value = recall(table).filter || "";
  if (input.value) apply();
}

export function tables(root) {
  for (const table of root.querySelectorAll("table[data-sortable]")) sortable(table);
  for (const input of root.querySelectorAll("input[data-filter]")) filter(input);
}
