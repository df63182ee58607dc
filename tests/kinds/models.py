from django.db import models
from django.db.models import F, Func, Q

from crm.contacts.models import Chip, CustomerRecord, Figure


class Visit(CustomerRecord):
    kind = "visit"
    number_format = "V-{n:05}"
    icon = "truck"
    open_when = Q(is_done=False)
    card_order = 10

    title = models.CharField(max_length=200)
    is_done = models.BooleanField(default=False)

    class Meta:
        app_label = "kinds"
        verbose_name_plural = "visits"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/visits/{self.pk}/"

    @property
    def chip(self):
        return Chip("Done", "done") if self.is_done else Chip("Planned", "planned")


class Offer(CustomerRecord):
    kind = "offer"
    number_format = "O-{n:05}"
    icon = "receipt"
    open_when = Q(won_on=None)

    title = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    won_on = models.DateField(null=True)
    scores = models.JSONField(default=list)

    class Meta:
        app_label = "kinds"
        verbose_name_plural = "offers"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/offers/{self.pk}/"

    @property
    def secondary(self):
        return f"€ {self.amount:,.2f}"

    @classmethod
    def figure(cls, rows):
        total = rows.open().values_list(Func(F("amount"), function="sum"))
        return Figure("Open offers", total, lambda amount: f"€ {amount:,.2f}")


MODELS = (Visit, Offer)
