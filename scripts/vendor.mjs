// Copies the third-party files we serve from node_modules to static/vendor/<name>/<version>/ and
// writes MANIFEST.json. The result is committed: run `npm ci --ignore-scripts && npm run vendor`
// only to change a version. Also strips registry addresses from package-lock.json.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { trimBootstrap } from "./trim_bootstrap.mjs";

const out = "static/vendor";
const manifest = {};

const PACKAGES = [
  {
    name: "bootstrap",
    files: {
      "dist/css/bootstrap.min.css": "bootstrap.min.css",
      "dist/css/bootstrap.rtl.min.css": "bootstrap.rtl.min.css",
    },
    change: trimBootstrap,
    note: "trimmed to what the look uses and put in @layer bootstrap; see scripts/trim_bootstrap.mjs",
  },
  { name: "htmx.org", files: { "dist/htmx.min.js": "htmx.min.js" } },
  {
    name: "@fontsource-variable/inter",
    folder: "inter",
    files: {
      "files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
      "files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    },
  },
  {
    name: "@fontsource/noto-sans-hebrew",
    folder: "noto-sans-hebrew",
    files: {
      "files/noto-sans-hebrew-hebrew-400-normal.woff2": "hebrew-400.woff2",
      "files/noto-sans-hebrew-hebrew-600-normal.woff2": "hebrew-600.woff2",
    },
  },
];

// Our name is the icon's name; one sprite, so that a page of fifty rows names each icon once.
const ICONS = `
  archive arrow-clockwise arrow-counterclockwise arrow-down arrow-left arrow-repeat arrow-right
  arrow-up arrows-move bar-chart bell bell-slash bookmark bookmark-star box-arrow-right
  box-arrow-up-right briefcase building calendar3 calendar-event cart chat-left-text check
  check-circle check-circle-fill check2-all chevron-down chevron-left chevron-right chevron-up circle-half clock
  clock-history cloud-upload columns-gap copy dash download envelope exclamation-circle
  exclamation-triangle eye eye-slash file-earmark file-earmark-image file-earmark-pdf
  file-earmark-spreadsheet file-earmark-text file-earmark-zip flag folder funnel gear geo-alt
  globe2 grip-vertical hash headset house info-circle journal-text key keyboard
  layout-three-columns life-preserver link-45deg list list-task lock megaphone moon paperclip
  pencil people person person-check person-plus phone pin-angle plus plus-lg printer
  question-circle receipt save search send shield-check shield-lock sliders sort-down star
  star-fill sun tag tags telephone three-dots three-dots-vertical tools translate trash
  trash3 truck unlock upload x x-circle x-lg
`.trim().split(/\s+/);

const save = (path, content, about) => {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  const sha384 = createHash("sha384").update(content).digest("base64");
  manifest[path] = { ...about, sha384: `sha384-${sha384}` };
};

const about = (name, note) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
  return { package: name, version, licence: license, ...(note && { note }) };
};

rmSync(out, { recursive: true, force: true });
for (const { name, folder = name, files, change, note } of PACKAGES) {
  const facts = about(name, note);
  for (const [from, to] of Object.entries(files)) {
    let content = readFileSync(`node_modules/${name}/${from}`);
    if (/\.(css|js)$/.test(to)) {
      content = content.toString().replace(/\s*\/[/*]# sourceMappingURL=[^\n]*/g, "\n");
      if (change) content = change(content);
    }
    save(`${folder}/${facts.version}/${to}`, content, facts);
  }
  const licence = ["LICENSE", "LICENSE.md"].map((file) => {
    try { return readFileSync(`node_modules/${name}/${file}`); } catch { return null; }
  }).find(Boolean);
  if (licence) save(`${folder}/${facts.version}/LICENSE`, licence, facts);
}

const symbols = ICONS.map((icon) => {
  const svg = readFileSync(`node_modules/bootstrap-icons/icons/${icon}.svg`, "utf8");
  const [, box] = svg.match(/viewBox="([^"]+)"/);
  const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${icon}" viewBox="${box}">${inside.replace(/\s*\n\s*/g, "")}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
save("../icons.svg", sprite, about("bootstrap-icons"));

const sorted = Object.fromEntries(Object.entries(manifest).sort());
writeFileSync(join(out, "MANIFEST.json"), JSON.stringify(sorted, null, 2) + "\n");

const lock = JSON.parse(readFileSync("package-lock.json"));
for (const entry of Object.values(lock.packages)) delete entry.resolved;
writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");
