"""The forms of the administration, as they are sent and answered."""

from crm.accounts.models import Role, User

USERS = "/admin/accounts/user/"


def user_form(user: User, **changes) -> dict:
    form = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "role": user.role_id,
        "teams": user.team_ids,
        "working_days": user.working_days,
        "work_starts_at": "09:00:00",
        "work_ends_at": "18:00:00",
        "language": "en",
        "time_zone": "Europe/Rome",
        "theme": "auto",
        "color": "c7",
        "mail_notifications": "now",
    }
    return {name: value for name, value in (form | changes).items() if value is not None}


def errors_of(page, field: str) -> str:
    return " ".join(page.context["adminform"].form.errors[field])


def rights_form(role: Role, **scopes) -> dict:
    form = {
        "name_en": role.name_en,
        "rights-TOTAL_FORMS": "1",
        "rights-INITIAL_FORMS": "1",
        "rights-0-id": role.rights.get(kind="contact").pk,
        "rights-0-role": role.pk,
        "rights-0-kind": "contact",
    }
    for action in ("view", "change", "delete", "export"):
        form[f"rights-0-{action}_scope"] = scopes.get(action, "none")
    return form
