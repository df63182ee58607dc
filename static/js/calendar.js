// The calendar page: draws what the server says is on, and ties together what a person does there.
// Settings, words and the first answer of the feed lie in the page; see calendar/*.js for the parts.
import { drawAgenda } from "./calendar/agenda.js";
import { Changes } from "./calendar/changes.js";
import { dayOfMoment, dayText, momentText, stepped, DAY } from "./calendar/days.js";
import { askMove } from "./calendar/dialogs.js";
import { boxAt, element, icon, island } from "./calendar/dom.js";
import { Drag } from "./calendar/drag.js";
import { Feed, rememberer, takeBack } from "./calendar/feed.js";
import { Filters } from "./calendar/filters.js";
import { drawGrid, drawNow, scrollToWork } from "./calendar/grid.js";
import { readFeed } from "./calendar/items.js";
import { Keys } from "./calendar/keys.js";
import { onDay } from "./calendar/lanes.js";
import { Later } from "./calendar/later.js";
import { Menu } from "./calendar/menu.js";
import { drawMonth, isMonthFull } from "./calendar/month.js";
import { Peek } from "./calendar/peek.js";
import { choiceFrom, queryOf, State, withMembers } from "./calendar/state.js";

const byId = (id) => document.getElementById(id);
const toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "calendar", ...detail } }));

class Calendar {
  constructor(root) {
    this.root = root;
    const first = island("calendar-data");
    this.state = new State(island("calendar-settings"), island("calendar-words"));
    this.feed = new Feed({ state: this.state, first, take: (told) => this.take(told), isBusy: () => this.isBusy });
    this.changes = new Changes({ state: this.state, refresh: () => this.refresh() });
    this.menu = new Menu({ calendar: this, panel: byId("calendar-menu") });
    this.peek = new Peek({ calendar: this, panel: byId("calendar-peek") });
    this.keys = new Keys(this);
    this.later = new Later();
    this.drag = new Drag(this);
    this.remember = rememberer(this.state);
    this.filters = new Filters({
      state: this.state, bar: byId("calendar-bar"), change: (what) => this.change(what),
      step: (step) => this.change({ day: stepped(this.state.choice.view, this.state.choice.day, step) }),
      today: () => this.change({ day: dayOfMoment(this.state.now()) }),
    });
    this.arrow = element("span", { class: "cal-arrow", "aria-hidden": "true" }, icon("chevron-down"));
    this.listen();
    this.fit();
    this.filters.write();
    this.take(first, true);
    history.replaceState({ calendar: true }, "", this.address);
    // The address named a team alone: what its members do is asked for.
    if (this.state.choice.who.length > this.state.settings.who.length) this.refresh();
  }

  get address() { return `${this.state.settings.urls.page}?${queryOf(this.state.choice)}`; }

  get isBusy() {
    return Boolean(this.drag?.hold || this.changes?.isBusy || this.menu?.isOpen || document.querySelector("dialog[open]"));
  }

  take(told, isFirst = false) {
    this.told = readFeed(told);
    this.draw({ isFirst });
  }

  // Draws anew; what was scrolled to and focused stays.
  draw({ isFirst = false } = {}) {
    const { root, state } = this;
    const old = root.firstElementChild;
    const focused = document.activeElement?.closest?.(".cal-item, .cal-slot, .cal-row");
    const order = focused ? [...root.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key) : [];
    const scroll = old && [old.scrollLeft, old.scrollTop];
    const shape = `${state.choice.view} ${state.days} ${state.choice.group} ${state.choice.who}`;
    this.view = state.viewOf(this.told);
    this.view.old = [...root.querySelectorAll(".cal-column")];
    const draws = { month: () => drawMonth(this.view, root), list: () => drawAgenda(this.view) };
    const made = (draws[state.choice.view] ?? (() => drawGrid(this.view, root.clientWidth)))();
    const isSame = shape === this.shape;
    const scrolled = scrollY;
    root.className = `cal is-${state.choice.view}`;
    root.replaceChildren(made);
    this.later.run(this.view.later, isSame, () => this.refocus(focused && document.activeElement === document.body ? focused : null));
    if (focused?.dataset.key && !this.view.find(focused.dataset.key)) this.keys.inherit(focused.dataset.key, order);
    drawNow(root, this.view);
    if (!isSame) scrollToWork(root, this.view);
    else if (scroll) made.scrollTo({ left: scroll[0], top: scroll[1], behavior: "instant" });
    if (isSame && scrollY !== scrolled) scrollTo({ top: scrolled, behavior: "instant" });
    if (!isSame && !isFirst) this.say(state.title);
    Object.assign(this, { shape, width: root.clientWidth });
    this.refocus(focused);
    if (this.peek.isOpen && this.peek.key && !this.view.find(this.peek.key)) this.peek.close();
  }

