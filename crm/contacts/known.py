"""Contacts found by what says who they are, for all lines of a chunk at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, Q, TextField

from crm.accounts.models import User
from crm.accounts.rights import Scope, scope_for
from crm.contacts.models import PARTS, Contact, Employment
from crm.contacts.names import name_term, search_vector, tax_country, tax_key, tax_term
from crm.exchange.importing.matching import Known, code_words
from crm.records.fetch import with_rights

VAT, VAT_COUNTRY, EMPLOYER = "vat_id", "vat_country", "employer"
LEXEMES = Func(F("search"), function="tsvector_to_array", output_field=ArrayField(TextField()))
AT_ONCE = 50  # words in one question: Postgres compares each that is found with all of them
# OFFSET 0: each question is put to the index by itself. Of a young table Postgres guesses that it
# has few companies, and would compare all of them with each question.
HAVING = " UNION ".join(
    f"""
    SELECT c.id FROM unnest(%(questions)s::text[]) AS q CROSS JOIN LATERAL (
        SELECT id FROM contacts_contact WHERE type = '{type_}' AND search @@ q::tsquery OFFSET 0
    ) AS c
    """  # noqa: S608 - put together from our own words
    for type_ in PARTS
)


def finds(words: Iterable[str], codes: Iterable[str]) -> Q:
    """Contacts that have one of these marked words, or one of these codes."""
    asked = sorted({word for word in words if word})
    groups = [asked[start : start + AT_ONCE] for start in range(0, len(asked), AT_ONCE)]
    with connection.cursor() as cursor:
        questions = [search_vector(group).replace("' '", "' | '") for group in groups]
        cursor.execute(HAVING, {"questions": questions})
        found = [pk for (pk,) in cursor.fetchall()]
    return Q(pk__in=found) | Q(number__in=list(codes))


def tidy_search(run: Callable[[str], object]) -> None:
    """Postgres keeps new words aside and compares each of them with each word that is looked for;
    a chunk of an import leaves thousands, and thousands are looked for."""
    for part in PARTS.values():
        run(f"SELECT gin_clean_pending_list('contact_search_{part}')")


def known_contacts(user: User, words: set[str], codes: set[str]) -> Iterator[Known]:
    """Those that `user` sees. Their words begin with their type: a person is no company."""
    with connection.cursor() as cursor:
        tidy_search(cursor.execute)  # what others have saved meanwhile
    rows: Any = Contact.objects.visible_to(user)
    is_free = scope_for(user, "change", Contact.kind) == Scope.ALL
    if not is_free:
        rows = with_rights(rows, user, "change")
    columns = ["pk", "type", "number", "vat_id", "lexemes"]
    found = rows.filter(finds(words, codes)).annotate(lexemes=LEXEMES)
    for pk, type_, number, vat_id, terms, *may_change in found.values_list(
        *columns, *([] if is_free else ["may_change"])
    ):
        mine = [f"{type_}{term}" for term in terms if term in words]
        yield Known(
            (*mine, *code_words(number or "")),
            vat_marks(vat_id),
            pk=pk,
            code=number or "",
            may_change=is_free or may_change[0],
        )


def vat_marks(vat_id: str) -> dict[str, frozenset[str]]:
    """What of a VAT id sets two apart: its number, or its country where both name one."""
    marks = {VAT_COUNTRY: tax_country(vat_id), VAT: tax_key(vat_id)}
    return {name: _alone(mark) for name, mark in marks.items() if mark}


@lru_cache(maxsize=1_000)
def _alone(mark: str) -> frozenset[str]:
    """One for all rows of a country."""
    return frozenset([mark])


def add_employers(user: User, known: Iterable[Known]) -> None:
    """As far as `user` sees them: for whom somebody works tells two of the same name apart."""
    people = {one.pk: one for one in known}
    ties = Employment.objects.filter(
        person__in=people, company__in=Contact.objects.visible_to(user)
    )
    at: dict[int, set[str]] = defaultdict(set)
    for person, company in ties.values_list("person", "company"):
        at[person].add(str(company))
    for pk, companies in at.items():
        people[pk].marks = {**people[pk].marks, EMPLOYER: frozenset(companies)}


@dataclass
class Companies:
    _keys: dict[int, Any] = field(default_factory=dict)
    _codes: Mapping[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _words: Mapping[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, company: Contact, terms: Iterable[str]) -> None:
        self._keys[company.pk] = company
        self._codes[(company.number or "").casefold()].append(company)
        for term in terms:
            self._words[term].append(company)

    def by_keys(self, keys: Iterable[int]) -> list[Any]:
        return [self._keys[pk] for pk in keys if pk in self._keys]

    def by_code(self, code: str) -> list[Any]:
        return self._codes.get(code.casefold(), []) if code else []

    def by_name(self, name: str) -> list[Any]:
        """Or by VAT id, which some write instead."""
        words = company_words(name)
        found = {one.pk: one for word in words for one in self._words.get(word, ())}
        return list(found.values())


def companies_named(user: User, codes: set[str], names: set[str], keys: Iterable[int]) -> Companies:
    companies = Companies()
    words = {word for name in names for word in company_words(name)}
    forms = {form for code in codes if code for form in (code, code.upper())}
    rows: Any = (
        Contact.objects.visible_to(user)
        .companies()
        .filter(finds(words, forms) | Q(pk__in=list(keys)))
    )
    for company in rows.annotate(lexemes=LEXEMES).only("number", "name", "stage", "type"):
        companies.learn(company, [term for term in company.lexemes if term in words])
    return companies


def company_words(name: str) -> list[str]:
    words = [name_term(name), tax_term(name) if any(map(str.isdigit, name)) else ""]
    return [word for word in words if word]
