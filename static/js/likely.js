// Who is here already? Asked as one types what tells contacts apart, and when a line goes.
const TELLING = /^(name|first_name|last_name|aliases|vat_id|tax_code|phones-\d+-number|emails-\d+-address)$/;

const ask = (form) => {
  const place = form?.querySelector("[data-likely]");
  if (place) window.htmx?.trigger(place, "likely");
};
document.addEventListener("input", (event) => { if (TELLING.test(event.target.name ?? "")) ask(event.target.form); });
document.addEventListener("click", (event) => { if (event.target.closest("[data-row-remove]")) ask(event.target.closest("form")); });
