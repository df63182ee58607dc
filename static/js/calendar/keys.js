// The keyboard. Tab comes to a place in the hours (arrows move it by half an hour and by day, Enter
// makes something new there) and then to the things: arrows go to the next one, following the eye;
// Enter shows it, m moves it, Alt+arrows move it by half an hour or a day, Delete removes it.
import { DAY, timeText } from "./days.js";
import { element, isRtl } from "./dom.js";
import { label } from "./grid.js";
import { nudged } from "./moves.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const SLOT = 30;

// Where an arrow leads: along (days, mirrored from right to left) and down (time).
const arrow = ({ key }) => {
  const step = ARROWS[key];
  return step && { along: isRtl() ? -step[0] : step[0], down: step[1] };
};
const columnOf = (block) => Number(block.closest(".cal-column")?.dataset.column ?? block.dataset.column);
const isTyped = (target) => target.closest("input, select, textarea, [popover], dialog");

export class Keys {
  constructor(calendar) {
    this.calendar = calendar;
    this.going = 0;
    this.slot = { column: 0, minute: null };
    calendar.root.addEventListener("keydown", (event) => this.press(event));
    calendar.root.addEventListener("focusin", ({ target }) => this.come(target));
  }

  get blocks() { return [...this.calendar.root.querySelectorAll(".cal-item:not(.is-preview)")]; }

  // After each drawing: the things are one stop of Tab, and so is the place.
  ready(key) {
    const blocks = this.blocks;
    const first = blocks.find((block) => block.dataset.key === (key ?? this.key)) ?? blocks[0];
    if (first) first.tabIndex = 0;
    this.putSlot();
    return first;
  }

  // What is gone leaves its place to the next thing that is still there, or to the one before.
  inherit(key, order) {
    const there = new Set([...this.calendar.root.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key));
    const at = order.indexOf(key);
    this.key = [...order.slice(at + 1), ...order.slice(0, Math.max(0, at)).reverse()].find((each) => there.has(each));
  }

  come(target) {
    const block = target.closest(".cal-item");
    if (!block) return;
    for (const other of this.calendar.root.querySelectorAll(".cal-item[tabindex='0']")) if (other !== block) other.tabIndex = -1;
    block.tabIndex = 0;
    this.key = block.dataset.key;
    this.slot.column = columnOf(block);
  }

