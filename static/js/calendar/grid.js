// The hours: a day, a work week or a week, in one column a day, or a day and person.
import { block, markCuts } from "./block.js";
import { layOut } from "./layout.js";
import { drawLanes } from "./lanes.js";
import { DAY, dayOfMoment, minuteOf, timeText, weekday } from "./days.js";
import { avatar, bdi, element } from "./dom.js";

export const columnsOf = (view) => {
  if (!view.isGrouped) return view.days.map((day) => ({ day, calendar: null }));
  return view.days.flatMap((day) => view.calendars.map((calendar) => ({ day, calendar })));
};
export const label = ({ day, calendar }, words) => [words.long(day), calendar?.name].filter(Boolean).join(", ");

// px: under these there is room for the beginning only, and for next to nothing.
const TIGHT = 128;
const NARROW = 64;
const AT_ONCE = 500; // things

const percent = (minute, clock) => `${(minute / clock.total) * 100}%`;

const keyOf = (day, person) => `${day} ${person}`;

// What stands in each column, found in one pass: a week of everybody has hundreds of columns.
const sorted = (view) => {
  const found = new Map();
  for (const item of view.feed.items) {
    if (item.isTop) continue;
    const last = dayOfMoment(Math.max(item.from, item.to - 1));
    for (let day = dayOfMoment(item.from); day <= last; day += 1) {
      for (const person of view.isGrouped ? item.people : [null]) {
        const key = keyOf(day, person);
        if (found.has(key)) found.get(key).push(item);
        else found.set(key, [item]);
      }
    }
  }
  return ({ day, calendar }) => found.get(keyOf(day, calendar?.id ?? null)) ?? [];
};

// A thing over midnight is cut into a piece for each day.
const piecesOf = (column, items, view) => {
  const from = column.day * DAY;
  return layOut(items.map((item) => ({
    item,
    start: view.clock.place(Math.max(0, item.from - from)),
    end: item.to >= from + DAY ? view.clock.total : view.clock.place(item.to - from),
  })));
};

const put = (piece, view, column) => {
  const { item, start, end, at, span, of } = piece;
  const { clock } = view;
  // What begins just before midnight is moved up to be seen.
  const top = Math.min(start, clock.total - 30);
  const height = Math.min(Math.max(end - top, 30), clock.total - top);
  const width = (view.columnWidth * span) / of;
  const made = block(item, view, height, width);
  if (width < TIGHT) made.classList.add("is-tight");
  if (width < NARROW) made.classList.add("is-narrow");
  made.style.insetBlockStart = percent(top, clock);
  made.style.blockSize = `calc(${percent(height, clock)} - 1px)`;
  if (of > 1) {
    made.style.insetInlineStart = `${(at / of) * 100}%`;
    made.style.inlineSize = `calc(${(span / of) * 100}% - ${at + span < of && of < 6 ? 4 : 0}px)`;
  }
  markCuts(made, item, column.day, column.day);
  return made;
};

const worksOn = ({ days, start, end }, day, view) => {
  if (!days.includes(weekday(day)) || view.feed.holidays.has(day)) return null;
  return [minuteOf(start), end === "00:00" ? DAY : minuteOf(end)];
};
export const hoursOf = ({ day, calendar }, view) => {
  const person = calendar?.days ? calendar : view.person;
  return worksOn(person, day, view);
};

const drawColumn = (column, index, pieces, told, view) => {
  const { clock, words } = view;
  const made = element("div", {
    class: "cal-column", role: "group", "aria-label": label(column, words), data: { column: index },
  });
  if (view.groupStart(index)) made.classList.add("is-first");
  const hours = hoursOf(column, view);
  if (hours) {
    const work = element("div", { class: "cal-work" });
    const [from, to] = [clock.place(hours[0]), hours[1] === DAY ? clock.total : clock.place(hours[1])];
    work.style.insetBlockStart = percent(from, clock);
    work.style.blockSize = percent(to - from, clock);
    made.append(work);
  }
  const inner = element("div", { class: "cal-pieces" });
  const fill = () => {
    inner.append(...pieces.map((piece) => put(piece, view, column)));
    made.isWhole = true;
  };
  made.append(inner);
  made.told = told;
  if (view.isSeen(index)) fill();
  else view.later.push(fill);
  return made;
};

// A column on which nothing has changed stays as it is: most of what is drawn anew is one move.
const columnFor = (column, index, pieces, view) => {
  const told = JSON.stringify([column.day, column.calendar?.id, view.clock.total, Math.round(view.columnWidth), hoursOf(column, view), view.calendars.map(({ id }) => id), pieces.map(({ item }) => item.row)]);
  const old = view.old[index];
  return old?.told === told && old.isWhole ? old : drawColumn(column, index, pieces, told, view);
};

const drawAxis = ({ clock }) => {
  const axis = element("div", { class: "cal-axis", "aria-hidden": "true" });
  for (let place = 60; place < clock.total; place += 60) {
    const mark = element("span", {}, bdi(timeText(clock.wall(place)), "range"));
    mark.style.insetBlockStart = percent(place, clock);
    axis.append(mark);
  }
  return axis;
};

