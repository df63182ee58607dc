// Menus are <details data-menu>: they work without this. Here: one open at a time, arrows, Escape,
// staying inside the window; and context menus, <tr data-context-menu="id of a popover">.
const items = (menu) => [...menu.querySelectorAll(".menu-panel .menu-item, .menu-panel [role=menuitem]")]
  .filter((item) => item.offsetParent !== null);
const open = () => document.querySelectorAll("details[data-menu][open]");
const close = (menu) => { menu.open = false; };

const place = (menu) => {
  const panel = menu.querySelector(":scope > .menu-panel");
  panel.classList.remove("is-up");
  menu.classList.toggle("menu-end", menu.dataset.end === "yes");
  let box = panel.getBoundingClientRect();
  const outside = box.right > innerWidth - 4 || box.left < 4;
  if (outside) menu.classList.toggle("menu-end");
  box = panel.getBoundingClientRect();
  if (box.bottom > innerHeight && box.top - box.height > 60) panel.classList.add("is-up");
};

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details[data-menu]")) return;
  if (!menu.dataset.end) menu.dataset.end = menu.classList.contains("menu-end") ? "yes" : "no";
  if (!menu.open) return;
  for (const other of open()) if (other !== menu && !other.contains(menu)) close(other);
  place(menu);
}, true);

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const chosen = event.target.closest(".menu-item:not([role=menuitemcheckbox]):not([data-keep])");
    if (!menu.contains(event.target) || (chosen && menu.contains(chosen))) close(menu);
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
});

const move = (list, step) => {
  const at = list.indexOf(document.activeElement);
  list.at((at + step + list.length) % list.length)?.focus();
};

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu], .menu-panel[popover]");
  if (!menu) return;
  const isOpen = menu.matches("details") ? menu.open : menu.matches(":popover-open");
  if (event.key === "Escape" && isOpen && menu.matches("details")) {
    close(menu);
    menu.querySelector("summary").focus();
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) && !["Home", "End"].includes(event.key)) return;
  if (event.target.matches("input, select, textarea")) return;
  if (menu.matches("details") && !menu.open) {
    if (event.key !== "ArrowDown") return;
    menu.open = true;
  }
  event.preventDefault();
  const list = menu.matches("details") ? items(menu) : [...menu.querySelectorAll(".menu-item")];
  if (event.key === "Home") list[0]?.focus();
  else if (event.key === "End") list.at(-1)?.focus();
  else if (document.activeElement.matches("summary")) list.at(event.key === "ArrowDown" ? 0 : -1)?.focus();
  else move(list, steps[event.key]);
});

document.addEventListener("contextmenu", (event) => {
  const place = event.target.closest("[data-context-menu]");
  const panel = place && document.getElementById(place.dataset.contextMenu);
  if (!panel || event.shiftKey) return;
  event.preventDefault();
  panel.dispatchEvent(new CustomEvent("menu:for", { detail: place, bubbles: true }));
  panel.showPopover();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const side = document.dir === "rtl" ? event.clientX - width : event.clientX;
  panel.style.left = `${Math.max(4, Math.min(side, innerWidth - width - 4))}px`;
  panel.style.top = `${Math.max(4, Math.min(event.clientY, innerHeight - height - 4))}px`;
  panel.querySelector(".menu-item")?.focus();
});

// Folds that start closed on a phone: <details class="fold" open data-fold-on-phone>.
const fold = (root) => {
  if (!matchMedia("(max-width: 820px)").matches) return;
  for (const details of root.querySelectorAll("details[data-fold-on-phone][open]")) details.open = false;
};
fold(document);

// Module menu and search sheet: arrows walk through the modules, following the eye.
document.addEventListener("keydown", (event) => {
  const nav = event.target.closest?.(".modules, .tabs, .button-group");
  if (!nav || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const links = [...nav.querySelectorAll("a, button")];
  const forward = (event.key === "ArrowRight") === (document.dir !== "rtl");
  event.preventDefault();
  move(links, forward ? 1 : -1);
});
// Of a row of tabs too long for the screen, the open one is seen.
const reveal = (root) => {
  for (const tab of root.querySelectorAll?.(".tabs [aria-current]") ?? []) {
    const bar = tab.closest(".tabs");
    if (bar.scrollWidth > bar.clientWidth) tab.scrollIntoView({ block: "nearest", inline: "center" });
  }
};
reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));

// From the page of a company, what is created new belongs to it: <body data-create-context="company=7">.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-create]");
  const context = document.body.dataset.createContext;
  if (!link || !context) return;
  const url = new URL(link.href);
  for (const [name, value] of new URLSearchParams(context)) url.searchParams.set(name, value);
  link.href = url.href;
});
