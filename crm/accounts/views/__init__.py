from crm.accounts.views.activation import user_activate
from crm.accounts.views.preferences import my_settings, set_language, set_theme
from crm.accounts.views.sessions import session_end

__all__ = ["my_settings", "session_end", "set_language", "set_theme", "user_activate"]
