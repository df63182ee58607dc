// The type-ahead picker, a combobox:
// <div class="picker" data-picker data-url="/pick/contact/" data-name="company" [data-multiple] [data-can-create]
//      [data-of="company": what belongs to the choice of that picker comes first] data-none="Nothing found" data-create-label="Create" data-remove-label="Remove">
//   <span class="picked" data-id="7"><bdi>F.I.A.T.</bdi><button type="button" data-unpick>×</button>
//     <input type="hidden" name="company" value="7"></span>
//   <input id="id_company" type="text" role="combobox" autocomplete="off">
// </div>
// data-url?q=… answers {results: [{id, label, hint}], note, create: {label, url} | null}; POSTing
// {name} to create.url answers {id, label} or 422 {errors: [..]}. With a note the results are only
// similar: then none is chosen by Enter or Tab before an arrow has marked it.
let count = 0;
const state = new WeakMap();

// `drawn`: the words that the list answers; `isWanted`: Enter was pressed before there was an answer.
const stateOf = (picker) => {
  if (!state.has(picker)) state.set(picker, { options: [], at: -1, timer: 0, drawn: null, isWanted: false, abort: null });
  return state.get(picker);
};
const inputOf = (picker) => picker.querySelector("input[role=combobox]");
const isMultiple = (picker) => picker.hasAttribute("data-multiple");
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

const listOf = (picker) => {
  let list = picker.querySelector(".picker-list");
  if (!list) {
    count += 1;
    list = make("ul", { className: "picker-list", id: `picker-list-${count}`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", inputOf(picker).labels?.[0]?.textContent ?? picker.dataset.label ?? "");
    picker.append(list);
    inputOf(picker).setAttribute("aria-controls", list.id);
  }
  return list;
};
const wordsIn = (picker) => inputOf(picker).value.trim();
const isAnswered = (picker) => stateOf(picker).drawn === wordsIn(picker);
const close = (picker) => {
  // What was still to be asked would open it again.
  stateOf(picker).isWanted = false;
  clearTimeout(stateOf(picker).timer);
  stateOf(picker).abort?.abort();
  listOf(picker).hidden = true;
  inputOf(picker).setAttribute("aria-expanded", "false");
  inputOf(picker).removeAttribute("aria-activedescendant");
  stateOf(picker).at = -1;
};
const mark = (picker, at) => {
  const lines = [...listOf(picker).querySelectorAll("[role=option]")];
  if (!lines.length) return;
  const now = (at + lines.length) % lines.length;
  stateOf(picker).at = now;
  lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === now)));
  inputOf(picker).setAttribute("aria-activedescendant", lines[now].id);
  lines[now].scrollIntoView({ block: "nearest" });
};

const draw = (picker, { results, note, create }) => {
  const list = listOf(picker);
  const taken = new Set([...picker.querySelectorAll(".picked")].map((chip) => chip.dataset.id));
  const options = results.filter((result) => !taken.has(String(result.id)));
  if (create && "canCreate" in picker.dataset) options.push({ create });
  stateOf(picker).options = options;
  list.replaceChildren(...options.map((option, index) => {
    const line = make("li", { id: `${list.id}-${index}` });
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.append(make("bdi", { textContent: option.create?.label ?? option.label }));
    if (option.create) line.classList.add("picker-create");
    if (option.hint) line.append(make("span", { className: "hint" }, make("bdi", { textContent: option.hint })));
    return line;
  }));
  if (note) list.prepend(make("li", { className: "picker-none", role: "presentation", textContent: note }));
  if (!options.length) list.append(make("li", { className: "picker-none", textContent: picker.dataset.none }));
  list.hidden = false;
  inputOf(picker).setAttribute("aria-expanded", "true");
  list.scrollIntoView({ block: "nearest" });
  stateOf(picker).at = -1;
  if (options.length && !note) mark(picker, 0);
};

const ask = async (picker) => {
  const memory = stateOf(picker);
  const words = wordsIn(picker);
  clearTimeout(memory.timer);
  memory.abort?.abort();
  memory.abort = new AbortController();
  const url = new URL(picker.dataset.url, location.href);
  url.searchParams.set("q", words);
  const { of } = picker.dataset;
  const owner = of && picker.closest("form")?.elements.namedItem(of)?.value;
  if (owner) url.searchParams.set("of", owner);
  try {
    const answer = await fetch(url, { signal: memory.abort.signal, headers: { Accept: "application/json" } });
    if (!answer.ok || document.activeElement !== inputOf(picker)) {
      memory.isWanted = false;
      return;
    }
    draw(picker, await answer.json());
    memory.drawn = words;
    const first = memory.options[memory.at];
    if (memory.isWanted && isAnswered(picker) && !first?.create) choose(picker, first);
    memory.isWanted = false;
  } catch (error) {
    if (error.name !== "AbortError") close(picker);
  }
};