  press(event) {
    const { target } = event;
    if (event.isComposing || isTyped(target)) return;
    // "g" and a letter belong together, and lead elsewhere (shortcuts.js).
    if (event.key === "g") { this.going = Date.now(); return; }
    if (Date.now() - this.going < 1500) { this.going = 0; return; }
    const block = target.closest(".cal-item");
    const isDone = block ? this.onItem(event, block) : target.matches(".cal-slot") && this.onSlot(event);
    if (isDone) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  onItem(event, block) {
    const { calendar } = this;
    const item = calendar.view.find(block.dataset.key);
    if (!item) return false;
    const step = arrow(event);
    if (step && event.altKey) return this.nudge(item, step);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (step) return this.go(block, step);
    const box = block.getBoundingClientRect();
    const column = calendar.view.columns[columnOf(block)];
    const options = { back: () => calendar.focus(item.key), calendar: column?.calendar, focus: true };
    switch (event.key) {
      case "Enter": case " ": calendar.peek.open(item, box, options); return true;
      case "ContextMenu": calendar.menu.forItem(item, box, options); return true;
      case "F10": if (!event.shiftKey) return false; calendar.menu.forItem(item, box, options); return true;
      case "m": if (item.isMine) calendar.askMove(item, options); return true;
      case "Delete": case "Backspace": if (item.isMine) calendar.changes.remove(item); return true;
      case "Escape": this.toSlot(item, columnOf(block)); return true;
      default: return false;
    }
  }

  nudge(item, { along, down }) {
    const { calendar } = this;
    if (!item.isMine) { calendar.say(calendar.view.words.notYours); return true; }
    const to = nudged(item, { minutes: down * SLOT, days: along });
    if (to && !calendar.changes.isBusy) calendar.changes.move(item, to).then(() => calendar.focus(item.key));
    return true;
  }

  // The nearest thing that way; a column with none is passed over.
  go(block, { along, down }) {
    const from = block.getBoundingClientRect();
    const column = columnOf(block);
    const far = (other) => {
      const box = other.getBoundingClientRect();
      const columns = (columnOf(other) - column) * along;
      if (along) return columns > 0 ? columns * 1e5 + Math.abs(box.top - from.top) : Infinity;
      const isHere = columnOf(other) === column && other !== block;
      const drop = (box.top - from.top) * down;
      const order = (this.blocks.indexOf(other) - this.blocks.indexOf(block)) * down;
      return isHere && (drop > 0 || (drop === 0 && order > 0)) ? drop * 1e3 + Math.abs(box.left - from.left) : Infinity;
    };
    const next = this.blocks.map((other) => [far(other), other]).reduce((best, one) => (one[0] < best[0] ? one : best), [Infinity, null])[1];
    if (next) this.show(next);
    return true;
  }

  show(block) {
    block.focus({ preventScroll: true });
    block.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // The place where something new would begin.
  putSlot() {
    const { view, root } = this.calendar;
    if (!view.settings.may_create || view.choice.view === "list" || view.feed.crowd) return;
    const cells = root.querySelectorAll(view.choice.view === "month" ? ".cal-cell" : ".cal-column");
    if (!cells.length) return;
    const today = view.columns.findIndex(({ day }) => day === view.today);
    if (this.slot.minute === null) Object.assign(this.slot, { column: Math.max(0, today), minute: 540 });
    this.slot.column = Math.min(this.slot.column, cells.length - 1);
    const column = view.columns[this.slot.column];
    const time = view.choice.view === "month" ? "" : ` ${timeText(view.clock.wall(this.slot.minute))}`;
    this.mark ??= element("div", { class: "cal-slot", role: "button", tabindex: "0" });
    this.mark.setAttribute("aria-label", `${view.words.newEvent}: ${label(column, view.words)}${time}`);
    this.mark.dataset.time = time.trim();
    this.mark.style.insetBlockStart = time ? `${(this.slot.minute / view.clock.total) * 100}%` : "";
    this.mark.style.blockSize = time ? `${(SLOT / view.clock.total) * 100}%` : "";
    cells[this.slot.column].append(this.mark);
  }

  toSlot(item, column) {
    const minute = item.isTop ? this.slot.minute : Math.floor((item.from % DAY) / SLOT) * SLOT;
    Object.assign(this.slot, { column, minute });
    this.putSlot();
    this.mark?.focus();
  }

  onSlot(event) {
    const { calendar } = this;
    const { view } = calendar;
    const column = view.columns[this.slot.column];
    const isMonth = view.choice.view === "month";
    const step = !event.ctrlKey && !event.altKey && !event.metaKey && arrow(event);
    if (step) {
      const columns = view.columns.length;
      const along = isMonth ? step.along + 7 * step.down : step.along;
      this.slot.column = Math.max(0, Math.min(columns - 1, this.slot.column + along));
      if (!isMonth) this.slot.minute = Math.max(0, Math.min(view.clock.total - SLOT, this.slot.minute + step.down * SLOT));
      this.putSlot();
      this.mark.focus({ preventScroll: true });
      this.mark.scrollIntoView({ block: "nearest", inline: "nearest" });
      return true;
    }
    const minute = isMonth ? null : view.clock.wall(this.slot.minute);
    const place = { day: column.day, minute, calendar: column.calendar };
    if (event.key === "Enter" || event.key === " ") { calendar.create(place); return true; }
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      calendar.menu.forPlace(place, this.mark.getBoundingClientRect(), { below: true, back: () => this.mark.focus() });
      return true;
    }
    return false;
  }
}
