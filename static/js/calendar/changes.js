// Changes: what is sent, what is asked before, and what the answers mean. Each answers true when it
// was done; false means that everything springs back.
import { dayOfMoment, dayText, momentText } from "./days.js";
import { askScope, askSure } from "./dialogs.js";
import { post } from "./feed.js";

const toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "calendar", ...detail } }));
const addressOf = (url, item) => url.replace("/0/", `/${item.id}/`);

const timesOf = ({ from, to, isAllDay }) => (isAllDay
  ? { start: dayText(dayOfMoment(from)), end: dayText(dayOfMoment(Math.max(from, to - 1))), all_day: "1" }
  : { start: momentText(from), end: momentText(to), all_day: "0" });

export class Changes {
  // `refresh()` asks the feed again.
  constructor({ state, refresh }) {
    Object.assign(this, { state, refresh, underWay: 0 });
  }

  get isBusy() { return this.underWay > 0; }

  async send(verb, item, values) {
    const { words, settings } = this.state;
    const url = addressOf(settings.urls[verb], item);
    const answer = await post(url, { version: item.version, on: item.on, ...values });
    if (answer.status === 409 && answer.error === "overlap") {
      const isSure = await askSure({ title: words.overlapTitle, text: answer.text, yes: words.overlapYes });
      return isSure ? this.send(verb, item, { ...values, sure: "1" }) : false;
    }
    if (answer.status === 200) {
      // Who is quicker than the next answer of the feed has changed it themselves.
      if (answer.version && !item.on) item.version = answer.version;
      toast({ text: answer.text ?? words.done, undo: answer.undo ?? "" });
      await this.refresh();
      return true;
    }
    // What somebody else changed, or deleted, is drawn as it is now.
    const isGone = answer.status === 404;
    const isOld = isGone || answer.status === 409;
    const told = isGone ? words.gone : answer.text || (answer.status ? words.failed : words.offline);
    toast({ text: told, level: isOld ? "warning" : "error" });
    if (isOld) await this.refresh();
    return false;
  }

  async change(verb, item, values, title) {
    this.underWay += 1;
    try {
      const scope = title && item.isSeries ? await askScope(item, title) : "";
      if (title && item.isSeries && !scope) return false;
      return await this.send(verb, item, title ? { scope, ...values } : values);
    } finally {
      this.underWay -= 1;
    }
  }

  move(item, to) {
    const people = { from_person: to.fromPerson ?? "", to_person: to.toPerson ?? "" };
    const values = { ...timesOf(to), ...people, sure: "" };
    if (to.isCopy) return this.change("copy", item, values);
    return this.change("move", item, values, this.state.words.scopeMove);
  }

  show(item, status) {
    return this.change("status", item, { status }, this.state.words.scopeStatus);
  }

  take(item) { return this.change("take", item, {}); }

  async remove(item) {
    const { words } = this.state;
    if (!item.isSeries) {
      const isSure = await askSure({ title: words.removeTitle, text: words.removeText.replace("%(title)s", item.title), yes: words.remove });
      if (!isSure) return false;
    }
    return this.change("remove", item, {}, words.scopeRemove);
  }
}
