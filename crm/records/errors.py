"""What an action answers when it will not."""

from crm.accounts.errors import ActionRefused

__all__ = ["ActionRefused", "Outdated"]


class Outdated(Exception):
    """Somebody else saved the record since this form was opened."""
