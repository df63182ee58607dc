// Forms: a warning before leaving what is not saved, Ctrl+S, rows that come and go, no double
// sending, focus on what is wrong. <form data-form> asks for all of it.
const isOurs = (form) => form?.matches?.("form[data-form]");
const setDirty = (form, dirty = true) => { if (isOurs(form)) form.classList.toggle("is-dirty", dirty); };
const dirtyForms = () => document.querySelectorAll("form[data-form].is-dirty:not(.is-sending)");

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (!event.target.closest("[data-not-saved]")) setDirty(event.target.form ?? event.target.closest("form"));
  });
}
addEventListener("beforeunload", (event) => { if (dirtyForms().length) event.preventDefault(); });

const tell = (text, level) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
const shelf = document.getElementById("toasts");

// The server reads only so much at once; here nothing that was typed is lost by being refused.
const bytesOf = (form) => {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(texts).toString().length;
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isOurs(form) || !shelf || bytesOf(form) <= Number(shelf.dataset.mostBytes)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(shelf.dataset.tooLong, "error");
}, true);

// Who was signed out meanwhile, in another window or by time, keeps what they typed; who signed in
// again there goes on saving here. Asked only where it may have happened.
const LONG_AGO = 300000;
let wasAway = false;
document.addEventListener("visibilitychange", () => { wasAway = true; });
const answered = new WeakSet();
const takeToken = (form) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = token;
};
const trouble = async () => {
  try {
    const answer = await fetch(shelf.dataset.alive, { redirect: "manual", cache: "no-store" });
    return answer.type === "opaqueredirect" ? { text: shelf.dataset.signedOut, url: shelf.dataset.signIn, label: shelf.dataset.signInLabel } : null;
  } catch {
    return { text: shelf.dataset.offline };
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isOurs(form) || !shelf?.dataset.alive || form.method !== "post") return;
  takeToken(form);
  if (answered.has(form) || (!wasAway && performance.now() < LONG_AGO)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  trouble().then((found) => {
    if (found) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { ...found, level: "error", apart: true } }));
      return;
    }
    wasAway = false;
    takeToken(form);
    answered.add(form);
    form.requestSubmit(event.submitter ?? undefined);
    answered.delete(form);
  });
}, true);

// A text with a limit counts along as soon as the limit is near.
const NEAR = 0.8;
const count = (field) => {
  const isNear = field.value.length >= field.maxLength * NEAR;
  let counter = field.nextElementSibling?.matches("[data-counter]") ? field.nextElementSibling : null;
  if (!counter && !isNear) return;
  if (!counter) {
    counter = document.createElement("bdi");
    counter.className = "help";
    counter.dataset.counter = "";
    counter.setAttribute("role", "status");
    field.after(counter);
  }
  const number = new Intl.NumberFormat(document.documentElement.lang);
  counter.textContent = `${number.format(field.value.length)} / ${number.format(field.maxLength)}`;
  counter.hidden = !isNear;
};
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[maxlength]")) count(event.target);
});
document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[maxlength]")) return;
  const pasted = event.clipboardData?.getData("text").replaceAll("\r\n", "\n").length ?? 0;
  const kept = field.value.length - (field.selectionEnd - field.selectionStart);
  if (kept + pasted > field.maxLength) tell(shelf?.dataset.cut, "warning");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.classList.contains("is-sending")) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.classList.add("is-sending");
  form.setAttribute("aria-busy", "true");
  // A download or a server that does not answer leaves the page here: let it be sent again.
  setTimeout(() => release(form), 8000);
});
const release = (form) => { form.classList.remove("is-sending"); form.removeAttribute("aria-busy"); };
const releaseAll = () => document.querySelectorAll("form.is-sending").forEach(release);
addEventListener("pageshow", releaseAll);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form || event.detail.elt.closest("[data-not-saved]")) return;
  release(form);
  if (event.detail.successful) setDirty(form, false);
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
  const form = event.target.closest?.("form[data-form]") ?? document.querySelector("main form[data-form]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]") ?? undefined);
});

// Rows: <div data-rows="prefix"><div class="rows-edit">…</div><template>…__prefix__…</template>
// <button type="button" data-row-add></button></div>; in a row: <button data-row-remove>.
const total = (rows) => document.getElementById(`id_${rows.dataset.rows}-TOTAL_FORMS`);

const addRow = (rows) => {
  const sent = total(rows);
  const list = rows.querySelector(".rows-edit");
  if (list.querySelectorAll(".row-edit:not(.is-removed)").length >= Number(rows.dataset.most)) {
    tell(rows.dataset.full, "warning");
    return;
  }
  const html = rows.querySelector("template").innerHTML.replaceAll("__prefix__", sent.value);
  list.insertAdjacentHTML("beforeend", html);
  sent.value = Number(sent.value) + 1;
  const row = list.lastElementChild;
  window.htmx?.process(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  setDirty(rows.closest("form"));
};
const removeRow = (button) => {
  const row = button.closest(".row-edit");
  const next = row.nextElementSibling ?? row.previousElementSibling ?? row.closest("[data-rows]").querySelector("[data-row-add]");
  const box = row.querySelector('input[name$="-DELETE"]');
  setDirty(row.closest("form"));
  if (box) box.checked = true;
  for (const field of row.querySelectorAll("[required]")) field.required = false;
  row.classList.add("is-removed");
  (next.querySelector?.("input:not([type=hidden]), select") ?? next).focus();
};
document.addEventListener("click", (event) => {
  const add = event.target.closest?.("[data-row-add]");
  if (add) addRow(add.closest("[data-rows]"));
  const remove = event.target.closest?.("[data-row-remove]");
  if (remove) removeRow(remove);
  // A link of the summary goes to its field even inside a fold.
  const link = event.target.closest?.(".error-summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (field) {
    event.preventDefault();
    const fold = field.closest("details:not([open])");
    if (fold) fold.open = true;
    (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea") ?? field).focus();
  }
});

// Nothing wrong may hide in a fold; the summary gets the focus, so that it is read first.
const start = (root) => {
  for (const error of root.querySelectorAll?.("details:not([open]) .field-error") ?? []) error.closest("details").open = true;
  const summary = root.querySelector?.("[data-error-summary]");
  if (summary) {
    summary.focus();
    setDirty(summary.closest("form"));
  }
};
// The browser's own refusal, too, must be visible.
document.addEventListener("invalid", (event) => {
  const fold = event.target.closest("details:not([open])");
  if (fold) fold.open = true;
}, true);
start(document);
// Who opened an empty form by a key goes on typing; on a phone the keyboard would hide the form.
if (matchMedia("(pointer: fine)").matches && document.activeElement === document.body) {
  document.querySelector("form[data-focus-first] :is(input:not([type=hidden]), select, textarea)")?.focus({ preventScroll: true });
}
document.addEventListener("htmx:load", (event) => start(event.detail.elt));

// <select data-submits> and friends send their form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
// <button data-password-eye="id"> shows and hides what is typed.
document.addEventListener("click", (event) => {
  const eye = event.target.closest?.("[data-password-eye]");
  const field = eye && document.getElementById(eye.dataset.passwordEye);
  if (!field) return;
  field.type = field.type === "password" ? "text" : "password";
  eye.setAttribute("aria-pressed", String(field.type === "text"));
});
