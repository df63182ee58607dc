// The form of an event or a task: what does not apply is out of the way, the end follows the start,
// and how it repeats is told in words.
const form = document.querySelector("form[data-form]");
const field = (name) => form?.elements.namedItem(name);
const boxOf = (name) => form?.querySelector(`#id_${name}, #field_id_${name}`)?.closest(".field");
const show = (name, isShown) => { const box = boxOf(name); if (box) box.hidden = !isShown; };

const times = () => {
  const isAllDay = field("all_day")?.checked ?? false;
  if (field("all_day")) for (const name of ["start_time", "end_time"]) show(name, !isAllDay);
};
const repeats = () => {
  const freq = field("repeat")?.value;
  const end = field("repeat_end")?.value;
  const byMonths = freq === "MONTHLY" || freq === "YEARLY";
  show("every", Boolean(freq));
  show("weekdays", freq === "WEEKLY");
  show("monthly_by", byMonths);
  show("month_end", byMonths && field("monthly_by")?.value === "day");
  show("repeat_end", Boolean(freq));
  show("repeat_until", Boolean(freq) && end === "until");
  show("repeat_count", Boolean(freq) && end === "count");
};

// Who moves the start moves the end along: the length stays.
const moment = (side) => {
  const day = field(`${side}s_on`)?.value;
  return day ? new Date(`${day}T${field(`${side}_time`)?.value || "00:00"}Z`) : null;
};
let length = null;
const measure = () => {
  const [start, end] = [moment("start"), moment("end")];
  length = start && end ? end - start : null;
};
const follow = () => {
  const start = moment("start");
  if (!start || length === null || length < 0 || Number.isNaN(start.valueOf())) return;
  const end = new Date(start.valueOf() + length).toISOString();
  field("ends_on").value = end.slice(0, 10);
  if (field("end_time")?.value) field("end_time").value = end.slice(11, 16);
};

// What the rule gives is told where it is chosen.
const told = document.querySelector(".repeats-told");
if (told) boxOf("repeat")?.closest(".more-body")?.append(told);

if (form) {
  times();
  repeats();
  measure();
  form.addEventListener("change", (event) => {
    times();
    repeats();
    if (field("start_time") && ["starts_on", "start_time"].includes(event.target.name)) follow();
    measure();
  });
}