  // The focus stays on the thing, wherever that is now.
  refocus(before) {
    const first = this.keys.ready();
    if (!before) return;
    const { key = "" } = before.dataset;
    const row = () => this.root.querySelector(`[data-menu-for="${CSS.escape(this.view.find(key) ? key : this.keys.key ?? "")}"]`);
    const again = before.matches(".cal-slot") ? this.keys.mark : before.matches(".cal-row") ? row() : first;
    again?.focus({ preventScroll: true });
  }

  // The choice, its address and what is kept of it; new days or people are asked for first.
  async change(what, { isBack = false } = {}) {
    const { state } = this;
    const before = state.choice;
    state.choice = { ...before, ...what };
    state.choice.who = withMembers(state.settings, state.choice.who);
    this.closePanels();
    this.filters.write();
    const isMove = "view" in what || "day" in what;
    if (!isBack) history[isMove ? "pushState" : "replaceState"]({ calendar: true }, "", this.address);
    if (!isBack) this.remember();
    if (Object.keys(what).join() === "group") { this.draw(); return; }
    await this.refresh();
  }

  // What was there stays, and is dimmed if it takes a while.
  async refresh() {
    const { root, state } = this;
    root.setAttribute("aria-busy", "true");
    root.classList.add("is-dimmed");
    try {
      await this.feed.ask();
    } catch {
      toast({ text: state.words.failed, level: "error" });
    }
    root.classList.remove("is-dimmed");
    root.removeAttribute("aria-busy");
  }

  say(text) { byId("calendar-said").textContent = text; }

  focus(key) {
    const block = this.root.querySelector(`.cal-item[data-key="${CSS.escape(key)}"], [data-menu-for="${CSS.escape(key)}"]`);
    if (block) this.keys.show(block);
  }

  closePanels() {
    this.menu.close();
    this.peek.close();
  }

  // What lies under a point: {column, day, calendar, lane (null in the hours), at (minute on the clock)}.
  placeAt(x, y) {
    const cell = document.elementsFromPoint(x, y).find((each) => each.matches(".cal-column, .cal-cell"));
    if (!cell || !this.root.contains(cell)) return null;
    const column = Number(cell.dataset.column);
    const box = cell.getBoundingClientRect();
    const { clock, columns } = this.view;
    return { column, ...columns[column], lane: cell.dataset.lane ?? null, at: ((y - box.top) / box.height) * clock.total };
  }

  // A place in half hours, as it is asked for when something new is made there.
  slotOf({ day, calendar, lane, at }) {
    const minute = lane === null ? this.view.clock.wall(Math.floor(at / 30) * 30) : null;
    return { day, calendar, minute, isTask: lane === "tasks" };
  }

  create({ day, minute, calendar, isTask = false }) {
    if (!this.view.settings.may_create) return;
    const from = day * DAY + (minute ?? 0);
    location.assign(this.state.createLink(minute === null
      ? { start: dayText(day), end: dayText(day), allDay: true, task: isTask, calendar }
      : { start: momentText(from), end: momentText(from + 60), calendar }));
  }

  async askMove(item, options) {
    const to = await askMove(this.state, item, options);
    if (to) await this.changes.move(item, to);
    this.focus(item.key);
  }

  openMenuAt(block, place, box, options = {}) {
    const item = block && this.view.find(block.dataset.key);
    const back = () => block && this.focus(block.dataset.key);
    if (item) this.menu.forItem(item, box, { below: true, back, calendar: place?.calendar, ...options });
    else if (place) this.menu.forPlace(this.slotOf(place), box, { below: true });
  }

