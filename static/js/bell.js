// The bell: its panel is fetched when it opens; its dot is asked for once a minute while the page
// is looked at, and at once when one comes back to it. The answer is 204 when nothing has changed.
const MINUTE = 60_000;
const bell = document.querySelector("[data-bell]");
let asked = Date.now();

const ask = async () => {
  const dot = document.getElementById("bell-dot");
  if (!dot || document.hidden || Date.now() - asked < MINUTE - 1000) return;
  asked = Date.now();
  try {
    const address = `${bell.dataset.bell}?shown=${dot.dataset.unread}`;
    const answer = await fetch(address, { redirect: "error" });
    if (answer.status === 200) dot.outerHTML = await answer.text();
  } catch {
    // Offline, or signed out elsewhere: the next click says so.
  }
};

if (bell) {
  setInterval(ask, MINUTE);
  document.addEventListener("visibilitychange", ask);
  bell.addEventListener("toggle", () => {
    if (bell.open) window.htmx?.trigger("#bell-panel", "bell:open");
  });
}
