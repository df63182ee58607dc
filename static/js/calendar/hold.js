// What is being dragged: where it was taken hold of, where it would go, and how that is shown.
import { block as drawBlock, line as drawLine } from "./block.js";
import { DAY, dayText, momentText } from "./days.js";
import { element } from "./dom.js";

export const isCopying = (event) => Boolean(event && (event.ctrlKey || event.altKey || event.metaKey));

export class Hold {
  constructor({ calendar, what, item, block, place, event }) {
    Object.assign(this, { calendar, what, item, block, place, keys: event });
    this.isFinger = event.pointerType !== "mouse";
    this.wasCopying = isCopying(event);
    [this.fromX, this.fromY] = [event.clientX, event.clientY];
    this.at(event);
    // How far below (above: negative) the pointer the edge lies, so that it does not jump.
    const clock = calendar.view.clock;
    if (what === "resize") this.grabbedEdge = Math.min(clock.total, clock.place(Math.min(item.to - place.day * DAY, DAY - 1))) - place.at;
    if (what === "resize" && item.to - place.day * DAY >= DAY) this.grabbedEdge = clock.total - place.at;
  }

  at(event) {
    [this.x, this.y, this.keys] = [event.clientX, event.clientY, event];
  }

  get distance() { return Math.hypot(this.x - this.fromX, this.y - this.fromY); }

  get isInHours() { return this.place.lane === null; }

  // A point outside is taken for the nearest inside; under the head the hours begin.
  inside() {
    const grid = this.calendar.root.querySelector(".cal-grid, .cal-month");
    const box = grid.getBoundingClientRect();
    const head = grid.querySelector(".cal-head")?.offsetHeight ?? 0;
    const isLocked = this.what !== "move" && this.isInHours;
    const top = box.top + (isLocked ? head + 1 : 2);
    return [
      Math.max(box.left + 2, Math.min(this.x, box.left + grid.clientWidth - 3)),
      Math.max(top, Math.min(this.y, Math.min(box.bottom, innerHeight) - 3)),
    ];
  }

  start() {
    this.isActive = true;
    getSelection()?.removeAllRanges();
    this.calendar.closePanels();
    document.documentElement.classList.add("is-dragging", `is-${this.what}-drag`);
    for (const each of this.blocks()) each.classList.add("is-held");
  }

  blocks() {
    if (!this.item) return [];
    return [...this.calendar.root.querySelectorAll(`.cal-item[data-key="${CSS.escape(this.item.key)}"]`)];
  }

  show(result) {
    document.documentElement.classList.toggle("is-refused", !result);
    if (!result) return;
    this.result = result;
    this.preview?.remove();
    this.preview = result.lane === null ? this.inHours(result) : this.inLane(result);
    this.preview.classList.add("is-preview");
    this.preview.removeAttribute("tabindex");
    this.preview.setAttribute("aria-hidden", "true");
  }

  // The thing as it would be.
  shown({ from, to, isAllDay }) {
    return { ...(this.item ?? {
      key: "", people: [], title: this.calendar.view.words.newEvent, beside: "", status: 0,
    }), from, to, isAllDay };
  }

  inHours(result) {
    const { view, root } = this.calendar;
    const { clock, columns } = view;
    const day = columns[result.column].day * DAY;
    const start = Math.max(0, result.from - day < 0 ? 0 : clock.place(result.from - day));
    const end = result.to - day >= DAY ? clock.total : clock.place(result.to - day);
    const height = Math.max(30, end - start);
    const made = drawBlock(this.shown(result), view, height);
    made.style.insetBlockStart = `${(start / clock.total) * 100}%`;
    made.style.blockSize = `${(Math.min(height, clock.total - start) / clock.total) * 100}%`;
    root.querySelector(`.cal-column[data-column="${result.column}"] .cal-pieces`).append(made);
    return made;
  }

  inLane(result) {
    const { view, root } = this.calendar;
    const cell = root.querySelector(`.cal-cell[data-lane="${result.lane}"][data-column="${result.column}"]`);
    const made = drawLine(this.shown(result), view);
    const isMonth = result.lane === "month";
    const offset = isMonth ? 1 : 2;
    const at = isMonth ? result.column % 7 : result.column;
    const wide = view.isGrouped ? 1 : Math.max(1, Math.round((result.to - result.from) / DAY));
    const most = isMonth ? 7 : view.columns.length;
    made.style.gridColumn = `${at + offset} / ${Math.min(at + wide, most) + offset}`;
    made.style.gridRow = isMonth ? 2 : 1;
    cell.parentElement.append(made);
    return made;
  }

  // The "+" beside the pointer says that this would be a copy: the key is down now, or was at the start.
  cue(isCopyNow) {
    const isCopy = this.what === "move" && this.item && (isCopyNow || this.wasCopying);
    this.plus ??= document.body.appendChild(element("div", { class: "cal-plus", "aria-hidden": "true" }, "+"));
    this.plus.hidden = !isCopy || !this.hasMoved;
    this.plus.style.left = `${this.x}px`;
    this.plus.style.top = `${this.y}px`;
    for (const each of this.blocks()) if (each !== this.preview) each.classList.toggle("is-copied", Boolean(isCopy));
  }

  people() {
    const { columns, isGrouped } = this.calendar.view;
    if (!isGrouped) return {};
    return { fromPerson: this.place.calendar.id, toPerson: columns[this.result.column].calendar.id };
  }

  async finish(isCopyNow) {
    const { calendar, item, result } = this;
    const isCopy = this.what === "move" && (isCopyNow || this.wasCopying);
    this.loosen();
    if (this.what === "select") {
      const { calendar: whose } = this.place;
      const { from, to, isAllDay } = result;
      location.assign(calendar.state.createLink(isAllDay
        ? { start: dayText(from / DAY), end: dayText(to / DAY - 1), allDay: true, task: result.lane === "tasks", calendar: whose }
        : { start: momentText(from), end: momentText(to), calendar: whose }));
      return;
    }
    const people = this.what === "resize" ? {} : this.people();
    const isSame = item.from === result.from && item.to === result.to && item.isAllDay === result.isAllDay
      && people.fromPerson === people.toPerson;
    if (!isSame) {
      this.preview?.classList.add("is-sending");
      await calendar.changes.move(item, { ...result, ...people, isCopy });
    }
    this.end();
  }

  loosen() {
    document.documentElement.classList.remove("is-dragging", "is-refused", `is-${this.what}-drag`);
    this.plus?.remove();
  }

  end() {
    this.loosen();
    this.isActive = false;
    this.preview?.remove();
    for (const each of this.blocks()) each.classList.remove("is-held", "is-copied", "is-lifted");
  }
}
