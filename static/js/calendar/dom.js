// Small makers of elements. Names, times and titles are isolated (<bdi>): a Hebrew page holds Latin
// names, and the other way round.
const sprite = document.querySelector("[data-calendar]")?.dataset.icons ?? "";
const DIRECTED = new Set(["chevron-left", "chevron-right", "box-arrow-up-right"]);
const SVG = "http://www.w3.org/2000/svg";

export const element = (name, properties = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.className = value;
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};
export const bdi = (text, name = "") => element("bdi", name ? { class: name } : {}, text);

const makeIcon = (name, extra) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon${DIRECTED.has(name) ? " icon-flip" : ""}${extra && ` ${extra}`}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
};
// A copy is quicker than a new one, and a week has thousands.
const icons = new Map();
export const icon = (name, extra = "") => {
  const key = `${name} ${extra}`;
  if (!icons.has(key)) icons.set(key, makeIcon(name, extra));
  return icons.get(key).cloneNode(true);
};

export const avatar = ({ initials, color, name }, extra = "") => element(
  "span", { class: `avatar ${color}${extra && ` ${extra}`}`, title: name, "aria-hidden": "true" }, initials,
);
// "3 more", and "+3" where there is no room.
export const moreText = (words, number) => [
  element("span", { class: "is-long" }, words.count("more", number)),
  element("span", { class: "is-short", "aria-hidden": "true" }, bdi(`+${number}`, "num")),
];
export const isRtl = () => document.documentElement.dir === "rtl";
export const island = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");

// Beside what it is about, inside the window; the element is position: fixed.
export const putBeside = (panel, box, { below = false } = {}) => {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const edge = 8;
  const after = isRtl() ? box.left - width - edge : box.right + edge;
  const otherSide = isRtl() ? box.right + edge : box.left - width - edge;
  const fits = (x) => x >= 4 && x + width <= innerWidth - 4;
  let x = after;
  let y = box.top;
  if (below || (!fits(after) && !fits(otherSide))) {
    x = isRtl() ? box.right - width : box.left;
    y = box.bottom + 4 + height <= innerHeight ? box.bottom + 4 : box.top - height - 4;
  } else if (!fits(after)) x = otherSide;
  panel.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
  panel.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
};
export const boxAt = (x, y) => ({ left: x, right: x, top: y, bottom: y });