const changed = (picker) => {
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  const form = picker.closest("form");
  if (form?.matches("[data-form]")) form.classList.add("is-dirty");
};
const select = (picker, { id, label }) => {
  if (!isMultiple(picker)) picker.querySelectorAll(".picked").forEach((chip) => chip.remove());
  const remove = make("button", { type: "button", textContent: "×" });
  remove.dataset.unpick = "";
  remove.setAttribute("aria-label", `${picker.dataset.removeLabel ?? ""} ${label}`.trim());
  const chip = make("span", { className: "picked" }, make("bdi", { textContent: label, title: label }), remove,
    make("input", { type: "hidden", name: picker.dataset.name, value: id }));
  chip.dataset.id = id;
  inputOf(picker).before(chip);
  inputOf(picker).value = "";
  fit(picker);
  close(picker);
  changed(picker);
};
// A filled required picker is no longer empty for the browser, though its text is.
const fit = (picker) => {
  const input = inputOf(picker);
  input.removeAttribute("name"); // it is there for forms that no script runs on
  const filled = picker.querySelector(".picked") !== null;
  if (input.required || input.dataset.required) {
    input.dataset.required = "yes";
    input.required = !filled;
  }
  if (input.placeholder || input.dataset.placeholder) {
    input.dataset.placeholder ||= input.placeholder;
    input.placeholder = filled && !isMultiple(picker) ? "" : input.dataset.placeholder;
  }
};

const createAndSelect = async (picker, create) => {
  const body = new URLSearchParams({ name: inputOf(picker).value.trim() });
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, Accept: "application/json" };
  const answer = await fetch(create.url, { method: "POST", body, headers });
  const made = await answer.json().catch(() => ({}));
  if (answer.ok) select(picker, made);
  else document.dispatchEvent(new CustomEvent("toast", { detail: { text: (made.errors ?? [document.getElementById("toasts").dataset.failed]).join(" "), level: "error" } }));
};
const choose = (picker, option) => {
  if (option?.create) createAndSelect(picker, option.create);
  else if (option) select(picker, option);
};

const pickerOf = (target) => target.closest?.("[data-picker]");

document.addEventListener("input", (event) => {
  const picker = event.target.matches("[data-picker] input[role=combobox]") && pickerOf(event.target);
  if (!picker) return;
  const memory = stateOf(picker);
  clearTimeout(memory.timer);
  memory.isWanted = false;
  memory.timer = setTimeout(() => ask(picker), 180);
});
document.addEventListener("keydown", (event) => {
  const picker = event.target.matches?.("[data-picker] input[role=combobox]") && pickerOf(event.target);
  if (!picker || event.isComposing) return;
  const memory = stateOf(picker);
  const isOpen = !listOf(picker).hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (isOpen) mark(picker, memory.at < 0 && step < 0 ? -1 : memory.at + step);
    else ask(picker);
  } else if (event.key === "Enter") {
    if (isOpen || event.target.value) event.preventDefault();
    if (isOpen && isAnswered(picker)) choose(picker, memory.options[memory.at]);
    else if (event.target.value) {
      memory.isWanted = true; // the list is still that of other words
      ask(picker);
    }
  } else if (event.key === "Escape") {
    if (isOpen) event.preventDefault();
    close(picker);
  } else if (event.key === "Backspace" && !event.target.value) {
    [...picker.querySelectorAll(".picked")].at(-1)?.remove();
    fit(picker);
    changed(picker);
  } else if (event.key === "Tab" && isOpen && event.target.value && isAnswered(picker) && !memory.options[memory.at]?.create) {
    choose(picker, memory.options[memory.at]);
  }
});
document.addEventListener("mousedown", (event) => {
  const line = event.target.closest?.(".picker-list [role=option]");
  if (line) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const picker = pickerOf(event.target);
  for (const other of document.querySelectorAll("[data-picker]")) {
    if (other !== picker && !listOf(other).hidden) close(other);
  }
  if (!picker) return;
  const line = event.target.closest(".picker-list [role=option]");
  const remove = event.target.closest("[data-unpick]");
  if (line) choose(picker, stateOf(picker).options[[...line.parentElement.querySelectorAll("[role=option]")].indexOf(line)]);
  else if (remove) {
    remove.closest(".picked").remove();
    fit(picker);
    changed(picker);
    inputOf(picker).focus();
  } else if (!event.target.matches("input")) inputOf(picker).focus();
  else if (listOf(picker).hidden) ask(picker);
});
document.addEventListener("focusout", (event) => {
  const picker = pickerOf(event.target);
  if (!picker || picker.contains(event.relatedTarget)) return;
  close(picker);
  if (!isMultiple(picker)) inputOf(picker).value = "";
});

const start = (root) => { for (const picker of root.querySelectorAll?.("[data-picker]") ?? []) fit(picker); };
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
