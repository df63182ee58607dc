from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from crm.accounts.rights import seed_rights

# Managers see all their people; others their team's, and of the rest what its owners share.
RIGHTS = {
    "manager": ("all", "all", "all", "all"),
    "agent": ("team", "team", "own", "team"),
    "technician": ("team", "own", "own", "none"),
}
# nature, icon, double booking, minutes, English, Italian, Romanian, Hebrew
TYPES = (
    ("event", "calendar-event", "warn", 60, "Appointment", "Appuntamento", "Programare", "פגישה"),
    ("event", "people", "warn", 60, "Meeting", "Riunione", "Ședință", "ישיבה"),
    ("event", "telephone", "free", 30, "Call", "Chiamata", "Apel", "שיחה"),
    (
        "event",
        "briefcase",
        "warn",
        60,
        "Sales visit",
        "Visita commerciale",
        "Vizită comercială",
        "פגישת מכירה",
    ),
    (
        "event",
        "flag",
        "warn",
        90,
        "Kick-off",
        "Riunione di avvio",
        "Ședință de lansare",
        "פגישת התנעה",
    ),
    (
        "event",
        "megaphone",
        "warn",
        60,
        "Online presentation",
        "Presentazione online",
        "Prezentare online",
        "מצגת מקוונת",
    ),
    ("event", "tools", "block", 120, "Intervention", "Intervento", "Intervenție", "ביקור טכנאי"),
    ("task", "check-circle", "free", 30, "To do", "Da fare", "De făcut", "משימה"),
    ("task", "telephone", "free", 15, "Call back", "Richiamare", "De sunat înapoi", "לחזור בטלפון"),
    ("task", "envelope", "free", 15, "Write to them", "Scrivere", "De scris", "לכתוב"),
    (
        "task",
        "receipt",
        "free",
        60,
        "Send a quote",
        "Inviare un preventivo",
        "De trimis oferta",
        "לשלוח הצעת מחיר",
    ),
)
# nature, category, English, Italian, Romanian, Hebrew
STATUSES = (
    ("event", "planned", "Planned", "Pianificata", "Planificată", "נקבעה"),
    ("event", "active", "In progress", "In corso", "În curs", "בביצוע"),
    ("event", "waiting", "Postponed", "Rimandata", "Amânată", "נדחתה"),
    ("event", "done", "Done", "Svolta", "Efectuată", "בוצעה"),
    ("event", "not-done", "Not done", "Non svolta", "Neefectuată", "לא בוצעה"),
    ("event", "off", "Cancelled", "Annullata", "Anulată", "בוטלה"),
    ("task", "planned", "Not started", "Non iniziato", "Neînceput", "טרם החל"),
    ("task", "planned", "Planned", "Pianificato", "Planificat", "מתוכנן"),
    ("task", "active", "In progress", "In corso", "În curs", "בביצוע"),
    (
        "task",
        "waiting",
        "Waiting for input",
        "In attesa di input",
        "În așteptarea unui răspuns",
        "ממתין למידע",
    ),
    ("task", "waiting", "Deferred", "Posticipato", "Amânat", "נדחה"),
    ("task", "done", "Completed", "Completato", "Finalizat", "הושלם"),
    ("task", "off", "Cancelled", "Annullato", "Anulat", "בוטל"),
)


def seed(apps: Apps, schema_editor: Any) -> None:
    """Where there are none yet, so that tests may call it again after they emptied the tables."""
    type_model: Any = apps.get_model("activities", "ActivityType")
    status_model: Any = apps.get_model("activities", "ActivityStatus")
    if not type_model.objects.exists():
        type_model.objects.bulk_create(
            type_model(
                nature=nature,
                icon=icon,
                overlap=overlap,
                minutes=minutes,
                name_en=en,
                name_it=it,
                name_ro=ro,
                name_he=he,
                position=10 * place,
            )
            for place, (nature, icon, overlap, minutes, en, it, ro, he) in enumerate(TYPES, 1)
        )
    if not status_model.objects.exists():
        status_model.objects.bulk_create(
            status_model(
                nature=nature,
                category=category,
                name_en=en,
                name_it=it,
                name_ro=ro,
                name_he=he,
                position=10 * place,
            )
            for place, (nature, category, en, it, ro, he) in enumerate(STATUSES, 1)
        )
    seed_rights(apps, "activity", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("accounts", "0003_organisation")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
