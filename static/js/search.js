// The search box as one types: htmx brings the groups, here they become a list box. The arrows walk,
// Enter opens what is marked (or the page of everything found), Escape closes.
const form = document.querySelector("[data-search]");
const input = form?.querySelector("input");
const list = form?.querySelector("[role=listbox]");
let at = -1;

const options = () => [...list.querySelectorAll("[role=option]")];
const mark = (next) => {
  const lines = options();
  at = lines.length ? (next + lines.length) % lines.length : -1;
  lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
  if (at < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", lines[at].id);
    lines[at].scrollIntoView({ block: "nearest" });
  }
};
const show = (wanted) => {
  list.hidden = !wanted;
  input.setAttribute("aria-expanded", String(wanted));
  if (!wanted) {
    at = -1;
    input.removeAttribute("aria-activedescendant");
    for (const line of options()) line.setAttribute("aria-selected", "false");
  }
};

if (form) {
  // What was typed a moment ago must not open what the box has left since.
  list.addEventListener("htmx:afterSwap", () => {
    at = -1;
    input.removeAttribute("aria-activedescendant");
    show(document.activeElement === input && input.value.trim() !== "");
  });
  input.addEventListener("input", () => { if (!input.value.trim()) show(false); });
  input.addEventListener("focus", () => { if (input.value.trim() && list.childElementCount) show(true); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(at < 0 && steps[event.key] < 0 ? -1 : at + steps[event.key]);
    else if (event.key === "Enter" && at >= 0) options()[at].click();
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
  // The box keeps the focus while one clicks, so that the list does not close under the pointer.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  form.addEventListener("submit", (event) => { if (!input.value.trim()) event.preventDefault(); });
}
