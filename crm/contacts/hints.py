"""What is said beside a contact that was found: where it is, where a person works, and why it is
there when its name does not show it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.contacts.models.contact import ContactQuerySet
from crm.contacts.names import answers, search_terms
from crm.records.lists import Hint
from crm.records.related import related_rows

Fact = tuple[str | Promise, str, set[str]]  # label, value, the terms it is found by
EMPLOYERS_SHOWN = 2
# A join by the ORM takes three times as long to write as to run.
EMPLOYERS = """
    SELECT tie.person_id, seen.name FROM contacts_employment AS tie
    JOIN ({seen}) AS seen ON seen.id = tie.company_id
    WHERE tie.person_id = ANY(%s) ORDER BY tie.id
"""


def hints(seen: ContactQuerySet, rows: Sequence[Contact], text: str) -> dict[int, Hint]:
    """Two statements at most: the companies of people, and the phones and e-mails of those that
    nothing on the row itself explains."""
    employers = employers_of(seen, rows)
    found = {row.pk: _beside(row, employers[row.pk]) for row in rows}
    hidden = [row for row in rows if not answers(_shown_terms(row, found[row.pk]), text)]
    of_others = related_rows(Contact, [row.pk for row in hidden], ("emails", "phones"))
    why = {
        row.pk: _why(row, of_others["emails"][row.pk], of_others["phones"][row.pk], text)
        for row in hidden
    }
    return {pk: Hint(beside, *why.get(pk, ())) for pk, beside in found.items()}


def employers_of(seen: ContactQuerySet, rows: Iterable[Contact]) -> dict[int, list[str]]:
    """The names of the companies in which people work, of those that are `seen`."""
    people = [row.pk for row in rows if row.is_person]
    found: dict[int, list[str]] = defaultdict(list)
    if people and seen.whole_sql:
        sql, given = seen.whole_sql
        with connection.cursor() as cursor:
            cursor.execute(EMPLOYERS.format(seen=sql), [*given, people])
            for person, name in cursor.fetchall():
                found[person].append(name)
    return found


def _beside(row: Contact, employers: list[str]) -> str:
    facts = (", ".join(employers[:EMPLOYERS_SHOWN]), row.secondary)
    return " · ".join(fact for fact in facts if fact)


def _shown_terms(row: Contact, beside: str) -> set[str]:
    return search_terms((row.name, beside), codes=(row.number or "",))


def _why(
    row: Contact, emails: Iterable[object], phones: Iterable[object], text: str
) -> tuple[str | Promise, str] | tuple[()]:
    for label, value, terms in _facts(row, emails, phones):
        if answers(terms, text, any_word=True):
            return label, value
    return ()


def _facts(row: Contact, emails: Iterable[object], phones: Iterable[object]) -> Iterator[Fact]:
    for alias in row.aliases:
        yield _("Also known as"), alias, search_terms((alias,))
    for label, number in ((_("VAT id"), row.vat_id), (_("Tax code"), row.tax_code)):
        yield label, number, search_terms(tax_ids=(number,))
    for mail in map(str, emails):
        yield _("E-mail"), mail, search_terms(mails=(mail,))
    for number in map(str, phones):
        yield _("Phone"), number, search_terms(phones=(number,))
