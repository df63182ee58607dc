"""For whom the people of a file work: the companies that its lines name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.contacts.known import Companies, companies_named, company_words
from crm.contacts.models import Contact, Employment
from crm.contacts.names import name_term, squash
from crm.exchange.fields import Field
from crm.exchange.importing.rows import Made, Row

CODE, NAME = "code", "company"


@dataclass
class Post:
    """What a line says of one employer, and the company that it is; None: to be made."""

    code: str = ""
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    company: Any = None
    is_made: bool = False  # for this line, or one beside it: no line of its own is about it

    @property
    def mark(self) -> str:
        pk = self.company.pk if self.company else None
        return str(pk) if pk else f"new {squash(self.name)}"


class Employers:
    """`makes` is whether a company that is not there is made."""

    def __init__(self, user: User, fields: Iterable[Field], *, makes: bool) -> None:
        self.user, self.makes = user, makes
        self.fields = [one for one in fields if one.slot and one.slot.relation == "employments"]
        self.made: dict[str, tuple[int, Any]] = {}  # by name: line, company that is not stored yet
        self._posts: dict[int, list[Post]] = {}
        # Companies of this file, which knows them by its own codes; by words before they are stored
        self._own: set[int] = set()
        self._earlier: dict[str, list[Made]] = defaultdict(list)

    def learn(self, made: Sequence[Made]) -> None:
        self._own = {one.pk for one in made if one.pk}
        for one in made if self.fields else ():
            words = company_words(one.name)
            for word in [*words, _code_key(one.code)] if one.code else words:
                self._earlier[word].append(one)

    def forget_made(self) -> None:
        """What the rows before named is stored by now, and is found like any other."""
        self._own |= {company.pk for _line, company in self.made.values() if company.pk}
        self.made.clear()

    def find(self, rows: Sequence[Row], *, fresh: Any) -> None:
        """Look up the companies of these rows; `fresh(name)` makes one that is missing."""
        self._posts = {row.line: self._said(row) for row in rows} if self.fields else {}
        posts = [post for said in self._posts.values() for post in said]
        if not posts:
            return
        codes, names = {post.code for post in posts}, {post.name for post in posts}
        made = [one for code in codes for one in self._earlier.get(_code_key(code), ())]
        found = companies_named(self.user, codes, names, {one.pk for one in made if one.pk})
        for row in rows:
            for post in self._posts[row.line]:
                self._settle(row, post, found, fresh)

    def posts(self, row: Row) -> list[Post]:
        return self._posts.get(row.line, [])

    def marks(self, row: Row) -> frozenset[str]:
        return frozenset(post.mark for post in self.posts(row))

    def wanted(self, person: Any, row: Row, *, overwrites: bool) -> list[Employment] | None:
        """Their employments with those that the line adds or changes; None: all is there."""
        ties = list(person.employments.all()) if person.pk else []
        at = {tie.company_id: place for place, tie in enumerate(ties) if tie.company_id}
        is_other = False
        for post in self.posts(row):
            place = at.get(post.company.pk) if post.company.pk else None
            if place is None:
                ties.append(Employment(company=post.company, **post.facts))
                is_other = True
                continue
            tie = ties[place]
            new = {
                name: value
                for name, value in post.facts.items()
                if value != getattr(tie, name) and (overwrites or not getattr(tie, name))
            }
            if new:
                kept = {one.attname: getattr(tie, one.attname) for one in tie._meta.concrete_fields}
                ties[place] = Employment(**(kept | new))
                is_other = True
        return ties if is_other else None

    def _said(self, row: Row) -> list[Post]:
        numbered: dict[int, Post] = defaultdict(Post)
        for one in self.fields:
            value = row.values.get(one.key)
            if not value or one.slot is None:
                continue
            post = numbered[one.slot.number]
            if one.slot.part == CODE:
                post.code = value
            elif one.slot.part == NAME:
                post.name = value
            else:
                post.facts[one.slot.part] = value
        posts: dict[str, Post] = {}
        for post in numbered.values():
            if post.code or post.name:
                posts.setdefault(f"{post.code} {squash(post.name)}", post)
        return list(posts.values())

    def _settle(self, row: Row, post: Post, found: Companies, fresh: Any) -> None:
        own = self._of_file(self._earlier.get(_code_key(post.code), ()), found)
        coded = [one for one in found.by_code(post.code) if one.pk not in self._own]
        named = found.by_name(post.name) + self._of_file(self._coming(post.name), found)
        if coded and not own and post.name and coded[0] not in named:
            told = _("The company with the code %(code)s is not called “%(name)s”.")
            row.problems.append(told % {"code": post.code, "name": post.name})
            return
        companies = own or coded or named
        if len(companies) > 1:
            told = _("Several companies are called “%(name)s”: give the code of one.")
            row.problems.append(told % {"name": post.name})
        elif companies:
            post.company = companies[0]
        elif self.makes and post.name:
            key = name_term(post.name)
            _line, post.company = self.made.setdefault(key, (row.line, None))
            if post.company is None:
                post.company = fresh(post.name)
                self.made[key] = (row.line, post.company)
            post.is_made = True
        else:
            told = _("There is no company “%(name)s”.")
            row.problems.append(told % {"name": post.name or post.code})

    def _coming(self, name: str) -> Iterable[Made]:
        made = [one for word in company_words(name) for one in self._earlier.get(word, ())]
        return dict.fromkeys(made)

    def _of_file(self, made: Iterable[Made], found: Companies) -> list[Any]:
        """In a check they are not stored yet, and stand there by their name alone."""
        return [
            company
            for one in made
            for company in (found.by_keys([one.pk]) if one.pk else [Contact(name=one.name)])
        ]


def _code_key(code: str) -> str:
    return f"#{code.casefold()}"
