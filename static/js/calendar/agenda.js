// The list: the same range as plain text, day by day. What a screen reader is best served with, and a
// phone, too.
import { classesOf, categoryOf, namesOf, titleOf } from "./block.js";
import { avatar, bdi, element, icon } from "./dom.js";
import { firstDay, inOrder, lastDay } from "./items.js";
import { rangeOf, when } from "./words.js";

const chip = (item, view) => {
  const { words } = view;
  if (item.isBusy) return element("span", { class: "status" }, words.busy);
  const label = view.statuses.get(item.status)?.label ?? "";
  return element("span", { class: `status status-${categoryOf(item, view)}` }, bdi(label));
};
const time = (item, words) => {
  const made = element("span", { class: "cal-row-time" });
  if (firstDay(item) !== lastDay(item)) made.append(when(item, words));
  else made.append(item.isAllDay ? (item.isTask ? words.task : words.allDay) : rangeOf(item));
  return made;
};
const mark = (name, text) => element("span", { class: "cal-mark", title: text }, icon(name), element("span", { class: "visually-hidden" }, text));
const marks = (item, words) => [
  item.isTask && mark("check-circle", words.task), item.isPrivate && mark("lock", words.private),
  item.isSeries && mark("arrow-repeat", words.repeats), item.isOverdue && mark("exclamation-circle", words.overdue),
].filter(Boolean);

const title = (item, view) => {
  const text = bdi(titleOf(item, view.words));
  if (item.isBusy) return element("span", { class: "row-title" }, text);
  return element("a", { class: "row-title", href: view.card(item) }, text);
};

const row = (item, view) => {
  const { words } = view;
  const secondary = [item.isFree ? words.unclaimed : "", item.isBusy ? "" : item.beside].filter(Boolean);
  const who = item.people.map((id) => view.people.get(id)).filter(Boolean);
  const menu = item.isBusy ? null : element("button", {
    type: "button", class: "icon-button", "aria-haspopup": "menu", data: { menuFor: item.key },
    "aria-label": words.fill("actionsFor", { title: titleOf(item, words) }),
  }, icon("three-dots"));
  return element("li", { class: `row-item cal-row ${classesOf(item, view)}`, data: { key: item.key } },
    chip(item, view), time(item, words),
    element("span", { class: "cal-row-what" }, title(item, view), ...marks(item, words),
      ...(secondary.length ? [element("span", { class: "secondary" }, ...secondary.flatMap((text, at) => (at ? [" · ", bdi(text)] : [bdi(text)])))] : [])),
    element("span", { class: "cal-row-who" }, ...who.slice(0, 4).map((calendar) => avatar(calendar)), element("span", { class: "visually-hidden" }, namesOf(item, view).join(", "))),
    element("span", { class: "end" }, menu));
};

const SOON = 60; // rows: more than a screen shows
const MANY = 40; // rows of a slice

const rowsOf = (items, view) => {
  const list = element("ul", { class: "rows" });
  const add = (some) => list.append(...some.map((item) => row(item, view)));
  const now = Math.max(0, SOON - view.shown);
  view.shown += items.length;
  add(items.slice(0, now));
  for (let at = now; at < items.length; at += MANY) view.later.push(() => add(items.slice(at, at + MANY)));
  return list;
};

const drawDay = (day, items, view) => {
  const names = view.feed.holidays.get(day) ?? [];
  return element("section", { class: "panel cal-agenda-day", "aria-labelledby": `agenda-${day}` },
    element("div", { class: "panel-head" },
      element("h2", { id: `agenda-${day}` }, view.words.long(day), ...(day === view.today ? [" ", element("span", { class: "count" }, view.words.today)] : [])),
      ...(names.length ? [element("span", { class: "hint" }, bdi(names.join(", ")))] : [])),
    rowsOf(items, view));
};

const empty = (words) => element("div", { class: "panel empty" }, icon("calendar-event"), element("h2", {}, words.nothing), element("p", {}, words.nothingHint));

export const drawAgenda = (view) => {
  const { days, feed } = view;
  view.shown = 0;
  const byDay = new Map(days.map((day) => [day, []]));
  for (const item of feed.items) {
    if (!view.choice.tasks && item.isTask) continue;
    const day = Math.max(firstDay(item), days[0]);
    byDay.get(day)?.push(item);
  }
  const filled = [...byDay].filter(([, items]) => items.length);
  const agenda = element("div", { class: "cal-agenda stack" }, ...filled.map(([day, items]) => drawDay(day, items.sort(inOrder), view)));
  if (!filled.length) agenda.append(empty(view.words));
  return agenda;
};
