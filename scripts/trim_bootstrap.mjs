// Bootstrap without the components our look draws itself, inside @layer bootstrap so that our own
// rules win whatever their specificity. Dropping them also keeps its defaults from shining through.
const DROPPED = new RegExp(
  "\\.(" +
    [
      "accordion", "alert", "badge", "breadcrumb", "btn", "card", "carousel", "dropdown",
      "dropup", "dropend", "dropstart", "list-group", "modal", "nav", "navbar", "tab-content",
      "offcanvas", "page-item", "page-link", "pagination", "placeholder", "popover", "progress",
      "spinner", "table", "toast", "tooltip", "close", "collapsing", "collapse", "figure",
      "blockquote", "display", "lead", "h[1-6]", "link-", "bg-", "text-bg-", "border-", "shadow",
      "focus-ring", "bs-popover", "bs-tooltip", "input-group", "form-floating", "form-range",
      "form-select", "form-control", "form-text", "form-label", "valid-", "invalid-", "was-validated", "is-valid",
      "is-invalid", "text-(primary|secondary|success|info|warning|danger|light|dark|black|white|body|muted)",
      "opacity-", "text-opacity-", "z-", "user-select", "pe-", "rounded", "ratio-", "ratio",
      "icon-link", "fixed-", "sticky-", "hstack", "vstack", "stretched-link", "vr", "offset-",
      "translate-middle", "float-", "object-fit-", "thumbnail", "img-", "initialism", "fade", "show",
      "top-", "bottom-", "start-", "end-", "fs-", "font-", "fst-", "lh-",
    ].join("|") + ")",
);

const split = (css) => {
  const rules = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < css.length; i += 1) {
    if (css[i] === "{") depth += 1;
    else if (css[i] === "}" && (depth -= 1) === 0) {
      rules.push(css.slice(start, i + 1));
      start = i + 1;
    }
  }
  return rules;
};

const trimRule = (rule) => {
  const open = rule.indexOf("{");
  const head = rule.slice(0, open);
  const body = rule.slice(open + 1, -1);
  if (head.startsWith("@keyframes")) return "";
  if (head.startsWith("@")) {
    const inner = split(body).map(trimRule).join("");
    return inner ? `${head}{${inner}}` : "";
  }
  const kept = head.split(/,(?![^(]*\))/).filter((selector) => !DROPPED.test(selector));
  return kept.length ? `${kept.join(",")}{${body}}` : "";
};

export const trimBootstrap = (css) => {
  const bare = css.replace(/@charset[^;]*;/, "");
  const banner = bare.match(/\/\*![\s\S]*?\*\//)[0];
  const rules = split(bare.replace(/\/\*[\s\S]*?\*\//g, "")).map(trimRule).join("");
  return `${banner}\n@layer bootstrap{${rules.replaceAll("\n", "")}}\n`;
};
