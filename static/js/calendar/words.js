// What the page says: labels come from the server, days and times from the browser's own calendar in
// the page's language.
import { dateOf, DAY, dayOfMoment, minuteOfMoment, timeText } from "./days.js";
import { bdi, element } from "./dom.js";

export const fill = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

export const wordsOf = (words, language) => {
  const locale = language === "en" ? "en-GB" : language;
  const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const kept = new Map();
  // Formatting a day is slow, and a page tells the same few days again and again.
  const told = (name, options) => {
    const formatter = format(options);
    return (day) => {
      const key = `${name}${day}`;
      if (!kept.has(key)) kept.set(key, formatter.format(dateOf(day)));
      return kept.get(key);
    };
  };
  const fullDay = { weekday: "long", day: "numeric", month: "long" };
  const full = told("f", { ...fullDay, year: "numeric" });
  const long = told("l", fullDay);
  const month = told("m", { month: "long", year: "numeric" });
  const range = format({ day: "numeric", month: "long", year: "numeric" });
  const isThisYear = (day) => dateOf(day).getUTCFullYear() === new Date().getFullYear();
  const plural = new Intl.PluralRules(locale);

  const title = (view, days, day) => {
    if (view === "day") return (isThisYear(day) ? long : full)(day).replace(/,/g, "");
    if (view === "month") return month(day);
    // The browser writes "30 novembre – 06 dicembre" in Italian.
    const parts = range.formatRangeToParts(dateOf(days[0]), dateOf(days.at(-1)));
    return parts.map(({ type, value }) => (type === "day" ? value.replace(/^0/, "") : value)).join("");
  };
  const count = (name, number) => {
    const pattern = words[`${name}_${plural.select(number)}`] ?? words[`${name}_other`] ?? words[name];
    return fill(pattern, { count: number });
  };
  return {
    ...words,
    title, count, long, full, month,
    fill: (name, values) => fill(words[name] ?? name, values),
    short: told("s", { weekday: "short", day: "numeric" }),
    weekdayShort: told("w", { weekday: "short" }),
    weekdayNarrow: told("n", { weekday: "narrow" }),
    medium: told("d", { weekday: "short", day: "numeric", month: "short" }),
    number: told("g", { day: "numeric" }),
  };
};

// "10:00–11:30"; what ends on another day says so elsewhere.
export const span = (item) => {
  const from = timeText(minuteOfMoment(item.from));
  return item.from === item.to ? from : `${from}–${timeText(minuteOfMoment(item.to))}`;
};
export const rangeOf = (item) => {
  const [from, to] = span(item).split(/(?=–)/);
  const made = bdi(from, "range");
  if (to) made.append(element("span", { class: "cal-until" }, to));
  return made;
};

// When a thing is, in a sentence: "Thursday 26 November 10:00–11:30", "23 November – 25 November".
export const when = (item, words) => {
  const first = dayOfMoment(item.from);
  const last = dayOfMoment(item.isAllDay ? item.to - 1 : Math.max(item.from, item.to - 1));
  if (item.isAllDay) return first === last ? words.long(first) : `${words.medium(first)} – ${words.medium(last)}`;
  if (first === last || item.to - item.from < DAY) return `${words.long(first)} ${span(item)}`;
  const [from, to] = [item.from, item.to].map(minuteOfMoment).map(timeText);
  return `${words.medium(first)} ${from} – ${words.medium(dayOfMoment(item.to))} ${to}`;
};
