"""What stands in the invented calendars: (icon of the type, what) by language; {who} is a customer."""

VISITS: dict[str, tuple[tuple[str, str], ...]] = {
    "it": (
        ("tools", "Manutenzione trimestrale, {who}"),
        ("tools", "Riparazione caldaia, {who}"),
        ("tools", "Collaudo telecamere, {who}"),
        ("tools", "Cella frigorifera n. 2, {who}"),
        ("calendar-event", "Sopralluogo da {who}"),
        ("briefcase", "Visita commerciale, {who}"),
        ("telephone", "Chiamare {who} per il rinnovo"),
        ("flag", "Avvio lavori, {who}"),
        ("megaphone", "Presentazione online per {who}"),
    ),
    "ro": (
        ("tools", "Revizie trimestrială, {who}"),
        ("tools", "Reparație centrală, {who}"),
        ("tools", "Montaj camere, {who}"),
        ("calendar-event", "Vizită tehnică la {who}"),
        ("briefcase", "Vizită comercială, {who}"),
        ("telephone", "De sunat {who} pentru prelungire"),
        ("megaphone", "Prezentare online pentru {who}"),
    ),
    "he": (
        ("tools", "טיפול רבעוני, {who}"),
        ("tools", "תיקון דוד, {who}"),
        ("tools", "התקנת מצלמות, {who}"),
        ("calendar-event", "ביקור מקדים אצל {who}"),
        ("briefcase", "פגישת מכירה, {who}"),
        ("telephone", "להתקשר אל {who} לגבי החידוש"),
        ("megaphone", "מצגת מקוונת עבור {who}"),
    ),
}
VISITS["en"] = VISITS["it"]

INTERNAL: dict[str, tuple[str, ...]] = {
    "it": ("Riunione commerciale", "Revisione offerte", "Magazzino: inventario", "Colloquio"),
    "ro": ("Ședință de vânzări", "Verificarea ofertelor", "Inventar depozit"),
    "he": ("ישיבת מכירות", "בדיקת הצעות", "ספירת מלאי"),
}
INTERNAL["en"] = ("Sales meeting", "Offer review", "Interview")

TASKS: dict[str, tuple[tuple[str, str], ...]] = {
    "it": (
        ("receipt", "Preventivo per {who}"),
        ("telephone", "Richiamare {who}"),
        ("envelope", "Inviare le foto a {who}"),
        ("check-circle", "Ordinare i ricambi per {who}"),
    ),
    "ro": (
        ("receipt", "Ofertă pentru {who}"),
        ("telephone", "De sunat înapoi {who}"),
        ("check-circle", "De comandat piese pentru {who}"),
    ),
    "he": (
        ("receipt", "הצעת מחיר עבור {who}"),
        ("telephone", "לחזור אל {who}"),
        ("check-circle", "להזמין חלקים עבור {who}"),
    ),
}
TASKS["en"] = TASKS["it"]

# Of each team, by its language: every Monday morning, and every month on the last Friday.
WEEKLY = {
    "it": "Riunione settimanale",
    "ro": "Ședința săptămânală",
    "he": "ישיבה שבועית",
    "en": "Weekly meeting",
}
MONTHLY = {
    "it": "Controllo dei furgoni",
    "ro": "Verificarea mașinilor",
    "he": "בדיקת כלי הרכב",
    "en": "Check of the vans",
}
LEAVE = {"it": "Ferie", "ro": "Concediu", "he": "חופשה", "en": "Leave"}
