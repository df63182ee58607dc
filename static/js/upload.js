// Several files by dropping or choosing: <form data-upload action="…" method="post"
// enctype="multipart/form-data" data-too-big="…" data-failed="…" data-max="26214400"
// [data-refresh="#documents"]> <label class="dropzone">… <input type="file" name="files" multiple>
// </label> <ul class="uploads"></ul></form>. Each file is its own request, so one that is refused
// does not take the others with it; answers are 2xx {notes: [...]} or 4xx
// {errors: [...]}.
const AT_ONCE = 2;
const formOf = (target) => target.closest?.("form[data-upload]");

const line = (form, file) => {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("bdi"), { textContent: file.name, title: file.name });
  const share = Object.assign(document.createElement("span"), { className: "hint num" });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", file.name);
  item.append(name, share, bar);
  form.querySelector(".uploads").append(item);
  return { item, bar, share };
};
const fail = ({ item, bar, share }, words) => {
  bar.remove();
  share.remove();
  const error = Object.assign(document.createElement("span"), { className: "field-error", textContent: words });
  error.setAttribute("role", "alert");
  item.append(error);
};
const wordsOf = (xhr, kind) => {
  try { return JSON.parse(xhr.responseText)[kind]?.join(" ") ?? ""; } catch { return ""; }
};

const send = (form, file) => new Promise((done) => {
  const shown = line(form, file);
  if (form.dataset.max && file.size > Number(form.dataset.max)) {
    fail(shown, form.dataset.tooBig);
    done(false);
    return;
  }
  const data = new FormData(form);
  const name = form.querySelector("input[type=file]").name;
  data.delete(name);
  data.append(name, file);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", form.action);
  xhr.setRequestHeader("Accept", "application/json");
  xhr.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
  xhr.upload.addEventListener("progress", (event) => {
    shown.bar.value = event.lengthComputable ? (event.loaded / event.total) * 100 : 0;
    shown.share.textContent = `${Math.round(shown.bar.value)}%`;
  });
  xhr.addEventListener("loadend", () => {
    const good = xhr.status >= 200 && xhr.status < 300;
    if (good) shown.item.remove();
    else fail(shown, wordsOf(xhr, "errors") || form.dataset.failed);
    const note = good && wordsOf(xhr, "notes");
    if (note) document.dispatchEvent(new CustomEvent("toast", { detail: { text: note, level: "warning" } }));
    done(good);
  });
  xhr.send(data);
});

const sendAll = async (form, files) => {
  const waiting = [...files];
  let good = 0;
  const worker = async () => { while (waiting.length) if (await send(form, waiting.shift())) good += 1; };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  form.querySelector("input[type=file]").value = "";
  if (!good) return;
  const target = form.dataset.refresh && document.querySelector(form.dataset.refresh);
  if (target && window.htmx) window.htmx.trigger(target, "refresh");
  else if (good === files.length) location.reload();
};

document.addEventListener("change", (event) => {
  const form = event.target.matches("input[type=file]") && formOf(event.target);
  if (form && event.target.files.length) sendAll(form, [...event.target.files]);
});
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (!zone || !formOf(zone)) return;
    event.preventDefault();
    zone.classList.toggle("is-over", name === "dragenter" || name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) sendAll(formOf(zone), [...event.dataTransfer.files]);
  });
}