  click(event) {
    const { target } = event;
    const go = target.closest("[data-go]");
    if (go && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.change({ view: go.dataset.go, day: Number(go.dataset.at), ...(go.dataset.who && { who: [Number(go.dataset.who)] }) });
      return;
    }
    const place = this.placeAt(event.clientX, event.clientY);
    const more = target.closest("[data-more]");
    if (more) {
      const column = this.view.columns[more.dataset.more];
      this.menu.forDay(column, onDay(this.view, column), more.getBoundingClientRect(), { below: true, back: () => more.isConnected && more.focus() });
      return;
    }
    const opener = target.closest("[data-menu-for]");
    const block = opener ?? target.closest(".cal-item");
    if (!block) return;
    const item = this.view.find(opener ? opener.dataset.menuFor : block.dataset.key);
    const box = block.getBoundingClientRect();
    const back = () => this.focus(item.key);
    if (opener) this.menu.forItem(item, box, { below: true, back });
    else if (target.closest(".cal-arrow")) this.openMenuAt(block, place, target.closest(".cal-arrow").getBoundingClientRect());
    else this.peek.open(item, box, { back, calendar: place?.calendar });
  }

  doubleClick(event) {
    const block = event.target.closest(".cal-item");
    const item = block && this.view.find(block.dataset.key);
    if (item) {
      if (!item.isBusy) location.assign(this.view.card(item));
      return;
    }
    const place = !event.target.closest("a, button") && this.placeAt(event.clientX, event.clientY);
    if (place && !this.view.feed.crowd) this.create(this.slotOf(place));
  }

  contextMenu(event) {
    if (event.shiftKey || event.target.closest("a, button:not(.cal-item)")) return;
    const block = event.target.closest(".cal-item, .cal-row");
    const place = this.placeAt(event.clientX, event.clientY);
    if (!block && !place) return;
    event.preventDefault();
    if (this.drag.isTouched) return; // the finger's menu comes when it leaves
    const isKey = event.button < 0 || (!event.clientX && !event.clientY);
    if (isKey) return;
    const open = () => this.openMenuAt(block, place, boxAt(event.clientX, event.clientY), { below: false });
    // Where the press alone asks for the menu, its release would close what is open by then.
    if (event.buttons) addEventListener("pointerup", () => setTimeout(open), { once: true });
    else open();
  }

  listen() {
    const { root } = this;
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", (event) => this.doubleClick(event));
    root.addEventListener("contextmenu", (event) => this.contextMenu(event));
    root.addEventListener("pointerover", ({ target }) => this.putArrow(target.closest(".cal-item")));
    root.addEventListener("focusin", ({ target }) => this.putArrow(target.closest(".cal-item")));
    document.addEventListener("submit", (event) => this.undo(event), true);
    addEventListener("popstate", () => this.change(choiceFrom(new URLSearchParams(location.search), this.state.choice), { isBack: true }));
    new ResizeObserver(() => this.fit()).observe(document.documentElement);
    setInterval(() => this.minute(), 60000);
  }

  // Taking back by a toast: here, without leaving the week one is in.
  async undo(event) {
    const form = event.target.closest("#toasts form");
    const { card } = this.state.settings.urls;
    if (!form || !new URL(form.action).pathname.startsWith(card.slice(0, card.indexOf("0")))) return;
    event.preventDefault();
    form.closest("[data-toast]")?.remove();
    for (const note of await takeBack(form.action)) toast(note);
    await this.refresh();
  }

  // One arrow for all: it sits on the thing that is pointed at or focused.
  putArrow(block) {
    if (!block || block === this.arrow.parentElement || this.drag.hold) return;
    const item = this.view.find(block.dataset.key);
    this.arrow.parentElement?.classList.remove("has-arrow");
    if (item?.isMine) block.append(this.arrow);
    else this.arrow.remove();
    block.classList.toggle("has-arrow", Boolean(item?.isMine) && !block.matches(".is-narrow"));
  }

  // The panel ends where the window does, and a month has as many lines as fit.
  fit() {
    const top = this.root.getBoundingClientRect().top + scrollY;
    this.root.style.setProperty("--cal-from", `${Math.round(top)}px`);
    if (!this.view || this.isBusy) return;
    const month = this.root.querySelector(".cal-month:not(.is-crowd)");
    const width = this.root.clientWidth;
    if (month ? !isMonthFull(this.root, this.view, month) : Math.abs(width - this.width) > 40) this.draw();
  }

  minute() {
    if (this.isBusy) return;
    const today = dayOfMoment(this.state.now());
    if (today === this.view.today) drawNow(this.root, this.view);
    else this.draw();
  }
}

const root = document.querySelector("[data-calendar]");
if (root) new Calendar(root);
