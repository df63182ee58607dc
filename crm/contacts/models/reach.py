"""How to reach a contact: addresses, e-mails, phones; and who works where (F2.18, F4.6)."""

from django.db import models
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from crm.contacts.models.contact import Channel, Contact
from crm.ui.choices import NO_CHOICE
from crm.ui.rows import QuickRow

MAP = "https://www.openstreetmap.org/search"


class Place(models.TextChoices):
    MAIN = "main", _("Main")
    BILLING = "billing", _("Billing")
    SITE = "site", _("Site")
    HOME = "home", _("Home")
    OTHER = "other", _("Other")


class PhoneUse(models.TextChoices):
    WORK = "work", _("Work")
    SERVICE = "service", _("Service")
    MOBILE = "mobile", _("Mobile")
    HOME = "home", _("Home")
    FAX = "fax", _("Fax")
    OTHER = "other", _("Other")


class EmailUse(models.TextChoices):
    WORK = "work", _("Work")
    BILLING = "billing", _("Billing")
    SERVICE = "service", _("Service")
    HOME = "home", _("Home")
    OTHER = "other", _("Other")


class Reach(QuickRow):
    """The first row of each kind is the one shown in lists."""

    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Address(Reach):
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    use = models.CharField(_("use"), max_length=8, choices=Place, default=Place.MAIN)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("province or region"), max_length=100, blank=True)
    country = CountryField(_("country"), blank=True, blank_label=NO_CHOICE)

    class Meta(Reach.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        town = " ".join(part for part in (self.postal_code, self.city, self.region) if part)
        return ", ".join(
            part for part in (self.street, town, getattr(self.country, "name", "")) if part
        )

    @property
    def map_url(self) -> str:
        """Where a map shows it; empty while nobody could find the place."""
        words = (self.street, self.postal_code, self.city, self.region, str(self.country))
        query = ", ".join(word for word in words if word)
        return f"{MAP}?{urlencode({'query': query})}" if self.street or self.city else ""


class Email(Reach):
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="emails")
    use = models.CharField(_("use"), max_length=8, choices=EmailUse, default=EmailUse.WORK)
    address = models.EmailField(_("e-mail"))

    class Meta(Reach.Meta):
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")

    def __str__(self) -> str:
        return self.address


class Phone(Reach):
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="phones")
    use = models.CharField(_("use"), max_length=8, choices=PhoneUse, default=PhoneUse.WORK)
    number = models.CharField(_("phone"), max_length=40)

    class Meta(Reach.Meta):
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self) -> str:
        return self.number


class Employment(models.Model):
    """A person of a company. One person may work in several (F4.6)."""

    company = models.ForeignKey(
        Contact, models.CASCADE, related_name="staff", verbose_name=_("company")
    )
    person = models.ForeignKey(
        Contact, models.CASCADE, related_name="employments", verbose_name=_("person")
    )
    function = models.CharField(_("function"), max_length=100, blank=True)
    role = models.CharField(_("role in the company"), max_length=100, blank=True)
    preferred_channel = models.CharField(
        _("preferred way of contact"), max_length=10, choices=Channel, blank=True
    )

    class Meta:
        verbose_name = _("person of a company")
        verbose_name_plural = _("people of companies")
        ordering = ["person__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "person"],
                name="a_person_works_once_in_a_company",
                violation_error_message=_("This person is already listed for this company."),
            ),
            models.CheckConstraint(
                condition=~Q(company=models.F("person")), name="nobody_works_in_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.company}"

    @property
    def post(self) -> str:
        """What the person is there, in words: "Buyer, decides"."""
        return ", ".join(part for part in (self.function, self.role) if part)
