// A month: weeks of days, as many lines as there is room for, and "N more". Of many people it shows
// per day how many things there are, and of each group the first three.
import { line, markCuts } from "./block.js";
import { pack } from "./layout.js";
import { monthStart } from "./days.js";
import { avatar, bdi, element, moreText } from "./dom.js";
import { firstDay, inOrder, lastDay } from "./items.js";

const HEAD = 30; // px: the number of the day
const LINE = 24; // px: one thing
const LEAST = 2;

const rowsFor = (place, weeks) => {
  const room = place.clientHeight - 28;
  return Math.max(LEAST, Math.floor((room / weeks - HEAD - 4) / LINE));
};

const dayCell = (day, index, view) => {
  const { words, today, feed } = view;
  const names = feed.holidays.get(day) ?? [];
  const isOther = monthStart(day) !== monthStart(view.choice.day);
  const cell = element("div", {
    class: `cal-cell${day === today ? " is-today" : ""}${isOther ? " is-other" : ""}${names.length || !view.isWorkDay(day) ? " is-off" : ""}`,
    role: "group", "aria-label": [words.long(day), ...names].join(", "), data: { column: index, lane: "month", day },
  }, element("div", { class: "cal-date" },
    element("a", { href: view.link({ view: "day", day }), data: { go: "day", at: day }, "aria-label": words.long(day) }, words.number(day)),
    ...(names.length ? [element("span", { class: "cal-holiday", title: names.join(", ") }, bdi(names.join(", ")))] : [])));
  cell.style.gridColumn = (index % 7) + 1;
  return cell;
};

const more = (at, index, number, rows, view) => {
  const button = element("button", { type: "button", class: "cal-more", data: { more: index } }, ...moreText(view.words, number));
  button.style.gridColumn = at + 1;
  button.style.gridRow = rows + 1;
  return button;
};

// The last row is kept for "N more" where there is more than fits.
const drawLines = (week, days, from, view, room) => {
  const pieces = view.feed.items
    .filter((item) => firstDay(item) <= days[6] && lastDay(item) >= days[0] && (view.choice.tasks || !item.isTask))
    .sort(inOrder)
    .map((item) => ({ item, from: Math.max(0, firstDay(item) - days[0]), to: Math.min(6, lastDay(item) - days[0]) }));
  pack(pieces);
  const counts = days.map((_, at) => pieces.filter((piece) => piece.from <= at && at <= piece.to).length);
  const deepest = days.map((_, at) => Math.max(-1, ...pieces.filter((piece) => piece.from <= at && at <= piece.to).map((piece) => piece.row)));
  const limit = days.map((_, at) => (deepest[at] < room ? room : room - 1));
  const shown = days.map(() => 0);
  for (const { item, from: first, to, row } of pieces) {
    const columns = days.map((_, at) => at).slice(first, to + 1);
    if (columns.some((at) => row >= limit[at])) continue;
    for (const at of columns) shown[at] += 1;
    const made = line(item, view);
    made.dataset.column = from + first;
    made.style.gridColumn = `${first + 1} / ${to + 2}`;
    made.style.gridRow = row + 2;
    markCuts(made, item, days[first], days[to]);
    week.append(made);
  }
  counts.forEach((count, at) => { if (count > shown[at]) week.append(more(at, from + at, count - shown[at], room, view)); });
};

const drawGroup = (day, { id, number, items }, view) => {
  const calendar = view.people.get(id) ?? { name: view.words.others, initials: "…", color: "c6" };
  const link = view.link({ view: "day", day, who: [id] });
  const rest = number - items.length;
  return element("div", { class: "cal-group" },
    element("a", { class: "cal-group-head", href: link, data: { go: "day", at: day, who: id } }, avatar(calendar), bdi(calendar.name), element("span", { class: "count num" }, String(number))),
    ...items.map((item) => line(item, view)),
    ...(rest > 0 ? [element("a", { class: "cal-more", href: link, data: { go: "day", at: day, who: id } }, view.words.count("more", rest))] : []));
};
const drawCrowd = (cell, day, view) => {
  const told = view.feed.crowd.get(day);
  if (!told) return;
  cell.querySelector(".cal-date").append(element("span", { class: "cal-count" }, view.words.count("things", told.count)));
  cell.append(...told.groups.map((group) => drawGroup(day, group, view)));
};

const drawWeek = (days, from, view, room) => {
  const week = element("div", { class: "cal-week" });
  days.forEach((day, at) => {
    const cell = dayCell(day, from + at, view);
    if (view.feed.crowd) drawCrowd(cell, day, view);
    week.append(cell);
  });
  if (!view.feed.crowd) drawLines(week, days, from, view, room);
  return week;
};

export const drawMonth = (view, place) => {
  const { days, words } = view;
  const room = rowsFor(place, days.length / 7);
  const names = days.slice(0, 7).map((day) => element("span", {}, element("span", { class: "cal-weekday" }, words.weekdayShort(day))));
  const weeks = [];
  for (let at = 0; at < days.length; at += 7) weeks.push(drawWeek(days.slice(at, at + 7), at, view, room));
  const month = element("div", { class: `cal-month${view.feed.crowd ? " is-crowd" : ""}`, role: "region", tabindex: "-1", "aria-label": words.calendar },
    element("div", { class: "cal-weekdays", "aria-hidden": "true" }, ...names), ...weeks);
  month.style.setProperty("--cal-weeks", weeks.length);
  month.style.setProperty("--cal-rows", room);
  return month;
};
export const isMonthFull = (place, view, month) => rowsFor(place, view.days.length / 7) === Number(month.style.getPropertyValue("--cal-rows"));
