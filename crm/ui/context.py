"""The frame's context: one lazy object, so a partial answer that shows no frame pays nothing."""

from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from crm.ui.navigation import Create, Link, Module, creates_for, links_for, modules_for


class Frame:
    """What base.html asks for, each thing when it asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> Any:
        """The person signed in, or None: error pages are rendered before there is one."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def theme(self) -> str:
        return getattr(self.user, "theme", "auto")

    @cached_property
    def modules(self) -> list[Module]:
        return modules_for(self.user) if self.user else []

    @cached_property
    def current(self) -> Module | None:
        """The module the page belongs to, by its address."""
        path = self._request.path
        best = max(self.modules, key=lambda module: module.reach(path), default=None)
        return best if best and best.reach(path) > 1 else None

    @cached_property
    def creates(self) -> list[Create]:
        return creates_for(self.user) if self.user else []

    @cached_property
    def links(self) -> list[Link]:
        return links_for(self.user) if self.user else []

    @cached_property
    def unread(self) -> int:
        """Unread notifications, from the callable settings.FRAME_UNREAD names."""
        name = getattr(settings, "FRAME_UNREAD", "")
        return import_string(name)(self.user) if name and self.user else 0

    @cached_property
    def parts_key(self) -> tuple[Any, ...]:
        """What the frame's fixed parts depend on; equal keys mean equal HTML."""
        return (
            get_language(),
            self.current and self.current.url_name,
            bool(self.admin_url),
            tuple(module.url_name for module in self.modules),
            tuple(create.url_name for create in self.creates),
            tuple(link.url_name for link in self.links),
        )

    @property
    def search_url(self) -> str:
        return _url("search")

    @property
    def notifications_url(self) -> str:
        return _url("notifications")

    @property
    def news_url(self) -> str:
        return _url("news")

    @property
    def unread_url(self) -> str:
        return _url("unread")

    @property
    def theme_url(self) -> str:
        return _url("theme")

    @property
    def sign_out_url(self) -> str:
        return _url("sign_out")

    @property
    def admin_url(self) -> str:
        return _url("admin") if getattr(self.user, "is_staff", False) else ""


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}


DEFAULT_LINKS = {
    "search": "search",
    "notifications": "notification_list",
    "news": "notification_panel",
    "unread": "notification_unread",
    "theme": "set_theme",
    "sign_out": "account_logout",
    "admin": "admin:index",
}


@cache
def _url(place: str) -> str:
    """The address of a place settings.FRAME_LINKS may rename; empty while nobody offers it."""
    names = DEFAULT_LINKS | getattr(settings, "FRAME_LINKS", {})
    try:
        return reverse(names[place])
    except NoReverseMatch:
        return ""
