// Wall-clock days and moments without a zone: a day is the number of days since 1970, a moment the
// number of minutes. The server speaks them as text ("2026-11-26", "2026-11-26T10:00").
export const DAY = 1440;
export const STEP = 30; // minutes: what dragging snaps to, and the shortest thing that is drawn

const MS = 86400000;
const pad = (number) => String(number).padStart(2, "0");

// Date.UTC would take the year 26, which a date field gives while one types, for 1926.
const utc = (year, month, day) => new Date(0).setUTCFullYear(year, month, day) / MS;
export const dayOf = (text) => (text ? utc(+text.slice(0, 4), text.slice(5, 7) - 1, +text.slice(8, 10)) : NaN);
export const minuteOf = (text) => +text.slice(-5, -3) * 60 + +text.slice(-2);
export const momentOf = (text) => dayOf(text) * DAY + (text.length > 10 ? minuteOf(text) : 0);
export const dateOf = (day) => new Date(day * MS); // to be formatted in UTC

export const dayText = (day) => dateOf(day).toISOString().slice(0, 10);
export const timeText = (minute) => `${pad(Math.floor(minute / 60) % 24)}:${pad(minute % 60)}`;
export const dayOfMoment = (moment) => Math.floor(moment / DAY);
export const minuteOfMoment = (moment) => moment - dayOfMoment(moment) * DAY;
export const momentText = (moment) => `${dayText(dayOfMoment(moment))}T${timeText(minuteOfMoment(moment))}`;

export const weekday = (day) => ((day + 3) % 7) + 1; // ISO: Monday is 1
export const weekStart = (day, first) => day - ((weekday(day) - first + 7) % 7);
const monthAt = (day, step) => {
  const date = dateOf(day);
  return utc(date.getUTCFullYear(), date.getUTCMonth() + step, 1);
};
export const monthStart = (day) => monthAt(day, 0);
// The same day of another month, or that month's last.
export const addMonths = (day, step) => {
  const first = monthAt(day, step);
  return Math.min(first + dateOf(day).getUTCDate() - 1, monthAt(day, step + 1) - 1);
};
export const snap = (minute) => Math.round(minute / STEP) * STEP;
export const range = (from, count) => Array.from({ length: count }, (_, at) => from + at);

// The days a view shows around one day.
export const daysOf = (view, day, { first_day: first, work_days: work }) => {
  if (view === "day") return [day];
  if (view === "month") {
    const from = weekStart(monthStart(day), first);
    const weeks = Math.ceil((addMonths(monthStart(day), 1) - from) / 7);
    return range(from, weeks * 7);
  }
  const week = range(weekStart(day, first), 7);
  const working = week.filter((each) => work.includes(weekday(each)));
  return view === "work-week" && working.length ? working : week;
};
export const stepped = (view, day, step) => {
  if (view === "day") return day + step;
  return view === "month" ? addMonths(day, step) : day + 7 * step;
};

// What time it is in the viewer's zone, whatever the machine believes: the server's word at the
// start, and from then on the zone's own rules, so that the line is right after a change of clocks.
const partsIn = (zone) => new Intl.DateTimeFormat("en-CA", {
  timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit",
});
export const wallIn = (zone) => {
  const format = partsIn(zone);
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    return momentOf(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`);
  };
};
export const nowTeller = ({ zone, now }) => {
  const wall = wallIn(zone);
  const slip = momentOf(now) - wall(Date.now());
  return () => wall(Date.now()) + (Math.abs(slip) > 1 ? slip : 0);
};
