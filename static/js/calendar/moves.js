// Where a thing would be if it were dropped here: {from, to, isAllDay, column} in wall-clock minutes.
// What is not possible answers nothing, and the last possible place stays.
import { DAY, snap, STEP } from "./days.js";

const HALF = STEP / 2;
const limit = (value, least, most) => Math.max(least, Math.min(value, most));

const startPlace = (item, day, clock) => {
  const minute = item.from - day * DAY;
  return minute >= 0 && minute < DAY ? clock.place(minute) : minute;
};
const wallOf = (place, clock) => (place < 0 || place >= clock.total ? (place < 0 ? place : DAY + place - clock.total) : clock.wall(place));

// In the hours. A time off the half hour (10:10) stays while the thing goes sideways only.
const intoHours = ({ item, place: grabbed }, place, { clock }) => {
  const length = item.to - item.from;
  if (item.isTop) {
    if (!item.isAllDay && !item.isTask) return null; // what lasts days has no one hour
    const from = place.day * DAY + clock.wall(limit(Math.floor(place.at / STEP) * STEP, 0, clock.total - STEP));
    return { from, to: item.isTask ? from : from + 60, isAllDay: false };
  }
  const start = startPlace(item, grabbed.day, clock);
  const moved = place.at - grabbed.at;
  const wanted = Math.abs(moved) < HALF ? start : snap(start + moved);
  const from = place.day * DAY + wallOf(limit(wanted, start < 0 ? -DAY : 0, clock.total - STEP), clock);
  return { from, to: from + length, isAllDay: false };
};

const intoDay = ({ item, place: grabbed }, place) => {
  const days = (place.day - grabbed.day) * DAY;
  if (place.lane === "allDay" && grabbed.lane === null) {
    const from = place.day * DAY;
    return { from, to: from + DAY, isAllDay: true };
  }
  if (place.lane === "tasks" && !item.isTask) return null;
  return { from: item.from + days, to: item.to + days, isAllDay: item.isAllDay };
};

// Whoever a form lets one choose may get it, however much of their calendar one sees; whether they
// take it, the server says. A team's is chosen in the form.
const mayHave = (column, grabbed) => !column.calendar || column.calendar === grabbed.calendar
  || column.calendar.id > 0;

// The word for why a thing cannot be dropped here at all.
export const refusal = (hold, place) => (mayHave(place, hold.place) ? "" : "notTeam");

export const placed = (hold, place, view) => {
  if (!mayHave(place, hold.place)) return null;
  const to = place.lane === null ? intoHours(hold, place, view) : intoDay(hold, place);
  return to && { ...to, column: place.column, lane: place.lane };
};

export const resized = ({ item, place: grabbed, grabbedEdge }, place, { clock }) => {
  if (place.lane !== null) return null;
  const day = grabbed.day * DAY;
  const start = Math.max(0, startPlace(item, grabbed.day, clock));
  const end = limit(snap(place.at + grabbedEdge), start + STEP, clock.total);
  const wall = end === clock.total ? DAY : clock.wall(end);
  return { from: item.from, to: Math.max(day + wall, item.from + STEP), isAllDay: false, column: grabbed.column, lane: null };
};

const floor = (at) => Math.floor(at / STEP) * STEP;
export const selected = ({ place: grabbed }, place, { clock }) => {
  if (grabbed.lane !== null) {
    if (place.lane !== grabbed.lane) return null;
    const [first, last] = [grabbed.day, place.day].sort((a, b) => a - b);
    return { from: first * DAY, to: (last + 1) * DAY, isAllDay: true, column: grabbed.column, lane: grabbed.lane };
  }
  if (place.lane !== null) return null;
  const day = grabbed.day * DAY;
  const first = limit(floor(Math.min(grabbed.at, place.at)), 0, clock.total - STEP);
  const last = limit(floor(Math.max(grabbed.at, place.at)) + STEP, STEP, clock.total);
  const end = last === clock.total ? DAY : clock.wall(last);
  return { from: day + clock.wall(first), to: day + end, isAllDay: false, column: grabbed.column, lane: null };
};

// The same by keys: half an hour up or down, a day along.
export const nudged = (item, { minutes = 0, days = 0 }) => {
  const shift = days * DAY + (item.isTop && !item.isTask ? 0 : minutes);
  if (!shift) return null;
  const isOff = minutes && item.from % STEP;
  const from = isOff ? (minutes > 0 ? Math.ceil(item.from / STEP) : Math.floor(item.from / STEP)) * STEP : item.from + shift;
  return { from, to: item.to + (from - item.from), isAllDay: item.isAllDay };
};
