// The keyboard. Addresses come from the page: data-go="c" on module links, data-shortcut-create on
// the create menu (or a link with data-new), data-shortcut-edit on Edit, data-shortcut-back.
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], [role=combobox]");
let going = 0;

const first = (selector) => document.querySelector(selector);
const visit = (link) => { if (link) link.click(); return Boolean(link); };

const create = () => {
  if (visit(first("main a[data-new]"))) return true;
  const menu = first("[data-shortcut-create]");
  if (!menu) return false;
  menu.open = true;
  menu.querySelector(".menu-item")?.focus();
  return true;
};
const search = () => {
  const input = first("[data-shortcut-search]");
  if (!input) return false;
  const sheet = input.closest("[popover]");
  if (sheet && getComputedStyle(sheet).display === "none") sheet.showPopover();
  input.focus();
  input.select();
  return true;
};
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".search") && event.newState === "open") event.target.querySelector("input").focus();
}, true);
const help = () => { first("#shortcuts")?.showModal(); return true; };
const edit = () => visit(first("[data-shortcut-edit]"));
const back = () => {
  if (first("details[data-menu][open], :popover-open")) return false;
  return visit(first("[data-shortcut-back]")) || visit([...document.querySelectorAll(".breadcrumbs a")].at(-1));
};
const go = (letter) => visit(first(`[data-go="${CSS.escape(letter)}"]`));

const KEYS = { Insert: create, n: create, "/": search, "?": help, e: edit };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (typing(event.target)) event.target.blur();
    else if (!first("dialog[open]") && back()) event.preventDefault();
    return;
  }
  if (typing(event.target) || first("dialog[open]")) return;
  if (going && Date.now() - going < 1500) {
    going = 0;
    if (go(event.key.toLowerCase())) event.preventDefault();
    return;
  }
  if (event.key === "g") { going = Date.now(); return; }
  if (KEYS[event.key]?.()) event.preventDefault();
});
