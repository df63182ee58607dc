// One file by dropping or choosing, sent with its form: <form data-drop> <label class="dropzone">
// <span data-drop-name>…</span> <input type="file"> </label> </form>.
const zoneOf = (target) => target.closest?.("form[data-drop] .dropzone");

document.addEventListener("change", (event) => {
  const zone = event.target.matches("input[type=file]") && zoneOf(event.target);
  const file = zone && event.target.files[0];
  if (!file) return;
  const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
  zone.querySelector("[data-drop-name]").replaceChildren(name);
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event.target);
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
