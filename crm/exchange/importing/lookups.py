"""What a cell names by words: people, teams, tags, items of lists that administrators keep."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.accounts.models import Team, User
from crm.exchange.fields import Field, one_line
from crm.exchange.reading import BadValue
from crm.records.models import Tag
from crm.records.models.tag import tag_key

PARTS = re.compile(r"[;,|]")
LONGEST_ITEM, LONGEST_TAG = 80, 60


class Lookups:
    """Read once, for all rows. `adds` is whether words that nothing stands for yet are new items;
    `stores`, whether those are stored at once (or only told: `new`)."""

    def __init__(self, user: User, model: Any, *, adds: bool, stores: bool) -> None:
        self.user, self.model = user, model
        self.adds, self.stores = adds, stores
        self.new: dict[str, dict[str, Any]] = {}  # {key of the field: {folded name: new row}}
        self._people: dict[str, User] | None = None
        self._teams: dict[str, Team] | None = None
        self._tags: dict[str, Tag | None] = {}  # None: looked for in vain
        self._items: dict[str, dict[Any, Any]] = {}

    def person(self, name: str) -> User:
        if self._people is None:
            self._people = {one.username.casefold(): one for one in User.objects.active()}
        try:
            return self._people[name.casefold()]
        except KeyError:
            raise BadValue(_("Nobody signs in as “%(name)s”.") % {"name": name}) from None

    def people(self, text: str) -> list[User]:
        return [self.person(name) for name in parts(text)]

    def team(self, name: str) -> Team:
        """Any: a record may be in it already. Whether it may be given to it, the importer asks."""
        if self._teams is None:
            self._teams = {tag_key(one.name): one for one in Team.objects.all()}
        try:
            return self._teams[tag_key(name)]
        except KeyError:
            raise BadValue(not_your_team(name)) from None

    def tags(self, text: str) -> list[Tag]:
        names = [text] if self._tag(text) else parts(text)
        found = {key: self._tag_or_new(name) for name in names if (key := tag_key(name))}
        return list(found.values())

    def items(self, field: Field, text: str) -> list[Any]:
        """Rows of the list that `field` chooses from."""
        rows = self._rows(field)
        return [rows[pk] for pk in self.values(field, text)]

    def values(self, field: Field, text: str) -> list[Any]:
        """Answers of a multiple choice."""
        found = [self._value(field, text, None)]
        if found == [None]:
            found = [self._value(field, name, self._new_item) for name in parts(text)]
        return list(dict.fromkeys(found))

    def _value(self, field: Field, name: str, make: Callable[[Field, str], Any] | None) -> Any:
        assert field.choices is not None
        try:
            return field.choices.value(name)
        except KeyError:
            return make(field, name) if make else None

    def _new_item(self, field: Field, name: str) -> Any:
        new = self.new.setdefault(field.key, {})
        if (row := new.get(tag_key(name))) is not None:
            return row.pk
        is_list = not field.key.startswith("custom_")
        if not (is_list and self.adds and self.user.is_administrator):
            told = _("“%(value)s” is none of the answers of “%(field)s”.")
            raise BadValue(told % {"value": name, "field": field.label})
        rows = self._rows(field)
        model: Any = self.model._meta.get_field(field.key).related_model
        language = (get_language() or "en")[:2]
        row = model(**{f"name_{language}": name[:LONGEST_ITEM]})
        if self.stores:
            row.save()
        else:
            row.pk = -1 - len(new)
        new[tag_key(name)] = rows[row.pk] = row
        return row.pk

    def _rows(self, field: Field) -> dict[Any, Any]:
        if field.key not in self._items:
            model: type[models.Model] = self.model._meta.get_field(field.key).related_model
            self._items[field.key] = {one.pk: one for one in model._default_manager.all()}
        return self._items[field.key]

    def _tag(self, name: str) -> Tag | None:
        key = tag_key(name)[:LONGEST_TAG]
        if key not in self._tags:
            self._tags[key] = Tag.objects.filter(key=key).first()
        return self._tags[key]

    def _tag_or_new(self, name: str) -> Tag:
        if tag := self._tag(name):
            return tag
        if not self.adds:
            raise BadValue(_("There is no tag “%(name)s” yet.") % {"name": name})
        if len(name) > LONGEST_TAG:
            raise BadValue(_("“%(name)s” is too long for a tag.") % {"name": name[:LONGEST_TAG]})
        new = self.new.setdefault("tags", {})
        tag = Tag(name=name, key=tag_key(name)[:LONGEST_TAG])
        if self.stores:
            tag, _made = Tag.objects.get_or_create(key=tag.key, defaults={"name": name})
        else:
            tag.pk = -1 - len(new)
        new[tag.key] = self._tags[tag.key] = tag
        return tag


def not_your_team(name: str) -> str:
    return _("There is no team “%(name)s” that you are in.") % {"name": name}


def parts(text: str) -> list[str]:
    """A value a line; on a single line, what commas, semicolons and bars part."""
    pieces: Iterable[str] = text.splitlines()
    if len(text.splitlines()) == 1:
        pieces = PARTS.split(text)
    return list(_told(pieces))


def _told(pieces: Iterable[str]) -> Iterator[str]:
    return (word for piece in pieces if (word := one_line(piece)))
