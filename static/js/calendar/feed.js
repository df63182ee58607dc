// Asks the server what is on the calendar: at every change of what is shown, after every change made
// here, and quietly every 20 seconds while somebody looks.
import { queryOf } from "./state.js";

const EVERY = 20000; // ms

export class Feed {
  // `take(answer)` gets each new answer; `isBusy()` says that this is no moment for one.
  constructor({ state, first, take, isBusy }) {
    Object.assign(this, { state, take, isBusy, stamp: first.stamp, asked: 0 });
    this.timer = setInterval(() => this.look(), EVERY);
    document.addEventListener("visibilitychange", () => this.look());
  }

  address(stamp) {
    const query = queryOf(this.state.choice);
    query.delete("group");
    if (stamp) query.set("stamp", stamp);
    return `${this.state.settings.urls.feed}?${query}`;
  }

  // An answer that was overtaken by a later question is dropped.
  async ask(stamp = "") {
    const number = this.asked += 1;
    const answer = await fetch(this.address(stamp), { headers: { Accept: "application/json" } });
    if (answer.status === 204 || number !== this.asked) return;
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) throw new Error("no feed");
    const told = await answer.json();
    if (number !== this.asked || (stamp && this.isBusy())) return;
    this.stamp = told.stamp;
    this.take(told);
  }

  look() {
    if (document.hidden || this.isBusy()) return;
    this.ask(this.stamp).catch(() => {}); // the next look will tell
  }
}

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

// Answers {status, …what the server said}; status 0 is no answer at all.
export const post = async (url, values) => {
  try {
    const answer = await fetch(url, {
      method: "POST", body: new URLSearchParams(values), keepalive: true,
      headers: { "X-CSRFToken": meta("csrf-token"), Accept: "application/json" },
    });
    const isJson = answer.headers.get("content-type")?.includes("json");
    return { ...(isJson ? await answer.json() : {}), status: answer.redirected ? 0 : answer.status };
  } catch {
    return { status: 0 };
  }
};

// Takes something back. The server answers with a page; what its notes say is passed on.
export const takeBack = async (url) => {
  try {
    const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": meta("csrf-token") } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll("#toasts [data-toast]")].map((note) => ({
      text: note.querySelector("span").textContent,
      level: ["error", "warning"].find((level) => note.classList.contains(`is-${level}`)) ?? "success",
    }));
  } catch {
    return [];
  }
};

// Keeps the person's choice; not at every click of a row of clicks, but before the page is left.
export const rememberer = (state) => {
  let timer = 0;
  const send = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    const query = queryOf(state.choice);
    query.delete("date");
    post(state.settings.urls.remember, query);
  };
  addEventListener("pagehide", send);
  return () => {
    clearTimeout(timer);
    timer = setTimeout(send, 800);
  };
};
