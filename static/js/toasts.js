// Quiet notes at the foot. The server writes them as messages in the page, or sends
// HX-Trigger: {"toast": {"text": "…", "level": "success", "undo": "/url/"}}. Of a kind the last one is shown.
const shelf = document.getElementById("toasts");
const STAYING = ".is-error, .is-warning"; // until they are closed

const leave = (note) => {
  note.remove();
  if (!shelf.children.length && shelf.matches(":popover-open")) shelf.hidePopover();
};
// What failed stays; everything else goes by itself, not while it is pointed at.
const age = (note) => {
  if (note.matches(STAYING)) return;
  let left = setTimeout(() => leave(note), note.querySelector("form") ? 10000 : 6000);
  note.addEventListener("pointerenter", () => clearTimeout(left));
  note.addEventListener("focusin", () => clearTimeout(left));
  note.addEventListener("pointerleave", () => { left = setTimeout(() => leave(note), 3000); });
};

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const undoForm = (url) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  return element("form", { method: "post", action: url },
    element("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token }),
    element("button", { className: "button-link", textContent: shelf.dataset.undo }));
};

const show = ({ text, level = "success", undo = "", url = "", label = "", apart = false, kind = "" }) => {
  const close = element("button", { type: "button", className: "icon-button", textContent: "×" });
  close.setAttribute("aria-label", shelf.dataset.close);
  close.dataset.toastClose = "";
  const note = element("div", { className: `toast-note is-${level}` }, element("span", { textContent: text }));
  note.dataset.toast = kind;
  if (undo) note.append(undoForm(undo));
  if (url) note.append(element("a", { href: url, textContent: label || url, target: apart ? "_blank" : "" }));
  note.append(close);
  // What stays is said once, at the end.
  [...shelf.querySelectorAll(STAYING)].find((other) => other.firstElementChild.textContent === text)?.remove();
  if (kind) for (const other of shelf.querySelectorAll(`[data-toast="${kind}"]:not(${STAYING})`)) other.remove();
  shelf.append(note);
  age(note);
};

if (shelf) {
  for (const note of shelf.querySelectorAll("[data-toast]")) age(note);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toast-close]");
    if (button) leave(button.closest("[data-toast]"));
  });
  document.addEventListener("toast", (event) => show(event.detail.value ?? event.detail));
  document.addEventListener("htmx:sendError", () => show({ text: shelf.dataset.offline, level: "error" }));
  // An answer may say by itself what went wrong.
  const isTold = (event) => event.detail.xhr.getResponseHeader("HX-Trigger")?.includes('"toast"');
  document.addEventListener("htmx:responseError", (event) => {
    if (!isTold(event)) show({ text: shelf.dataset.failed, level: "error" });
  });
}
