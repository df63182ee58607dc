// Dragging: a thing to another time, day or person; its lower edge; and over empty hours to make
// something new. A mouse starts after a few pixels, a finger after a long touch (a long touch that
// goes nowhere is the menu). What may not be changed does not move.
import { boxAt } from "./dom.js";
import { isCopying, Hold } from "./hold.js";
import { placed, refusal, resized, selected } from "./moves.js";

const FAR = 5; // px
const EDGE = 8; // px: the lower edge
const FINGER_EDGE = 16;
const LONG = 450; // ms
const SCROLL_EDGE = 36; // px

const swallowClick = () => {
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 60);
};

export const isAtEdge = (block, event) => {
  const box = block.getBoundingClientRect();
  const edge = event.pointerType === "mouse" || event.pointerType === undefined ? EDGE : FINGER_EDGE;
  return block.closest(".cal-pieces") !== null && !block.classList.contains("goes-on")
    && box.height >= 2 * edge && event.clientY > box.bottom - edge;
};

export class Drag {
  constructor(calendar) {
    Object.assign(this, { calendar, hold: null });
    const { root } = calendar;
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("pointermove", (event) => this.hover(event));
    root.addEventListener("touchmove", (event) => { if (this.isActive) event.preventDefault(); }, { passive: false });
    addEventListener("pointermove", (event) => this.go(event));
    addEventListener("pointerup", (event) => this.drop(event));
    addEventListener("pointercancel", () => this.cancel());
    for (const type of ["keydown", "keyup"]) addEventListener(type, (event) => this.key(event), true);
  }

  get isActive() { return Boolean(this.hold?.isActive); }

  get isTouched() { return Boolean(this.hold && this.hold.isFinger); }

  hover(event) {
    const block = event.target.closest?.(".cal-item.is-movable");
    if (block && !this.hold) block.classList.toggle("is-edge", isAtEdge(block, event));
  }

  press(event) {
    if (event.button !== 0 || !event.isPrimary || this.hold) return;
    const { calendar } = this;
    const place = calendar.placeAt(event.clientX, event.clientY);
    if (!place || event.target.closest("a, button, .cal-arrow, .cal-agenda")) return;
    const block = event.target.closest(".cal-item");
    const item = block && calendar.view.find(block.dataset.key);
    if (block && (!item || (!item.isMine && event.pointerType === "mouse"))) return;
    const what = !item ? "select" : isAtEdge(block, event) ? "resize" : "move";
    if (what === "select" && (calendar.view.feed.crowd || !calendar.view.settings.may_create)) return;
    this.hold = new Hold({ calendar, what, item, block, place, event });
    if (!this.hold.isFinger) return;
    this.timer = setTimeout(() => this.lift(), LONG);
  }

  // The finger stayed: from here on it drags.
  lift() {
    if (!this.hold) return;
    navigator.vibrate?.(12);
    this.hold.isLifted = true;
    this.hold.block?.classList.add("is-lifted");
    if (!this.hold.item || this.hold.item.isMine) this.hold.start();
  }

  go(event) {
    const { hold } = this;
    if (!hold || !event.isPrimary) return;
    hold.at(event);
    if (!hold.isActive) {
      if (hold.distance < FAR) return;
      if (hold.isFinger) { this.cancel(); return; } // it scrolls
      hold.start();
    }
    hold.hasMoved ||= hold.distance >= FAR;
    this.update(event);
    this.scroll();
  }

  update(keys) {
    const { hold, calendar } = this;
    const place = calendar.placeAt(...hold.inside());
    if (place && hold.hasMoved) {
      const move = { select: selected, resize: resized, move: placed }[hold.what];
      hold.refusal = hold.what === "move" ? refusal(hold, place) : "";
      hold.show(move(hold, place, calendar.view));
    }
    hold.cue(isCopying(keys));
  }

  // Near an edge the hours go on by themselves.
  scroll() {
    if (this.frame) return;
    const step = () => {
      this.frame = 0;
      const { hold } = this;
      if (!hold?.isActive) return;
      const grid = this.calendar.root.querySelector(".cal-grid");
      if (!grid) return;
      const box = grid.getBoundingClientRect();
      const pull = (at, from, to) => (at < from + SCROLL_EDGE ? at - from - SCROLL_EDGE : Math.max(0, at - to + SCROLL_EDGE));
      const head = grid.querySelector(".cal-head").offsetHeight;
      const down = Math.max(-24, Math.min(24, pull(hold.y, box.top + (hold.isInHours ? head : -999), box.bottom) / 3));
      const along = Math.max(-24, Math.min(24, pull(hold.x, box.left, box.right) / 3));
      if (!down && !along) return;
      grid.scrollBy(along, down);
      this.update(hold.keys);
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  async drop(event) {
    const { hold, calendar } = this;
    if (!hold || !event.isPrimary) return;
    clearTimeout(this.timer);
    this.hold = null;
    const isMenu = hold.isLifted && !hold.hasMoved;
    if (hold.isActive || isMenu) swallowClick();
    if (isMenu) {
      hold.end();
      // Not before the browser is done with this touch: it would close what opens now.
      setTimeout(() => calendar.openMenuAt(hold.block, hold.place, boxAt(hold.x, hold.y)), 30);
      return;
    }
    if (hold.isActive && hold.hasMoved && hold.what === "move" && (hold.refusal || !hold.result)) {
      const text = calendar.view.words[hold.refusal || "notHere"];
      document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "warning" } }));
      hold.end();
      return;
    }
    if (!hold.isActive || !hold.result) { hold.end(); return; }
    await hold.finish(isCopying(event));
  }

  cancel() {
    clearTimeout(this.timer);
    this.hold?.end();
    this.hold = null;
  }

  key(event) {
    if (!this.isActive) return;
    if (event.key === "Escape" && event.type === "keydown") {
      event.preventDefault();
      event.stopPropagation();
      this.cancel();
      swallowClick();
      return;
    }
    this.hold.keys = event;
    this.hold.cue(isCopying(event));
  }
}
