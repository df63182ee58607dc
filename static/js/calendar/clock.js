// A day's own clock: how long it is, and where on it a wall-clock minute lies. On the night the clocks
// go back the repeated hour is drawn twice (a time in it means the first); on the night they go
// forward the hour that is not is left out. Only a day alone has its own: a week shares one axis.
import { DAY, wallIn } from "./days.js";

const MINUTE = 60000;
const plain = { total: DAY, place: (minute) => minute, wall: (minute) => minute };

// The instant at which a day begins in a zone, near enough: found from its wall clock.
const begins = (wall, day) => {
  let instant = day * DAY * MINUTE;
  for (let tries = 0; tries < 3; tries += 1) instant -= (wall(instant) - day * DAY) * MINUTE;
  return instant;
};

const changed = (wall, day, start, total) => {
  const shift = total - DAY; // +60: an hour twice
  const differs = (minute) => wall(start + minute * MINUTE) - day * DAY !== minute;
  let at = 0;
  while (at < total && !differs(at)) at += 15;
  const from = shift > 0 ? at : at - shift; // the first wall minute that lies elsewhere
  return {
    total,
    place: (minute) => Math.max(0, minute < from ? Math.min(minute, at) : minute + shift),
    wall: (place) => (place < at ? place : place - shift),
  };
};

export const clockOf = (days, zone) => {
  if (days.length !== 1) return plain;
  const wall = wallIn(zone);
  const [day] = days;
  const start = begins(wall, day);
  const total = Math.round((begins(wall, day + 1) - start) / MINUTE);
  return total === DAY ? plain : changed(wall, day, start, total);
};
