// The lanes above the hours: what is for whole days, and tasks. Three rows at most; the rest of a day
// is behind "N more".
import { line, markCuts } from "./block.js";
import { pack } from "./layout.js";
import { element, icon, moreText } from "./dom.js";
import { inOrder, isOn } from "./items.js";

const ROWS = 3;

// In one column a day a thing goes through the days it lasts; grouped by people it stands in each.
const piecesOf = (items, view) => {
  const { columns, isGrouped } = view;
  const pieces = [];
  for (const item of items) {
    const at = columns.flatMap((column, index) => (
      isOn(item, column.day) && (!column.calendar || item.people.includes(column.calendar.id)) ? [index] : []
    ));
    if (!at.length) continue;
    if (isGrouped) pieces.push(...at.map((index) => ({ item, from: index, to: index })));
    else pieces.push({ item, from: at[0], to: at.at(-1) });
  }
  return pieces;
};

const more = (index, number, view) => {
  const button = element("button", { type: "button", class: "cal-more", data: { more: index } }, ...moreText(view.words, number));
  button.style.gridColumn = index + 2;
  button.style.gridRow = ROWS + 1;
  return button;
};

const drawLane = (name, items, view) => {
  const pieces = piecesOf(items.sort(inOrder), view);
  const rows = pack(pieces);
  const hidden = new Map();
  const lane = element("div", { class: `cal-lane is-${name}`, role: "group", "aria-label": view.words[name] },
    element("div", { class: "cal-corner", title: view.words[name] }, icon(name === "tasks" ? "check-circle" : "calendar-event"), element("span", { class: "visually-hidden" }, view.words[name])));
  view.columns.forEach(({ day }, index) => {
    const cell = element("div", { class: `cal-cell${view.groupStart(index) ? " is-first" : ""}`, data: { column: index, lane: name } });
    cell.style.gridColumn = index + 2;
    if (day === view.today) cell.classList.add("is-today");
    lane.append(cell);
  });
  for (const { item, from, to, row } of pieces) {
    if (row >= ROWS && rows > ROWS) {
      for (let at = from; at <= to; at += 1) hidden.set(at, (hidden.get(at) ?? 0) + 1);
      continue;
    }
    const made = line(item, view);
    made.style.gridColumn = `${from + 2} / ${to + 3}`;
    made.style.gridRow = row + 1;
    made.dataset.column = from;
    markCuts(made, item, view.columns[from].day, view.columns[to].day);
    lane.append(made);
  }
  for (const [index, number] of hidden) lane.append(more(index, number, view));
  lane.style.setProperty("--cal-rows", Math.min(rows, ROWS) + (hidden.size ? 1 : 0));
  return lane;
};

export const drawLanes = (view) => {
  const top = view.feed.items.filter((item) => item.isTop);
  const tasks = top.filter((item) => item.isTask);
  const lanes = [drawLane("allDay", top.filter((item) => !item.isTask), view)];
  if (view.choice.tasks && tasks.length) lanes.push(drawLane("tasks", tasks, view));
  return lanes;
};

export const onDay = (view, { day, calendar }) => view.feed.items
  .filter((item) => isOn(item, day) && (!calendar || item.people.includes(calendar.id)) && (view.choice.tasks || !item.isTask))
  .sort(inOrder);
