from crm.accounts.views.activation import user_activate
from crm.accounts.views.preferences import my_settings, set_language, set_theme

__all__ = ["my_settings", "set_language", "set_theme", "user_activate"]
