"""Companies and people in one table: whom we sell to, buy from and talk with."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Language, User
from crm.accounts.rights import can
from crm.contacts.models.customer import customer_kinds
from crm.contacts.models.finding import FoundByWords
from crm.contacts.models.profile import Area, Category, ProductGroup
from crm.contacts.models.terms import Terms
from crm.contacts.names import sort_key, vectors_of
from crm.records.models import HistoryPart, Record
from crm.ui.addresses import record_address

if TYPE_CHECKING:
    from crm.contacts.models.reach import Address, Email, Phone

SORTS = {"sort_name": "name", "updated_at": "change", "city": "city", "number": "number"}
CUTS = {("type", "stage"): "", ("stage",): "_in_stage", ("type",): "_in_type"}
PARTS = {"company": "companies", "person": "people"}  # with words of their own, by type
ANY_PART = reduce(or_, (Q(type=type_) for type_ in PARTS))
REACH = ("addresses", "emails", "phones")
LONGEST_NAME = 200  # a person's two names and the space between them may be one more


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    MOBILE = "mobile", _("Mobile")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    IN_PERSON = "in_person", _("In person")


class ContactQuerySet(FoundByWords):
    parted_by = ("type",)

    def of_any_part(self) -> Self:
        kind = self.model._meta.get_field("type")
        is_cut = any(
            isinstance(condition, Exact) and getattr(condition.lhs, "target", None) is kind
            for condition in self.query.where.children
        )
        return self if is_cut else self.filter(ANY_PART)

    def companies(self) -> Self:
        return self.filter(type=Contact.Type.COMPANY)

    def people(self) -> Self:
        return self.filter(type=Contact.Type.PERSON)

    def trashed(self) -> Self:
        """Without those that became part of another: they come back by undoing that."""
        return super().trashed().filter(merged_as__isnull=True)

    def heir(self, keys: Iterable[int], reader: User) -> "Contact | None":
        """What one of these became part of, if `reader` may see it."""
        rows: Any = self.visible_to(reader).filter(pk__in=self.successors(keys).values())
        heir: Contact | None = rows.first()
        return heir

    def successors(self, keys: Iterable[int]) -> dict[int, int]:
        former: Any = self.model._meta.get_field("merged_as").related_model
        rows = former.objects.filter(key__in=list(keys))
        return dict(rows.values_list("key", "survivor_id"))


class Contact(Record):
    kind = "contact"
    number_format = "C-{n:05}"
    icon = "building"

    class Type(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")

    class Stage(models.TextChoices):
        LEAD = "lead", _("Lead")
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")
        FORMER = "former", _("Former")

    type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.COMPANY)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage, default=Stage.CUSTOMER)
    name = models.CharField(_("company name"), max_length=LONGEST_NAME)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("also known as"),
        default=list,
        blank=True,
    )
    vat_id = models.CharField(_("VAT id"), max_length=30, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=30, blank=True)
    websites = ArrayField(
        models.URLField(max_length=300), verbose_name=_("web"), default=list, blank=True
    )
    preferred_channel = models.CharField(
        _("preferred way of contact"), max_length=10, choices=Channel, blank=True
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    categories = models.ManyToManyField(Category, verbose_name=_("categories"), blank=True)
    areas = models.ManyToManyField(Area, verbose_name=_("geographic areas"), blank=True)
    product_groups = models.ManyToManyField(
        ProductGroup, verbose_name=_("product and service groups"), blank=True
    )
    notes = models.TextField(_("notes"), blank=True)

    # Computed on every save from the rows below, so that lists sort and search by one index.
    sort_name = models.CharField(max_length=200, editable=False, db_index=False)
    city = models.CharField(_("city"), max_length=100, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True, editable=False)
    search = Terms(blank=True, default="", editable=False)
    # Codes of contacts that were merged into this one: still found by them.
    former_numbers = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("former codes"),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
    )
    near = Terms(blank=True, default="", editable=False)

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        base_manager_name = "objects"
        indexes = [
            # The list's tabs are cuts by type, by stage or by both, and each is sorted by any of
            # four columns: one index each, so that a page costs the same among a million.
            *(
                models.Index(
                    *map(F, (*cut, column, "id")),
                    condition=Q(trashed_at__isnull=True),
                    name=f"contact_by_{sort}{suffix}",
                )
                for column, sort in SORTS.items()
                for cut, suffix in CUTS.items()
            ),
            *(
                models.Index(
                    *map(F, ("owner", column, "id")),
                    condition=Q(trashed_at__isnull=True),
                    name=f"contact_of_owner_by_{sort}",
                )
                for column, sort in list(SORTS.items())[:2]
            ),
            # Counts of the tabs, without visiting the rows.
            models.Index(
                fields=["stage", "type"],
                include=["id", "owner", "is_restricted"],
                condition=Q(trashed_at__isnull=True),
                name="contact_counts",
            ),
            # The trash, last in first: for those who clear all of it, and for each their own.
            *(
                models.Index(
                    *map(F, (*cut, "trashed_at", "id")),
                    condition=Q(trashed_at__isnull=False),
                    name=f"contact_in_trash{suffix}",
                )
                for cut, suffix in (((), ""), (("owner",), "_of_owner"))
            ),
            models.Index(OpClass(Upper("city"), name="text_pattern_ops"), name="contact_city"),
            # Apart for companies and people: a word that only the others have costs nothing.
            *(
                GinIndex(fields=[column], condition=Q(type=type_), name=f"contact_{column}_{part}")
                for column in ("search", "near")
                for type_, part in PARTS.items()
            ),
            GinIndex(OpClass(F("custom"), name="jsonb_path_ops"), name="contact_custom"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("contact_detail", self.pk)

    @property
    def secondary(self) -> str:
        return " · ".join(part for part in (", ".join(self.aliases[:3]), self.city) if part)

    @property
    def symbol(self) -> str:
        return "person" if self.is_person else self.icon

    @property
    def is_person(self) -> bool:
        return self.type == self.Type.PERSON

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        if self.is_person:
            whole = f"{self.first_name} {self.last_name}".strip()
            self.name = whole[:LONGEST_NAME] or self.name
        self.sort_name = sort_key(self.name)

    def gaps(self) -> list[str]:
        """What a complete card would have besides, most useful first: encouraged, never forced
        (F4.5)."""
        facts = {
            gettext("phone"): self.phone,
            gettext("e-mail"): self.email,
            gettext("city"): self.city,
        }
        if not self.is_person:
            facts[gettext("VAT id")] = self.vat_id
        return [label for label, value in facts.items() if not value]

    def after_write(self) -> None:
        """Bring the computed columns up to date with the rows of their tables."""
        names = ["city", "email", "phone", "search", "near"]
        before = [getattr(self, name) for name in names]
        self.compute()
        if before != [getattr(self, name) for name in names]:
            super().save(update_fields=names)

    def compute(self) -> None:
        self.spell()
        self.reckon(*map(self.rows_of, REACH))

    def reckon(
        self, addresses: "Iterable[Address]", emails: "Iterable[Email]", phones: "Iterable[Phone]"
    ) -> None:
        """Set the columns that are computed from the rows of other tables; stores nothing."""
        mails = [email.address for email in emails]
        numbers = [phone.number for phone in phones]
        self.city = next((address.city for address in addresses if address.city), "")
        self.email = mails[0] if mails else ""
        self.phone = numbers[0] if numbers else ""
        self.search, self.near = vectors_of(self, mails, numbers)

    def extra_snapshot(self) -> dict[str, Any]:
        facts: dict[str, Any] = {name: [str(row) for row in self.rows_of(name)] for name in REACH}
        # Other contacts by key, never by name: see Record.extra_snapshot.
        facts["employments"] = [
            {"kind": self.kind, "pk": row.company_id, "text": row.post}
            for row in (self.rows_of("employments") if self.is_person else ())
        ]
        facts["staff"] = [
            {"kind": self.kind, "pk": row.person_id, "text": row.post}
            for row in (() if self.is_person else self.rows_of("staff"))
        ]
        return facts

    def followed(self) -> tuple[str, ...]:
        return (*REACH, "employments" if self.is_person else "staff")

    def history_parts(self, reader: User) -> list[HistoryPart]:
        """What belongs to a customer, and what was said with the people of a company."""
        parts = [
            HistoryPart(
                model.kind,
                capfirst(str(model._meta.verbose_name_plural)),
                model.objects.visible_to(reader).of(self),
            )
            for model in customer_kinds()
            if can(reader, "view", model.kind)
        ]
        if not self.is_person:
            people = Contact.objects.visible_to(reader).filter(employments__company=self)
            parts.insert(0, HistoryPart("people", gettext("People"), people, is_said_only=True))
        return parts
