import datetime as dt
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models.role import Role
from crm.accounts.models.team import Color, Team
from crm.ui.rows import QuickRow


class Language(models.TextChoices):
    """Each language is called by its own name, whatever language the page is in."""

    EN = "en", "English"
    IT = "it", "Italiano"
    RO = "ro", "Română"
    HE = "he", "עברית"


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class MailNotifications(models.TextChoices):
    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never")


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("This time zone is not known."))


def validate_working_days(value: list[int]) -> None:
    if len(set(value)) != len(value):
        raise ValidationError(_("Choose each day once."))


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def administrators(self) -> Self:
        return self.filter(models.Q(role__is_administrator=True) | models.Q(is_superuser=True))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # django-stubs: dynamic base
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def create_user(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> "User":
        fields.setdefault("is_superuser", True)
        if "role" not in fields:
            fields["role"] = Role.objects.filter(is_administrator=True).first()
        return self.create_user(username, email, password, **fields)


class User(QuickRow, AbstractBaseUser, PermissionsMixin):
    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Somebody already has this user name.")},
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    role = models.ForeignKey(
        Role,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("role"),
    )
    teams = models.ManyToManyField(
        Team, blank=True, related_name="members", verbose_name=_("teams")
    )
    manager = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("manager"),
    )

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.EN)
    time_zone = models.CharField(
        _("time zone"), max_length=63, default="Europe/Rome", validators=[validate_time_zone]
    )
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)
    color = models.CharField(_("colour"), max_length=2, choices=Color, default=Color.C7)
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("working days"),
        default=monday_to_friday,
        blank=True,
        validators=[validate_working_days],
        help_text=_("ISO weekdays: Monday is 1, Sunday is 7."),
    )
    work_starts_at = models.TimeField(_("work starts at"), default=dt.time(9))
    work_ends_at = models.TimeField(_("work ends at"), default=dt.time(18))
    mail_notifications = models.CharField(
        _("notifications by e-mail"),
        max_length=5,
        choices=MailNotifications,
        default=MailNotifications.NOW,
    )

    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Who is not active cannot sign in; their records and history stay."),
    )
    date_joined = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("first_name", "last_name", "username")
        constraints = (
            # UPPER because that is what `iexact` asks Postgres for: one index serves both.
            models.UniqueConstraint(
                Upper("username"),
                name="accounts_user_username_unique",
                violation_error_message=_("Somebody already has this user name."),
            ),
            models.UniqueConstraint(
                Upper("email"),
                name="accounts_user_email_unique",
                condition=~models.Q(email=""),
                violation_error_message=_("Somebody already has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=models.Q(work_starts_at__lt=models.F("work_ends_at")),
                name="accounts_user_hours_ordered",
                violation_error_message=_("The working day must end after it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(working_days__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="accounts_user_days_known",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{field}__in", choices.values)),
                    name=f"accounts_user_{field}_known",
                )
                for field, choices in (
                    ("language", Language),
                    ("theme", Theme),
                    ("color", Color),
                    ("mail_notifications", MailNotifications),
                )
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def initials(self) -> str:
        """One or two letters for the round badge."""
        names = [part for part in (self.first_name.strip(), self.last_name.strip()) if part]
        return "".join(part[0] for part in names or [self.username]).upper()

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser or bool(self.role and self.role.is_administrator)

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the administration: one truth, the role."""
        return self.is_administrator

    @property
    def is_invited(self) -> bool:
        """Was sent an activation link and has not set a password yet."""
        return self.invited_at is not None and not self.has_usable_password()

    @cached_property
    def team_ids(self) -> list[int]:
        return list(self.teams.order_by("pk").values_list("pk", flat=True))

    @cached_property
    def rights(self) -> dict[tuple[str, str], str]:
        """(kind, action) → scope, for the life of this object: one request, one reading."""
        return self.role.rights_table() if self.role else {}

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.__dict__.pop("team_ids", None)
        self.__dict__.pop("rights", None)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name or self.username

    # Administrators are those whose role says so; Django's own permissions ask the same question.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return (self.is_active and self.is_administrator) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return (self.is_active and self.is_administrator) or super().has_module_perms(app_label)
