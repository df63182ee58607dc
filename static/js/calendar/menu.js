// The menus of a thing and of an empty place: right click, the arrow on a thing, the menu key, a long
// touch. And "N more": the rest of a day.
import { line } from "./block.js";
import { momentText, dayText, DAY, dayOfMoment } from "./days.js";
import { bdi, element, icon, putBeside } from "./dom.js";

const item = (name, text, onclick, extra = "") => element("button", { type: "button", class: `menu-item${extra}`, onclick }, icon(name), text);
const link = (name, text, href) => element("a", { class: "menu-item", href }, icon(name), text);
const separator = () => element("hr", { class: "menu-separator" });

// Which statuses a thing may have; those of tasks are not those of events.
export const statusesFor = (thing, settings) => settings.statuses
  .filter(({ of }) => of === "both" || of === (thing.isTask ? "task" : "event"));

export class Menu {
  constructor({ calendar, panel }) {
    Object.assign(this, { calendar, panel, back: null });
    panel.addEventListener("toggle", ({ newState }) => {
      if (newState === "closed" && (!document.activeElement || document.activeElement === document.body)) this.back?.();
    });
    // Before what it does: a dialog gives the focus back to where it was before the menu.
    panel.addEventListener("click", ({ target }) => { if (target.closest(".menu-item")) this.close(); }, true);
  }

  get isOpen() { return this.panel.matches(":popover-open"); }

  close() { if (this.isOpen) this.panel.hidePopover(); }

  open(children, box, { below = false, back = null, label = "" } = {}) {
    this.close();
    this.back = back;
    this.panel.setAttribute("aria-label", label);
    this.panel.replaceChildren(...children);
    this.panel.showPopover();
    putBeside(this.panel, box, { below });
    this.panel.querySelector(".menu-item[aria-current], .menu-item")?.focus({ preventScroll: true });
  }

  // Statuses alone, or with everything else.
  statuses(thing) {
    const { calendar } = this;
    return [
      element("div", { class: "menu-label" }, calendar.view.words.showAs),
      ...statusesFor(thing, calendar.view.settings).map((status) => element("button", {
        type: "button", class: "menu-item", "aria-current": status.id === thing.status ? "true" : null,
        onclick: () => calendar.changes.show(thing, status.id),
      }, element("span", { class: `cal-swatch is-${status.category}` }), bdi(status.label))),
    ];
  }

  verbs(thing, calendarOf) {
    const { calendar } = this;
    const { words } = calendar.view;
    return [
      link("pencil", words.edit, calendar.view.edit(thing)), ...this.take(thing),
      item("copy", words.copy, () => calendar.askMove(thing, { calendar: calendarOf, isCopy: true })),
      item("arrows-move", words.move, () => calendar.askMove(thing, { calendar: calendarOf })),
      separator(), item("trash", words.remove, () => calendar.changes.remove(thing), " danger"),
    ];
  }

  take(thing) {
    const { changes, view } = this.calendar;
    return view.mayTake(thing) ? [item("person-check", view.words.take, () => changes.take(thing))] : [];
  }

  forItem(thing, box, options = {}) {
    if (thing.isBusy) return;
    const { words, card } = this.calendar.view;
    const open = link("box-arrow-up-right", words.open, card(thing));
    const parts = thing.isMine
      ? [...this.statuses(thing), separator(), open, ...this.verbs(thing, options.calendar)]
      : [open, ...this.take(thing)];
    this.open(parts, box, { ...options, label: thing.title });
  }

  forStatus(thing, box, options = {}) { this.open(this.statuses(thing), box, { ...options, label: thing.title }); }

  // An empty place: {day, minute|null, calendar}; minute is nothing in a lane or a month.
  forPlace({ day, minute, calendar }, box, options = {}) {
    const { state, view } = this.calendar;
    if (!view.settings.may_create) return;
    const from = day * DAY + (minute ?? 0);
    const isAllDay = minute === null;
    const event = isAllDay
      ? { start: dayText(day), end: dayText(day), allDay: true, calendar }
      : { start: momentText(from), end: momentText(from + 60), calendar };
    this.open([
      link("calendar-event", view.words.newEvent, state.createLink(event)),
      link("check-circle", view.words.newTask, state.createLink({ start: dayText(dayOfMoment(from)), task: true, allDay: true, calendar })),
    ], box, { ...options, label: view.words.newEvent });
  }

  // Everything of a day (and person), each with what a click on it does elsewhere.
  forDay(column, things, box, options = {}) {
    const { calendar } = this;
    const { words } = calendar.view;
    const lines = things.map((thing) => {
      const made = line(thing, calendar.view);
      const show = () => { this.close(); calendar.peek.open(thing, box, { ...options, calendar: column.calendar }); };
      made.classList.add("menu-item");
      made.tabIndex = 0;
      made.addEventListener("click", show);
      made.addEventListener("keydown", (event) => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); show(); } });
      return made;
    });
    const head = element("div", { class: "menu-label" }, words.long(column.day), ...(column.calendar ? [" · ", bdi(column.calendar.name)] : []));
    this.open([head, ...lines], box, { ...options, label: words.long(column.day) });
  }
}
