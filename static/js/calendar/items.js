// What the feed says, made easy to ask: an item has its moments in minutes and its flags as facts.
import { DAY, dayOf, dayOfMoment, momentOf } from "./days.js";

export const read = (row) => {
  const [key, start, end, flags, status, type, people, title, beside, version] = row;
  const [id, on = ""] = String(key).split("/");
  const has = (flag) => flags.includes(flag);
  const isAllDay = has("a");
  const from = isAllDay ? dayOf(start) * DAY : momentOf(start);
  const to = isAllDay ? (dayOf(end) + 1) * DAY : Math.max(momentOf(end), from);
  return {
    row, key: String(key), id: Number(id), on, from, to, status, type, people, title, beside, version,
    isAllDay, isTask: has("t"), isSeries: has("r"), isPrivate: has("l"), isFree: has("u"),
    isBusy: has("b"), isMine: has("e"), isOverdue: has("o"),
    // What lasts a day or longer, and every task, stands in a lane above the hours.
    isTop: isAllDay || has("t") || to - from >= DAY,
  };
};

export const firstDay = (item) => dayOfMoment(item.from);
export const lastDay = (item) => dayOfMoment(Math.max(item.from, item.to - 1));
export const isOn = (item, day) => firstDay(item) <= day && day <= lastDay(item);

// How things are ordered within a day: what lasts days first, then by time, tasks after events.
export const inOrder = (a, b) => Number(!a.isTop || a.isTask) - Number(!b.isTop || b.isTask)
  || Number(a.isTask) - Number(b.isTask) || a.from - b.from || b.to - a.to || a.id - b.id;

export const readFeed = (answer) => ({
  stamp: answer.stamp,
  from: dayOf(answer.from),
  to: dayOf(answer.to),
  items: answer.items.map(read),
  holidays: new Map(Object.entries(answer.holidays ?? {}).map(([day, names]) => [dayOf(day), names])),
  crowd: answer.days && new Map(Object.entries(answer.days).map(([day, { count, groups }]) => [dayOf(day), {
    count, groups: groups.map(([id, number, rows]) => ({ id, number, items: rows.map(read) })),
  }])),
});
