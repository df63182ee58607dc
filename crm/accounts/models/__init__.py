from crm.accounts.models.organisation import Organisation
from crm.accounts.models.role import Role, RoleRight, Scope
from crm.accounts.models.team import Color, Team
from crm.accounts.models.user import Language, MailNotifications, Theme, User

__all__ = [
    "Color",
    "Language",
    "MailNotifications",
    "Organisation",
    "Role",
    "RoleRight",
    "Scope",
    "Team",
    "Theme",
    "User",
]
