// The bar above: period, view, whose calendars, how grouped, which types, tasks or not.
import { bdi, avatar, element, icon } from "./dom.js";
import { peopleChosen, silentChosen, VIEWS } from "./state.js";
import { MiniMonth } from "./minimonth.js";

const MANY = 8; // people: from here on they are searched

const toggle = (list, value) => (list.includes(value) ? list.filter((each) => each !== value) : [...list, value]);

// The lines are renewed by the click; only after it, or the menu takes it for one outside and closes.
const choice = ({ isOn, isBarred = false, hint = "" }, choose, ...children) => element("button", {
  type: "button", class: "menu-item cal-choice", "aria-pressed": String(isOn), disabled: isBarred, data: { keep: "" },
  onclick: () => setTimeout(choose),
}, element("span", { class: "cal-tick" }, icon("check")), ...children, ...(hint ? [element("span", { class: "hint" }, hint)] : []));

export class Filters {
  // `change(what)` changes the choice and draws anew.
  constructor({ state, bar, change, step, today }) {
    Object.assign(this, { state, bar, change });
    this.part = (name) => bar.querySelector(`[data-cal="${name}"]`);
    for (const button of bar.querySelectorAll("[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));
    this.part("today").addEventListener("click", today);
    for (const view of VIEWS) this.part(`view-${view}`)?.addEventListener("click", (event) => { event.preventDefault(); change({ view }); });
    this.part("tasks").addEventListener("click", () => change({ tasks: !state.choice.tasks }));
    this.month = new MiniMonth({ state, place: this.part("month"), today, choose: (day) => { this.part("month").closest("details").open = false; change({ day }); } });
    this.search = "";
    this.writeLegend();
  }

  write() {
    const { state } = this;
    const { choice: chosen } = state;
    this.part("title").textContent = state.title;
    for (const view of VIEWS) {
      const link = this.part(`view-${view}`);
      link?.toggleAttribute("aria-current", chosen.view === view);
      if (chosen.view === view) link?.setAttribute("aria-current", "true");
      link?.setAttribute("href", state.link({ view }));
    }
    this.part("tasks").setAttribute("aria-pressed", String(chosen.tasks));
    this.writeTeams();
    this.writePeople();
    this.writeGroup();
    this.writeTypes();
    this.month.write();
  }

  // What a menu holds is renewed while it is open; the focus stays on the same line.
  fill(name, label, isOn, lines) {
    const panel = this.part(name);
    const summary = panel.closest("details").querySelector("summary");
    summary.querySelector("[data-label]").replaceChildren(...[label].flat());
    summary.classList.toggle("is-on", isOn);
    const at = [...panel.querySelectorAll(".cal-choice")].indexOf(document.activeElement);
    panel.replaceChildren(...lines);
    if (at >= 0) panel.querySelectorAll(".cal-choice")[at]?.focus({ preventScroll: true });
  }

  writeTeams() {
    const { state } = this;
    const { settings, choice: chosen, words } = state;
    const details = this.part("teams").closest("details");
    details.hidden = !settings.teams.length;
    const on = settings.teams.filter(({ id }) => chosen.who.includes(id));
    const label = on.length === 1 ? bdi(on[0].name) : on.length ? words.count("teams", on.length) : words.teams;
    this.fill("teams", label, on.length > 0, settings.teams.map((team) => choice(
      { isOn: chosen.who.includes(team.id), hint: String(team.members.length) },
      () => this.chooseTeam(team),
      avatar(team), bdi(team.name),
    )));
  }

  // Choosing a team instead of oneself alone is what is meant; oneself can be ticked again.
  chooseTeam({ id }) {
    const { settings, choice: { who } } = this.state;
    const isAlone = who.length === 1 && who[0] === settings.me;
    if (!who.includes(id)) { this.setWho(isAlone ? [id] : [...who, id]); return; }
    const left = settings.teams.filter((team) => team.id !== id && who.includes(team.id)).flatMap((team) => team.members);
    const { members } = settings.teams.find((team) => team.id === id);
    this.setWho(who.filter((each) => each !== id && (left.includes(each) || !members.includes(each))));
  }

  setWho(who) { this.change({ who: who.length ? who : [this.state.settings.me] }); }

  // A team of which one is taken out is no longer chosen; the others of it are.
  choosePerson(id) {
    const { settings, choice: { who } } = this.state;
    const teams = settings.teams.filter((team) => team.members.includes(id)).map((team) => team.id);
    this.setWho(who.includes(id) ? who.filter((each) => each !== id && !teams.includes(each)) : [...who, id]);
  }

  writePeople() {
    const { state } = this;
    const { settings, choice: chosen, words } = state;
    const on = peopleChosen(settings, chosen.who);
    const silent = silentChosen(settings, chosen.who);
    const [first] = on.length ? on : silent;
    const isMe = on.length === 1 && on[0].id === settings.me;
    const number = on.length || silent.length;
    const label = number === 1 ? bdi(first.name) : words.count("people", number);
    const lines = settings.people.map((person) => {
      const line = choice(
        { isOn: chosen.who.includes(person.id), isBarred: person.level === "none" && !silent.includes(person), hint: person.level === "none" ? words.noAccess : person.level === "busy" ? words.busyOnly : "" },
        () => this.choosePerson(person.id), avatar(person), bdi(person.name),
      );
      line.hidden = !person.name.toLowerCase().includes(this.search);
      return line;
    });
    const head = settings.people.length > MANY ? [this.searchBox()] : [];
    const only = element("button", { type: "button", class: "menu-item", onclick: () => this.change({ who: [settings.me] }) }, icon("person"), words.onlyMe);
    this.fill("people", label, !isMe && !settings.teams.some(({ id }) => chosen.who.includes(id)), [...head, only, element("hr", { class: "menu-separator" }), ...lines]);
    this.writeSilent(silent);
  }

  // Whose hours are empty only because they are private.
  writeSilent(people) {
    const note = this.part("silent");
    note.hidden = !people.length;
    const names = people.flatMap(({ name }, at) => (at ? [", ", bdi(name)] : [bdi(name)]));
    note.lastElementChild.replaceChildren(...names, " · ", this.state.words.noAccess);
  }

  searchBox() {
    if (this.box) return this.box;
    const { words } = this.state;
    const input = element("input", { type: "search", placeholder: words.searchPeople, "aria-label": words.searchPeople });
    input.addEventListener("input", () => {
      this.search = input.value.trim().toLowerCase();
      for (const line of this.part("people").querySelectorAll(".cal-choice")) line.hidden = !line.textContent.toLowerCase().includes(this.search);
    });
    this.box = element("div", { class: "control cal-find" }, input);
    return this.box;
  }

  writeGroup() {
    const { choice: chosen, words } = this.state;
    const details = this.part("group").closest("details");
    details.hidden = ["month", "list"].includes(chosen.view);
    const names = { date: words.byDate, people: words.byPeople };
    this.fill("group", words.fill("groupBy", { what: names[chosen.group] }), false, Object.entries(names).map(([group, name]) => element("button", {
      type: "button", class: "menu-item", "aria-current": chosen.group === group ? "true" : null, onclick: () => this.change({ group }),
    }, icon(group === "date" ? "calendar3" : "people"), name)));
  }

  writeTypes() {
    const { settings, choice: chosen, words } = this.state;
    const on = settings.types.filter(({ id }) => chosen.types.includes(id));
    const label = on.length === 1 ? bdi(on[0].label) : on.length ? words.count("types", on.length) : words.allTypes;
    const all = element("button", { type: "button", class: "menu-item", "aria-current": on.length ? null : "true", onclick: () => this.change({ types: [] }) }, icon("tags"), words.allTypes);
    this.fill("types", label, on.length > 0, [all, element("hr", { class: "menu-separator" }), ...settings.types.map((type) => choice(
      { isOn: chosen.types.includes(type.id) }, () => this.change({ types: toggle(chosen.types, type.id) }), icon(type.icon || "tag"), bdi(type.label),
    ))]);
  }

  // One chip a category, with its first status's name: what the colours mean.
  writeLegend() {
    const { settings } = this.state;
    const seen = new Map();
    for (const { label, category, of } of settings.statuses) if (of !== "task" && !seen.has(category)) seen.set(category, label);
    this.part("legend").replaceChildren(...[...seen].map(([category, label]) => element("li", { class: `status status-${category}` }, bdi(label.toLocaleLowerCase()))));
  }
}