const dayHead = (day, view, span) => {
  const { words, today, feed } = view;
  const names = feed.holidays.get(day) ?? [];
  const head = element("div", { class: `cal-day${day === today ? " is-today" : ""}`, data: { day } },
    view.days.length > 1
      ? element("a", { href: view.link({ view: "day", day }), class: "cal-day-link", data: { go: "day", at: day }, "aria-label": words.long(day) },
        element("span", {}, words.weekdayShort(day)), " ", element("strong", {}, words.number(day)))
      : element("span", {}, element("strong", {}, words.long(day))),
    ...(names.length ? [element("span", { class: "cal-holiday", title: names.join(", ") }, bdi(names.join(", ")))] : []));
  head.style.gridColumn = `span ${span}`;
  return head;
};
const personHead = (calendar, index, view) => {
  const head = element("div", { class: "cal-person", title: calendar.name },
    avatar(calendar), bdi(calendar.name));
  if (view.groupStart(index)) head.classList.add("is-first");
  return head;
};

const drawHeads = (view) => {
  const { days, calendars, isGrouped } = view;
  const corner = () => element("div", { class: "cal-corner" });
  const rows = [];
  if (days.length > 1 || !isGrouped || view.feed.holidays.has(days[0])) {
    rows.push(corner(), ...days.map((day) => dayHead(day, view, isGrouped ? calendars.length : 1)));
  }
  if (isGrouped) rows.push(corner(), ...view.columns.map(({ calendar }, index) => personHead(calendar, index, view)));
  return rows;
};

// What a column has at least, as in calendar.css; wide things are scrolled to.
const LEAST = { day: 0, week: 92, people: 132 };
const widthOf = (view, room) => {
  const least = view.isGrouped ? LEAST.people : view.days.length > 1 ? LEAST.week : LEAST.day;
  return Math.max(least, (room - 60) / view.columns.length) - 12;
};

// What can be seen, from today on, and of that no more than is drawn in a moment.
const drawnFirst = (pieces, view, room) => {
  const all = view.columns.length;
  const inWindow = Math.ceil(room / view.columnWidth) + 1;
  const today = Math.max(0, view.columns.findIndex(({ day }) => day === view.today));
  const first = new Set();
  let count = 0;
  for (let step = 0; step < Math.min(all, inWindow) && count < AT_ONCE; step += 1) {
    const index = (today + step) % all;
    first.add(index);
    count += pieces[index].length;
  }
  return first;
};

export const drawGrid = (view, room) => {
  view.columnWidth = widthOf(view, room);
  const isWide = view.columns.length * view.columnWidth > room;
  const itemsOf = sorted(view);
  const pieces = view.columns.map((column) => piecesOf(column, itemsOf(column), view));
  const first = drawnFirst(pieces, view, room);
  view.isSeen = (index) => first.has(index);
  const head = element("div", { class: "cal-head" }, ...drawHeads(view), ...drawLanes(view));
  const body = element("div", { class: "cal-body" }, drawAxis(view), ...view.columns.map((column, index) => columnFor(column, index, pieces[index], view)));
  body.style.setProperty("--cal-hours", view.clock.total / 60);
  const grid = element("div", { class: `cal-grid is-${view.choice.view}${view.isGrouped ? " is-grouped" : ""}${isWide ? " is-wide" : ""}`, role: "region", tabindex: "-1", "aria-label": view.words.calendar }, head, body);
  grid.style.setProperty("--cal-columns", view.columns.length);
  return grid;
};

// Today's line, over today's columns, on the place that its clock gives the minute.
export const drawNow = (root, view) => {
  for (const old of root.querySelectorAll(".cal-now")) old.remove();
  const now = view.now();
  let isFirst = true;
  for (const made of root.querySelectorAll(".cal-column")) {
    const { day } = view.columns[made.dataset.column];
    if (now < day * DAY || now >= (day + 1) * DAY) continue;
    const mark = element("div", { class: `cal-now${isFirst ? " is-start" : ""}`, "aria-hidden": "true" });
    mark.style.insetBlockStart = percent(view.clock.place(now - day * DAY), view.clock);
    made.append(mark);
    isFirst = false;
  }
};

// Where the hours begin to be worth seeing: an hour before work starts.
export const scrollToWork = (root, view) => {
  const grid = root.querySelector(".cal-grid");
  const axis = grid?.querySelector(".cal-axis");
  if (!axis) return;
  const starts = view.columns.map((column) => hoursOf(column, view)?.[0]).filter((start) => start !== undefined);
  const from = Math.max(0, (starts.length ? Math.min(...starts) : 540) - 60);
  grid.scrollTop = (axis.offsetHeight * view.clock.place(from)) / view.clock.total - 12; // its label is whole
  const today = view.columns.findIndex(({ day }) => day === view.today);
  if (today > 0) grid.scrollLeft = (root.querySelectorAll(".cal-column")[today].offsetLeft - axis.offsetWidth);
};
