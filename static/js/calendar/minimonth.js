// A small month to jump to a day. Arrows walk through the days, Page Up and Page Down through months.
import { addMonths, dateOf, daysOf, monthStart } from "./days.js";
import { element, icon, isRtl } from "./dom.js";

export class MiniMonth {
  constructor({ state, place, choose, today }) {
    Object.assign(this, { state, place, choose, today, at: state.choice.day });
    place.closest("details").addEventListener("toggle", ({ target }) => {
      if (!target.open) return;
      this.at = state.choice.day;
      this.write();
      this.focus();
    });
    place.addEventListener("keydown", (event) => this.key(event));
  }

  focus() { this.place.querySelector("[tabindex='0']")?.focus(); }

  key(event) {
    const ahead = isRtl() ? -1 : 1;
    const steps = { ArrowLeft: -ahead, ArrowRight: ahead, ArrowUp: -7, ArrowDown: 7 };
    const months = { PageUp: -1, PageDown: 1 };
    if (event.target.dataset.day === undefined) return;
    if (event.key in steps) this.at += steps[event.key];
    else if (event.key in months) this.at = addMonths(this.at, months[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.write();
    this.focus();
  }

  turn(step) {
    this.at = addMonths(monthStart(this.at), step);
    this.write();
  }

  turner(step, name, label) {
    return element("button", { type: "button", class: "icon-button", "aria-label": label, onclick: () => this.turn(step), data: { keep: "" } }, icon(name));
  }

  write() {
    const { state, at } = this;
    const { words, settings } = state;
    const days = daysOf("month", at, settings);
    const today = Math.floor(state.now() / 1440);
    const shown = new Set(state.days);
    const heads = days.slice(0, 7).map((day) => element("span", { "aria-hidden": "true" }, words.weekdayNarrow(day)));
    const cells = days.map((day) => element("button", {
      type: "button", tabindex: day === at ? "0" : "-1", data: { day },
      class: `${dateOf(day).getUTCMonth() === dateOf(at).getUTCMonth() ? "" : "is-other"}${shown.has(day) && state.choice.view !== "month" ? " is-shown" : ""}`,
      "aria-label": words.full(day), "aria-current": day === today ? "date" : null, onclick: () => this.choose(day),
    }, words.number(day)));
    this.place.replaceChildren(
      element("div", { class: "cal-mini-head" }, this.turner(-1, "chevron-left", words.monthBefore),
        element("strong", { "aria-live": "polite" }, words.month(at)), this.turner(1, "chevron-right", words.monthAfter)),
      element("div", { class: "cal-mini" }, ...heads, ...cells),
      element("button", { type: "button", class: "button", onclick: () => { this.place.closest("details").open = false; this.today(); } }, words.today),
    );
  }
}
