from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from crm.accounts.rights import seed_rights

ROLES: dict[str, dict[str, Any]] = {
    "administrator": {
        "name_en": "Administrator",
        "name_it": "Amministratore",
        "name_ro": "Administrator",
        "name_he": "מנהל מערכת",
        "is_administrator": True,
    },
    "manager": {
        "name_en": "Manager",
        "name_it": "Responsabile",
        "name_ro": "Manager",
        "name_he": "מנהל",
    },
    "agent": {
        "name_en": "Agent",
        "name_it": "Operatore",
        "name_ro": "Operator",
        "name_he": "נציג",
    },
    "technician": {
        "name_en": "Technician",
        "name_it": "Tecnico",
        "name_ro": "Tehnician",
        "name_he": "טכנאי",
    },
}
# Everybody in a service company must find any customer; what they may do with one differs.
CONTACT_RIGHTS = {
    "manager": ("all", "all", "all", "all"),
    "agent": ("all", "team", "own", "team"),
    "technician": ("all", "own", "none", "none"),
}


def seed(apps: Apps, schema_editor: Any) -> None:
    role_model: Any = apps.get_model("accounts", "Role")
    for code, names in ROLES.items():
        role_model.objects.get_or_create(code=code, defaults=names)
    seed_rights(apps, "contact", CONTACT_RIGHTS)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
