from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class Color(models.TextChoices):
    """The palette people and teams are told apart by; the shades live in the tokens."""

    C1 = "c1", _("Brown")
    C2 = "c2", _("Green")
    C3 = "c3", _("Blue")
    C4 = "c4", _("Violet")
    C5 = "c5", _("Red")
    C6 = "c6", _("Steel blue")
    C7 = "c7", _("Teal")
    C8 = "c8", _("Olive")


class Team(models.Model):
    """People who share work: the "group" of the requirements."""

    name = models.CharField(_("name"), max_length=80)
    color = models.CharField(_("colour"), max_length=2, choices=Color, default=Color.C7)
    lead = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_teams",
        verbose_name=_("lead"),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Upper("name"),
                name="accounts_team_name_unique",
                violation_error_message=_("There is already a team with this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(color__in=Color.values), name="accounts_team_color_known"
            ),
        )

    def __str__(self) -> str:
        return self.name
