"""What the frame shows: an app names its modules, creations and personal pages on its AppConfig.

class ContactsConfig(AppConfig):
    modules = [Module(_("Customers"), "contact_list", "building", "c", 10, kinds=("contact",))]
    creates = [Create(_("Company"), "contact_create", "building", "contact")]
    personal = [Link(_("Preferences"), "preferences", "sliders")]
    widgets = [Widget("activities/_todo.html", "activities.todo.todo_of", kinds=("activity",))]

Whether a person has the right is asked of the callable named by settings.FRAME_RIGHTS, because
this layer knows neither people nor records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Rights = Callable[[Any, str, str], bool]
Label = str | Promise


@cache
def _address(url_name: str) -> str:
    """Addresses do not change while the process lives; pages ask for twenty of them each time."""
    return reverse(url_name)


class HasUrl:
    url_name: str

    @property
    def url(self) -> str:
        return _address(self.url_name)


@dataclass(frozen=True)
class Module(HasUrl):
    """A place in the top bar. `key` is the letter after `g`; `kinds` the records it is about.

    It shows to whoever may view one of the kinds, and to everybody when it names none. Children
    are the module's other lists: their addresses, too, mark the module as the current one.
    """

    label: Label
    url_name: str
    icon: str
    key: str = ""
    order: int = 100
    kinds: tuple[str, ...] = ()
    children: tuple["Module", ...] = ()

    def reach(self, path: str) -> int:
        """How much of the path this module's addresses cover: the furthest is the current one."""
        urls = [self.url, *(child.url for child in self.children)]
        return max(len(url) if path.startswith(url) else 0 for url in urls)


@dataclass(frozen=True)
class Create(HasUrl):
    """A line of the "Create new" menu, for whoever may change records of the kind.

    `named` is what a search that found nothing offers, "Create company “%(name)s”"; the page takes
    the name as `?name=`.
    """

    label: Label
    url_name: str
    icon: str
    kind: str = ""
    order: int = 100
    named: Label = ""


@dataclass(frozen=True)
class Link(HasUrl):
    """A line of the user's own menu; staff ones only for whoever may open the admin."""

    label: Label
    url_name: str
    icon: str
    order: int = 100
    is_staff: bool = False


@dataclass(frozen=True)
class Widget:
    """A panel of the start page: its template, and the dotted name of what gives it its facts for
    a person. It shows to whoever may view one of the kinds."""

    template: str
    facts: str
    order: int = 100
    kinds: tuple[str, ...] = ()

    def context(self, user: Any) -> dict[str, Any]:
        facts: dict[str, Any] = import_string(self.facts)(user)
        return facts


def modules_for(user: Any) -> list[Module]:
    may = _rights()
    modules = [m for m in _declared("modules") if _may_any(may, user, "view", m.kinds)]
    return sorted(modules, key=lambda module: module.order)


def creates_for(user: Any) -> list[Create]:
    may = _rights()
    kinds = [c for c in _declared("creates") if not c.kind or may(user, "change", c.kind)]
    return sorted(kinds, key=lambda create: create.order)


def links_for(user: Any) -> list[Link]:
    links = [link for link in _declared("personal") if user.is_staff or not link.is_staff]
    return sorted(links, key=lambda link: link.order)


def widgets_for(user: Any) -> list[Widget]:
    may = _rights()
    shown = [w for w in _declared("widgets") if _may_any(may, user, "view", w.kinds)]
    return sorted(shown, key=lambda widget: widget.order)


def _declared(name: str) -> Iterator[Any]:
    for config in apps.get_app_configs():
        yield from getattr(config, name, ())


def _may_any(may: Rights, user: Any, action: str, kinds: tuple[str, ...]) -> bool:
    return not kinds or any(may(user, action, kind) for kind in kinds)


def _rights() -> Rights:
    rights: Rights = import_string(settings.FRAME_RIGHTS)
    return rights
