// What is asked in a dialog of the page: which of a series, whether really, and where to.
import { DAY, dayOf, dayOfMoment, dayText, minuteOf, minuteOfMoment, timeText } from "./days.js";
import { element } from "./dom.js";

const byId = (id) => document.getElementById(id);
const shown = (dialog, value) => new Promise((answer) => {
  dialog.returnValue = value;
  dialog.addEventListener("close", () => answer(dialog.returnValue), { once: true });
  dialog.showModal();
});

// The page's own question (ui/confirm.html).
export const askSure = async ({ title, text, yes }) => {
  const dialog = byId("confirm");
  dialog.querySelector("[data-confirm-title]").textContent = title;
  dialog.querySelector("[data-confirm-text]").textContent = text;
  dialog.querySelector("[data-confirm-yes]").textContent = yes;
  return (await shown(dialog, "no")) === "yes";
};

// "one", "following", "all", or nothing.
export const askScope = async (item, title) => {
  const dialog = byId("calendar-scope");
  dialog.querySelector("[data-scope-title]").textContent = item.title;
  dialog.querySelector("[data-scope-what]").textContent = title;
  const answer = await shown(dialog, "no");
  return ["one", "following", "all"].includes(answer) ? answer : "";
};

// Whoever a form lets one choose as responsible.
const personOptions = (state, item, from) => state.settings.people
  .map(({ id, name }) => element("option", { value: id, selected: id === from }, name));

const fillIn = (form, state, item, calendar, isCopy) => {
  const { elements } = form;
  const last = item.isAllDay ? item.to - 1 : item.to;
  elements.from_day.value = dayText(dayOfMoment(item.from));
  elements.to_day.value = dayText(dayOfMoment(last));
  const isOneDay = item.isAllDay;
  elements.from_time.value = isOneDay ? "09:00" : timeText(minuteOfMoment(item.from));
  elements.to_time.value = isOneDay ? "10:00" : timeText(minuteOfMoment(item.to));
  elements.all_day.checked = item.isAllDay;
  elements.copy.checked = isCopy;
  const from = calendar?.id ?? item.people[0];
  const options = personOptions(state, item, from);
  if (!options.some((option) => option.hasAttribute("selected"))) options.unshift(element("option", { value: from ?? "", selected: true }, state.people.get(from)?.name ?? "—"));
  elements.person.replaceChildren(...options);
  form.querySelector("[data-move-title]").textContent = item.title;
  form.classList.toggle("is-task", item.isTask);
  show(form);
};
const show = (form) => {
  const { elements } = form;
  for (const part of form.querySelectorAll("[data-timed]")) part.hidden = elements.all_day.checked;
  for (const name of ["from_time", "to_time"]) elements[name].disabled = elements.all_day.checked;
  if (form.classList.contains("is-task")) elements.to_time.disabled = true;
  elements.to_day.disabled = form.classList.contains("is-task");
};
const times = ({ elements }, isTask) => {
  const isAllDay = elements.all_day.checked;
  const moment = (side) => dayOf(elements[`${side}_day`].value) * DAY + (isAllDay ? 0 : minuteOf(elements[`${side}_time`].value));
  const from = moment("from");
  if (isTask) return { from, to: isAllDay ? from + DAY : from, isAllDay };
  return { from, to: moment("to") + (isAllDay ? DAY : 0), isAllDay };
};
const check = (form, words, isTask) => {
  const { from, to } = times(form, isTask);
  form.elements.to_day.setCustomValidity(to < from ? words.endsBefore : "");
};
// What begins later ends later: the length stays while the beginning is changed.
const follow = (form, before, isTask) => {
  const { elements } = form;
  const now = times(form, isTask);
  if (Number.isNaN(now.from) || isTask || now.isAllDay !== before.isAllDay) return;
  const to = now.from + (before.to - before.from);
  elements.to_day.value = dayText(dayOfMoment(now.isAllDay ? to - 1 : to));
  if (!now.isAllDay) elements.to_time.value = timeText(minuteOfMoment(to));
};

// Where to: everything that dragging does, for keyboard and finger. Answers {from, to, isAllDay,
// fromPerson, toPerson, isCopy} or nothing.
export const askMove = async (state, item, { calendar = null, isCopy = false } = {}) => {
  const dialog = byId("calendar-move");
  const form = dialog.querySelector("form");
  fillIn(form, state, item, calendar, isCopy);
  let before = times(form, item.isTask);
  form.oninput = (event) => {
    if (event.target.name.startsWith("from_")) follow(form, before, item.isTask);
    show(form);
    check(form, state.words, item.isTask);
    const now = times(form, item.isTask);
    if (!Number.isNaN(now.to - now.from)) before = now; // while a day is typed there is none
  };
  check(form, state.words, item.isTask);
  // Not a button that submits: Enter in a field presses the first one that does.
  form.querySelector("[data-cancel]").onclick = () => dialog.close("no");
  if ((await shown(dialog, "no")) !== "yes") return null;
  const fromPerson = calendar?.id ?? item.people[0] ?? "";
  const toPerson = Number(form.elements.person.value) || "";
  const isSame = fromPerson === toPerson;
  return {
    ...times(form, item.isTask), isCopy: form.elements.copy.checked,
    fromPerson: isSame ? "" : fromPerson, toPerson: isSame ? "" : toPerson,
  };
};
