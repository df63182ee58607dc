// One thing on the calendar as an element: in the hours, in a lane or a month, or as a row.
import { dayOfMoment, minuteOfMoment, timeText } from "./days.js";
import { bdi, icon } from "./dom.js";
import { rangeOf, when } from "./words.js";

const WORDLESS = 26; // px

const made = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
};
// Cloning is several times faster than making, and a week may hold two thousand.
const mould = made('<div class="cal-item" role="button" tabindex="-1"></div>');
const titleMould = made('<span class="cal-title"><bdi></bdi></span>');

export const titleOf = (item, words) => {
  if (item.isBusy) return words.busy;
  return item.title || words.untitled;
};
export const categoryOf = (item, view) => view.statuses.get(item.status)?.category ?? "off";
export const namesOf = (item, view) => item.people.map((id) => view.people.get(id)?.name).filter(Boolean);

export const spoken = (item, view) => {
  const { words } = view;
  return [
    titleOf(item, words), when(item, words), item.isBusy ? "" : item.beside,
    view.statuses.get(item.status)?.label, ...(item.isFree ? [words.unclaimed] : []), ...namesOf(item, view),
    item.isTask && words.task, item.isOverdue && words.overdue, item.isPrivate && words.private,
    item.isSeries && words.repeats,
  ].filter(Boolean).join(", ");
};

export const classesOf = (item, view) => [
  `is-${categoryOf(item, view)}`, item.isBusy && "is-busy", item.isFree && "is-free", item.isTask && "is-task",
  item.isOverdue && "is-overdue", item.isMine && "is-movable",
].filter(Boolean).join(" ");

// With nothing in it: what is too narrow for a word.
const bare = (item, view) => {
  const block = mould.cloneNode(false);
  block.className += ` ${classesOf(item, view)}`;
  block.setAttribute("data-key", item.key);
  block.setAttribute("aria-label", spoken(item, view));
  return block;
};
const base = (item, view) => {
  const block = bare(item, view);
  const title = titleMould.cloneNode(true);
  title.firstElementChild.textContent = titleOf(item, view.words);
  const marks = [
    item.isTask && (categoryOf(item, view) === "done" ? "check-circle-fill" : "check-circle"),
    item.isPrivate && "lock", item.isSeries && "arrow-repeat", item.isOverdue && "exclamation-circle",
  ].filter(Boolean);
  for (const mark of marks) title.insertBefore(icon(mark), title.lastElementChild);
  block.append(title);
  return block;
};

const span = (name, ...children) => {
  const child = document.createElement("span");
  child.className = name;
  child.append(...children);
  return child;
};
// Whose it is, where several calendars lie on one another.
const initials = (item, view) => {
  if (view.isGrouped || view.calendars.length < 2) return null;
  const letters = item.people.map((id) => view.people.get(id)?.initials).filter(Boolean);
  if (!letters.length) return null;
  const more = letters.length > 3 ? ` +${letters.length - 2}` : "";
  return span("cal-who", bdi(letters.slice(0, more ? 2 : 3).join(" ") + more));
};

// In the hours: the title, then time and place as far as the height allows (three lines at most).
export const block = (item, view, height, width = Infinity) => {
  if (width < WORDLESS) return bare(item, view);
  const made = base(item, view);
  made.classList.add(height < 45 ? "has-1" : height < 75 ? "has-2" : "has-3");
  const line = span("cal-beside", rangeOf(item));
  const beside = item.isFree ? view.words.unclaimed : item.isBusy ? "" : item.beside;
  if (beside) line.append(span("cal-dot", " ·\u00a0"), bdi(beside));
  made.append(line);
  const who = initials(item, view);
  if (who) {
    made.classList.add("has-who");
    made.append(who);
  }
  return made;
};

// In a lane or a month: one line.
export const line = (item, view) => {
  const made = base(item, view);
  made.classList.add("cal-line");
  if (!item.isAllDay) made.prepend(bdi(timeText(minuteOfMoment(item.from)), "cal-time range"));
  const who = initials(item, view);
  if (who) made.append(who);
  return made;
};

export const markCuts = (made, item, first, last) => {
  if (dayOfMoment(item.from) < first) made.classList.add("is-from-before");
  if (dayOfMoment(Math.max(item.from, item.to - 1)) > last) made.classList.add("goes-on");
};
