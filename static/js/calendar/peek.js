// A look at a thing: what, when, who, and what can be done with it.
import { categoryOf, namesOf, titleOf } from "./block.js";
import { avatar, bdi, element, icon, putBeside } from "./dom.js";
import { when } from "./words.js";

const fact = (name, ...children) => element("p", { class: "cal-fact" }, icon(name), element("span", {}, ...children));

const people = (item, view) => {
  if (!item.people.length) return null;
  const shown = item.people.map((id) => view.people.get(id)).filter(Boolean).slice(0, 6);
  const rest = namesOf(item, view).length - shown.length;
  return element("p", { class: "cal-people" }, ...shown.map((person) => element("span", { class: "person" }, avatar(person), bdi(person.name))),
    ...(rest > 0 ? [element("span", { class: "hint" }, `+${rest}`)] : []));
};

const facts = (item, view) => {
  const { words } = view;
  const type = view.settings.types.find(({ id }) => id === item.type);
  return [
    fact(item.isTask ? "check-circle" : "clock", bdi(when(item, words))),
    !item.isBusy && item.beside ? fact("building", bdi(item.beside)) : null,
    type ? fact("tag", bdi(type.label)) : null,
    item.isSeries ? fact("arrow-repeat", words.repeats) : null,
    item.isPrivate ? fact("lock", words.private) : null,
    item.isOverdue ? element("p", { class: "cal-fact is-overdue" }, icon("exclamation-circle"), element("span", {}, words.overdue)) : null,
    item.isFree ? fact("people", words.unclaimed) : null,
  ].filter(Boolean);
};

export class Peek {
  constructor({ calendar, panel }) {
    Object.assign(this, { calendar, panel, key: "" });
    panel.addEventListener("toggle", ({ newState }) => {
      if (newState !== "closed") return;
      const isLost = !document.activeElement || document.activeElement === document.body;
      if (isLost) this.back?.();
      this.key = "";
    });
  }

  get isOpen() { return this.panel.matches(":popover-open"); }

  close() { if (this.isOpen) this.panel.hidePopover(); }

  button(name, text, act, extra = "") {
    return element("button", {
      type: "button", class: `button${extra}`,
      onclick: () => { this.close(); act(); },
    }, icon(name), text);
  }

  verbs(item, options) {
    const { calendar } = this;
    const { words, card, edit } = calendar.view;
    if (item.isBusy) return [];
    const open = element("a", { class: "button button-primary", href: card(item) }, words.open);
    const take = calendar.view.mayTake(item) ? [this.button("person-check", words.take, () => calendar.changes.take(item))] : [];
    if (!item.isMine) return [open, ...take];
    const box = this.panel.getBoundingClientRect();
    const more = { back: options.back, calendar: options.calendar };
    return [
      open,
      ...take,
      element("a", { class: "button", href: edit(item) }, icon("pencil"), words.edit),
      this.button("circle-half", words.showAs, () => calendar.menu.forStatus(item, this.box ?? box, more)),
      this.button("arrows-move", words.move, () => calendar.askMove(item, { calendar: options.calendar })),
      this.button("copy", words.copy, () => calendar.askMove(item, { calendar: options.calendar, isCopy: true })),
      this.button("trash", words.remove, () => calendar.changes.remove(item), " button-danger"),
    ];
  }

  // `focus`: opened by keyboard, or there is nothing to point at.
  open(item, box, options = {}) {
    const { words } = this.calendar.view;
    Object.assign(this, { box, back: options.back, key: item.key });
    const status = this.calendar.view.statuses.get(item.status);
    const close = element("button", { type: "button", class: "icon-button", "aria-label": words.close, onclick: () => this.close() }, icon("x-lg"));
    this.panel.replaceChildren(
      element("div", { class: "cal-peek-head" },
        element("h2", { id: "calendar-peek-title" }, bdi(titleOf(item, words))), close),
      ...(status && !item.isBusy ? [element("span", { class: `status status-${categoryOf(item, this.calendar.view)}` }, bdi(status.label))] : []),
      ...facts(item, this.calendar.view), people(item, this.calendar.view) ?? "",
      element("div", { class: "cal-peek-foot" }, ...this.verbs(item, options)),
    );
    if (!this.isOpen) this.panel.showPopover();
    putBeside(this.panel, box);
    this.panel.focus({ preventScroll: true });
    if (options.focus) (this.panel.querySelector(".cal-peek-foot > *") ?? close).focus();
  }
}
