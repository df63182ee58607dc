// htmx and the frame: CSRF, busy line, dimming, dialogs and questions before what cannot be undone.
const busy = new Set();
const dimmed = new WeakMap(); // request → what waits for it
let timer = 0;

const showBusy = () => document.documentElement.classList.toggle("is-busy", busy.size > 0);
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = meta("csrf-token");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, xhr, elt } = event.detail;
  // What looks again by itself (data-quiet) does not blink every few seconds on a slow line.
  if (elt.hasAttribute("data-quiet")) return;
  busy.add(xhr);
  clearTimeout(timer);
  timer = setTimeout(showBusy, 150);
  if (!target) return;
  dimmed.set(xhr, target);
  target.classList.add("is-dimmed");
  target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  busy.delete(event.detail.xhr);
  clearTimeout(timer);
  showBusy();
  // The answer may have gone elsewhere (HX-Retarget): what was dimmed for it is what is lit again.
  const target = dimmed.get(event.detail.xhr);
  target?.classList.remove("is-dimmed");
  target?.removeAttribute("aria-busy");
});
// What looks again by itself goes on doing so when the line or the server was away for a while.
const AGAIN = 3000; // ms
const lookAgain = ({ detail: { elt, xhr } }) => {
  if (!elt.hasAttribute("data-quiet") || (xhr.status && xhr.status < 500)) return;
  setTimeout(() => elt.dispatchEvent(new CustomEvent("again")), AGAIN);
};
document.addEventListener("htmx:sendError", lookAgain);
document.addEventListener("htmx:responseError", lookAgain);

// A form that asks: <form method="post" data-confirm="…what goes with it…" data-confirm-title="Delete X?"
// data-confirm-yes="Delete">. htmx requests use the same words through hx-confirm.
const ask = (source, text) => new Promise((answer) => {
  const dialog = document.getElementById("confirm");
  const title = dialog.querySelector("[data-confirm-title]");
  const yes = dialog.querySelector("[data-confirm-yes]");
  title.textContent = source.dataset.confirmTitle || title.dataset.default;
  yes.textContent = source.dataset.confirmYes || yes.dataset.default;
  dialog.querySelector("[data-confirm-text]").textContent = text;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  dialog.showModal();
});

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.target, event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || source.hasAttribute("hx-confirm") || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(source, source.dataset.confirm).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  });
}, true);

// <button data-dialog="id"> opens a dialog; a click on the veil closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.matches("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close("no");
  }
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-copy]")) {
    navigator.clipboard?.writeText(event.target.closest("[data-copy]").dataset.copy);
  }
});
// A partial may bring a dialog along: <dialog data-open> opens as it arrives.
document.addEventListener("htmx:load", (event) => {
  const dialog = event.detail.elt.matches?.("dialog[data-open]")
    ? event.detail.elt : event.detail.elt.querySelector?.("dialog[data-open]");
  if (dialog && !dialog.open) dialog.showModal();
});
