// What is chosen (view, day, people, types …), its address, and what follows from it: the calendars,
// days and columns that are drawn.
import { clockOf } from "./clock.js";
import { columnsOf } from "./grid.js";
import { dayOf, dayOfMoment, daysOf, dayText, nowTeller, weekday } from "./days.js";
import { wordsOf } from "./words.js";

export const VIEWS = ["day", "work-week", "week", "month", "list"];
const numbers = (text) => (text ? text.split(",").map(Number).filter(Boolean) : []);

// A chosen team means its members, too: they are named beside it.
export const withMembers = (settings, who) => {
  const members = settings.teams.filter(({ id }) => who.includes(id)).flatMap((team) => team.members);
  const shared = new Set(settings.people.filter(({ level }) => level !== "none").map(({ id }) => id));
  return [...new Set([...who, ...members.filter((id) => shared.has(id))])];
};

export const choiceOf = (settings) => ({
  view: settings.view, day: dayOf(settings.date), group: settings.group, who: withMembers(settings, settings.who),
  types: settings.types_chosen ?? [], tasks: settings.tasks !== false,
});
// An address may leave out what stays as it was.
export const choiceFrom = (query, before) => ({
  view: VIEWS.includes(query.get("view")) ? query.get("view") : before.view,
  day: query.get("date") ? dayOf(query.get("date")) : before.day,
  who: query.has("who") ? numbers(query.get("who")) : before.who,
  group: query.get("group") ?? before.group,
  types: query.has("types") ? numbers(query.get("types")) : before.types,
  tasks: query.has("tasks") ? query.get("tasks") === "1" : before.tasks,
});
export const queryOf = ({ view, day, who, group, types, tasks }) => new URLSearchParams({
  view, date: dayText(day), who: who.join(","), group, types: types.join(","), tasks: tasks ? "1" : "0",
});

const cardOf = (urls, item) => urls.card.replace("/0/", `/${item.id}/`) + (item.on ? `?on=${item.on}` : "");
const editOf = (urls, item) => urls.edit.replace("/0/", `/${item.id}/`) + (item.on ? `?on=${item.on}` : "");

// What nobody of a chosen team has taken yet has a column of its own.
export const peopleChosen = (settings, who) => settings.people.filter(({ id, level }) => who.includes(id) && level !== "none");
// Whose calendars are private: an old address, or a share that was taken back.
export const silentChosen = (settings, who) => settings.people.filter(({ id, level }) => who.includes(id) && level === "none");
const calendarsOf = (settings, choice, feed) => {
  const teams = settings.teams.filter(({ id }) => choice.who.includes(id) && feed.items.some((item) => item.people.includes(id)));
  const people = peopleChosen(settings, choice.who);
  if (people.length || teams.length) return [...people, ...teams];
  const silent = silentChosen(settings, choice.who);
  return silent.length ? silent : settings.people.slice(0, 1);
};

export class State {
  constructor(settings, labels) {
    this.settings = settings;
    this.words = wordsOf({ ...settings.words, ...labels }, settings.language);
    this.choice = choiceOf(settings);
    for (const team of settings.teams) team.initials ??= team.name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("").toUpperCase();
    this.people = new Map([...settings.people, ...settings.teams].map((each) => [each.id, each]));
    this.statuses = new Map(settings.statuses.map((each) => [each.id, each]));
    this.now = nowTeller(settings);
  }

  get days() { return daysOf(this.choice.view, this.choice.day, this.settings); }

  get title() {
    const title = this.words.title(this.choice.view, this.days, this.choice.day);
    return title[0].toLocaleUpperCase() + title.slice(1);
  }

  link(change) { return `${this.settings.urls.page}?${queryOf({ ...this.choice, ...change })}`; }

  // Everything a drawing needs, in one place.
  viewOf(feed) {
    const { settings, choice, words, people, statuses, now, days } = this;
    const calendars = calendarsOf(settings, choice, feed);
    const isGrouped = choice.group === "people" && !["month", "list"].includes(choice.view);
    const view = {
      settings, choice, words, people, statuses, now, days, feed, calendars, isGrouped, later: [], old: [],
      today: dayOfMoment(now()), clock: clockOf(days, settings.zone),
      person: calendars.length === 1 && calendars[0].days ? calendars[0] : settings.people[0],
      link: (change) => this.link(change),
      card: (item) => cardOf(settings.urls, item),
      edit: (item) => editOf(settings.urls, item),
      // Who is in the team may take it, whatever else they may change.
      mayTake: (item) => item.isFree && (item.isMine || item.people.some((id) => id === settings.me
        || people.get(id)?.members?.includes(settings.me))),
      isWorkDay: (day) => settings.work_days.includes(weekday(day)),
      groupStart: (index) => isGrouped && days.length > 1 && index % calendars.length === 0,
      find: (key) => feed.items.find((item) => item.key === key)
        ?? [...(feed.crowd?.values() ?? [])].flatMap(({ groups }) => groups.flatMap(({ items }) => items)).find((item) => item.key === key),
    };
    view.columns = columnsOf(view);
    return view;
  }

  // Where something new is made; whose it is, is said when that is not plain.
  createLink({ start, end, calendar, allDay = false, task = false }) {
    const query = new URLSearchParams({ start, ...(end && { end }) });
    const owner = calendar?.id ?? (this.choice.who.length === 1 && this.choice.who[0] !== this.settings.me ? this.choice.who[0] : "");
    if (owner) query.set("owner", owner);
    if (allDay) query.set("all_day", "1");
    if (task) query.set("task", "1");
    return `${this.settings.urls.create}?${query}`;
  }
}
