// Lists: selecting rows (Shift for a range), bulk actions in the footer, a click anywhere on a row,
// j/k/x, and the column chooser. <section data-list> holds table, footer and chooser.
let lastBox = null;

const listOf = (element) => element.closest("[data-list]");
const boxes = (list) => [...list.querySelectorAll("tbody input[data-select]")];

const refresh = (list) => {
  const all = boxes(list);
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-selected", box.checked);
  const head = list.querySelector("input[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  for (const part of list.querySelectorAll("[data-when-selected]")) part.hidden = !chosen.length;
  for (const part of list.querySelectorAll("[data-when-none]")) part.hidden = chosen.length > 0;
  // "All that match" is offered while the whole page is chosen, and forgotten with the first box.
  for (const part of list.querySelectorAll("[data-when-all]")) {
    part.hidden = !chosen.length || chosen.length < all.length;
    if (part.hidden) for (const box of part.querySelectorAll("input")) box.checked = false;
  }
  for (const number of list.querySelectorAll("[data-selected-count]")) number.textContent = chosen.length;
  list.querySelector(".list-foot")?.classList.toggle("has-selection", chosen.length > 0);
};

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[data-select]");
  if (box) {
    const list = listOf(box);
    const all = boxes(list);
    if (event.shiftKey && lastBox && all.includes(lastBox)) {
      const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    lastBox = box;
    refresh(list);
    return;
  }
  const every = event.target.closest?.("input[data-select-all]");
  if (every) {
    for (const one of boxes(listOf(every))) one.checked = every.checked;
    refresh(listOf(every));
    return;
  }
  const none = event.target.closest?.("[data-select-none]");
  if (none) {
    for (const one of boxes(listOf(none))) one.checked = false;
    refresh(listOf(none));
    return;
  }
  const cell = event.target.closest?.("[data-list] tbody td.box");
  if (cell && event.target === cell) {
    cell.querySelector("input")?.click();
    return;
  }
  const row = event.target.closest?.("[data-list] tbody tr");
  if (!row || event.target.closest("a, button, input, label, summary, select, .menu-panel")) return;
  if (String(getSelection())) return;
  const link = row.querySelector("a.row-title");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});
document.addEventListener("auxclick", (event) => {
  const row = event.button === 1 && event.target.closest?.("[data-list] tbody tr");
  if (row && !event.target.closest("a, button, input")) {
    const link = row.querySelector("a.row-title");
    if (link) window.open(link.href, "_blank", "noopener");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true]")) return;
  const links = [...document.querySelectorAll("[data-list] tbody a.row-title")];
  if (!links.length || !["j", "k", "x"].includes(event.key)) return;
  const current = document.activeElement.closest?.("[data-list] tbody tr");
  const at = current ? links.findIndex((link) => current.contains(link)) : -1;
  if (event.key === "x") current?.querySelector("input[data-select]")?.click();
  else links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))].focus();
});

// The column chooser: <li> with a checkbox and two buttons data-move="-1" | "1"; order is the order
// of the boxes in the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".columns-list [data-move]");
  if (!button) return;
  const line = button.closest("li");
  const up = button.dataset.move === "-1";
  const other = up ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (up) other.before(line);
  else other.after(line);
  button.focus();
});

// Filters that are left empty do not belong in the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-short-address]")) return;
  for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
});

const start = (root) => { for (const list of root.querySelectorAll?.("[data-list]") ?? []) refresh(list); };
start(document);
document.addEventListener("htmx:load", (event) => {
  lastBox = null;
  if (event.detail.elt.matches?.("[data-list]")) refresh(event.detail.elt);
  else if (listOf(event.detail.elt)) refresh(listOf(event.detail.elt));
  start(event.detail.elt);
});
addEventListener("pageshow", () => start(document));
