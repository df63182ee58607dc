"""Which company or person a line of a file is about, and how it becomes one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.contacts.employers import Employers
from crm.contacts.exchange import ContactExchange
from crm.contacts.known import (
    EMPLOYER,
    VAT,
    VAT_COUNTRY,
    add_employers,
    known_contacts,
    tidy_search,
    vat_marks,
)
from crm.contacts.models import REACH, Contact, Employment
from crm.contacts.names import first_and_last, mail_key, name_term, tax_term
from crm.exchange.fields import Field, RecordType
from crm.exchange.importing.importer import Importer
from crm.exchange.importing.matching import CODE, Keys, Known, code_words
from crm.exchange.importing.rows import Made, Row
from crm.exchange.importing.rules import OnMatch, Rules
from crm.records.actions.many import Edit, change_many
from crm.records.held import put

COMPANY, PERSON = Contact.Type.COMPANY, Contact.Type.PERSON
MAIL, NAME = "email", "name"
REVERSED = "whole_name_reversed"
PERSON_NAMES = ("first_name", "last_name", "whole_name", REVERSED)


class ContactImporter(Importer):
    exchange = ContactExchange
    keys: ClassVar[Mapping[str, Any]] = {
        CODE: gettext_lazy("Code"),
        VAT: gettext_lazy("VAT id or tax code"),
        MAIL: gettext_lazy("E-mail"),
        NAME: gettext_lazy("Name, without its legal form"),
    }
    strict = (CODE, VAT_COUNTRY, VAT, EMPLOYER)
    rows = REACH
    ties = ("employments",)
    reads = frozenset({"type", "whole_name", REVERSED})
    others = gettext_lazy("Create companies that people work for and that are not there")

    def __init__(
        self, user: User, type_: RecordType, rules: Rules, fields: Any, **how: Any
    ) -> None:
        names = whole_names(fields, self.exchange.fields(type_))
        super().__init__(user, type_, rules, [*fields, *names], **how)
        self.employers = Employers(self.user, self.fields.values(), makes=self.rules.adds_others)
        self.points_at_others = bool(self.employers.fields)
        is_mixed = "type" not in type_.preset and self.points_at_others
        self.turns = 2 if is_mixed else 1  # companies, then who works for them
        self._mails = [
            one.key for one in self.fields.values() if one.slot and one.slot.relation == "emails"
        ]

    def is_read_here(self, field: Field) -> bool:
        is_employer = field.slot is not None and field.slot.relation == "employments"
        return is_employer or super().is_read_here(field)

    def turn_of(self, row: Row) -> int:
        return int(self.turns > 1 and self._type_of(row) == PERSON)

    def learn_made(self, made: Sequence[Made]) -> None:
        self.employers.learn(made)

    def complete(self, row: Row) -> Row:
        _part_names(row, self._type_of(row))
        return row

    def prepare(self, rows: Sequence[Row]) -> None:
        if self.stores:
            self.employers.forget_made()
        self.employers.find(rows, fresh=self._fresh_company)

    def keys_of(self, row: Row) -> dict[str, frozenset[str]]:
        values, type_ = row.values, self._type_of(row)
        name = values.get("name") or " ".join(
            part for part in (values.get("first_name"), values.get("last_name")) if part
        )
        words = {
            VAT: map(tax_term, _numbers(values)),
            MAIL: (mail_key(values.get(one) or "") for one in self._mails),
            NAME: [name_term(name)],
        }
        keys = {
            key: frozenset(f"{type_}{word}" for word in found if word)
            for key, found in words.items()
        }
        return {CODE: code_words(values.get(CODE) or "")} | keys

    def marks_of(self, row: Row, keys: Keys) -> dict[str, frozenset[str]]:
        marks = {CODE: keys[CODE], EMPLOYER: self.employers.marks(row)}
        told = {name: words for name, words in marks.items() if words}
        return told | vat_marks(row.values.get("vat_id") or "")

    def known(self, rows: Sequence[Row]) -> Iterable[Known]:
        types = len(COMPANY), len(PERSON)
        words = {
            word[types[word.startswith(PERSON)] :]
            for row in rows
            for name in (VAT, MAIL, NAME)
            for word in row.keys[name]
        }
        codes = {code for row in rows if (code := row.values.get(CODE))}
        found = list(known_contacts(self.user, words, codes | {code.upper() for code in codes}))
        if self.points_at_others:
            add_employers(self.user, found)
        return found

    def tidy(self, run: Callable[[str], object]) -> None:
        tidy_search(run)

    def filled(self, row: Row) -> Any:
        record = super().filled(row)
        record.type = self._type_of(row)
        record.stage = row.values.get("stage") or record.stage
        if record.is_person:
            record.name = ""
        record.spell()
        return record

    def tie(self, record: Any, row: Row) -> None:
        put(record, "employments", self._ties(record, row) or [])

    def problems(self, record: Any) -> list[str]:
        if record.is_person and not (record.first_name or record.last_name):
            return [_("Give at least one of the two names.")]
        return []

    def hold_ties(self, records: Sequence[Any]) -> None:
        ties: dict[int, list[Employment]] = {one.pk: [] for one in records}
        staff: dict[int, list[Employment]] = {one.pk: [] for one in records}
        for tie in Employment.objects.filter(person__in=ties).order_by("pk"):
            ties[tie.person_id].append(tie)
        for tie in Employment.objects.filter(company__in=staff).order_by("pk"):
            staff[tie.company_id].append(tie)
        for record in records:
            put(record, "employments", ties[record.pk])
            put(record, "staff", staff[record.pk])

    def wanted(self, record: Any, row: Row) -> dict[str, Any]:
        ties = self._ties(record, row)
        return {} if ties is None else {"employments": ties}

    def put(self, record: Any, wanted: Mapping[str, Any]) -> None:
        if "employments" in wanted:
            put(record, "employments", wanted["employments"])

    def notes(self, row: Row) -> list[str]:
        return [
            _("New company: %(name)s") % {"name": post.company.name}
            for post in self.employers.posts(row)
            if post.is_made
        ]

    def made_besides(self, plans: Sequence[Any]) -> list[tuple[int, Any]]:
        made = {
            id(post.company): (plan.row.line, post.company)
            for plan in reversed(plans)
            for post in self.employers.posts(plan.row)
            if post.is_made
        }
        return list(made.values())

    def store_ties(self, made: Sequence[Any], edits: Sequence[Edit], **told: Any) -> list[int]:
        """The companies' cards tell who came; after their people, as everybody locks them."""
        new = [tie for record in made for tie in _ties_of(record)]
        for edit in edits:
            before = {id(tie) for tie in edit.rows_before("employments")}
            new += [tie for tie in _ties_of(edit.record) if id(tie) not in before]
        for tie in new:
            tie.company = tie.company  # one that was made for it has its key by now
        fresh = {record.pk for record in made}
        return self._tell({tie.company_id for tie in new} - fresh, new, **told)

    def _tell(self, pks: set[int], new: Sequence[Employment], **told: Any) -> list[int]:
        companies = self.hold(Contact.objects.filter(pk__in=pks), lock=True)
        edits = [Edit(company) for company in companies.values()]
        for tie in new:
            if tie.company_id in companies:
                company = companies[tie.company_id]
                kept = [one for one in company.staff.all() if one.pk != tie.pk or not tie.pk]
                put(company, "staff", [*kept, tie])
        change_many(edits, (), **told)
        return [edit.record.pk for edit in edits if edit.changes]

    def _ties(self, record: Any, row: Row) -> list[Employment] | None:
        if not record.is_person:
            return None
        overwrites = self.rules.on_match == OnMatch.OVERWRITE
        return self.employers.wanted(record, row, overwrites=overwrites)

    def _type_of(self, row: Row) -> str:
        values = row.values
        told = values.get("type") or self.type.preset.get("type")
        if told:
            return str(told)
        is_person = not values.get("name") and any(values.get(name) for name in PERSON_NAMES)
        return PERSON if is_person else COMPANY

    def _fresh_company(self, name: str) -> Contact:
        company = Contact(**{**self.type.preset, "type": COMPANY}, name=name[:200])
        company.owner, company.team = self.owner, self.team
        put(company, "tags", self.tags)
        company.spell()
        return company


def whole_names(fields: Sequence[Field], every: Sequence[Field]) -> list[Field]:
    """Both parts of a person's name, where the file has it in one cell."""
    keys = {one.key for one in fields}
    if not {"whole_name", REVERSED, "name"} & keys:
        return []
    return [one for one in every if one.key in PERSON_NAMES[:2] and one.key not in keys]


def _ties_of(person: Any) -> list[Employment]:
    """Of a person who may not be stored yet."""
    ties = list(person.employments.all()) if person.is_person else []
    for tie in ties:
        tie.person = person
    return ties


def _numbers(values: Mapping[str, Any]) -> list[str]:
    return [values.get("vat_id") or "", values.get("tax_code") or ""]


def _part_names(row: Row, type_: str) -> None:
    """A person's name in one cell: what comes last (or first) is the family's."""
    values = row.values
    if type_ != PERSON or values.get("first_name") or values.get("last_name"):
        return
    if whole := values.get("whole_name") or values.get("name"):
        first, last = first_and_last(whole)
    elif whole := values.get(REVERSED):
        last, _gap, first = whole.strip().partition(" ")
    else:
        return
    row.values |= {"first_name": first[:100], "last_name": last[:100]}
