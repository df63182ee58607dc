// Light, dark or as the device: at once here, and remembered on the server.
const root = document.documentElement;
const mark = () => {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === root.dataset.theme));
    button.classList.toggle("is-on", button.dataset.themeSet === root.dataset.theme);
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-set]");
  if (!button) return;
  root.dataset.theme = button.dataset.themeSet;
  mark();
  const url = button.closest("[data-theme-url]")?.dataset.themeUrl;
  if (!url) return;
  const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  fetch(url, { method: "POST", headers, body: new URLSearchParams({ theme: root.dataset.theme }) });
});
mark();
