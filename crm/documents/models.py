"""Files that hang on records. A document is exactly as visible as its record (B43)."""

from typing import Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.documents.filetypes import Family, FileType, type_of
from crm.documents.names import split_name, with_suffix_of
from crm.records.models import Pointer, Record, record_kinds

THUMBNAIL_ATTEMPTS = 3


class DocumentQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def of(self, *records: Record) -> Self:
        """Of one record, or of several of one kind."""
        kind = ContentType.objects.get_for_model(records[0])
        return self.filter(content_type=kind, object_id__in=[record.pk for record in records])

    def on_records_visible_to(self, user: User) -> Self:
        """Trashed documents included. One statement, so that 404 costs what 200 does (E11)."""
        reachable = Q(pk__in=())
        for model in record_kinds().values():
            seen = model.objects.visible_to(user).filter(pk=OuterRef("object_id"))
            kind = ContentType.objects.get_for_model(model)
            reachable |= Q(Exists(seen.order_by()), content_type=kind)
        return self.filter(reachable)

    def visible_to(self, user: User) -> Self:
        return self.alive().on_records_visible_to(user)


class Document(Pointer):
    """A name on a record; what is in it are its versions."""

    name = models.CharField(_("name"), max_length=200)
    current = models.ForeignKey(
        "DocumentVersion", models.RESTRICT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("created by"),
        null=True,
        related_name="+",
    )
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, editable=False)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("put there by"),
        null=True,
        related_name="+",
        editable=False,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["content_type", "object_id", "-created_at"], name="document_of_record"
            ),
            models.Index(
                fields=["trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="document_in_trash",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="documents_document_is_named")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("document_preview", args=[self.pk])

    @property
    def is_trashed(self) -> bool:
        return self.trashed_at is not None

    @property
    def home(self) -> Record:
        """The record it hangs on, for those who know that it is there."""
        record: Record | None = self.record
        assert record is not None
        return record


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(document__in=Document.objects.visible_to(user))

    def owing_thumbnail(self) -> Self:
        return self.filter(
            thumbnail_state=DocumentVersion.Thumbnail.OWED,
            thumbnail_attempts__lt=THUMBNAIL_ATTEMPTS,
            document__trashed_at__isnull=True,
        )


class DocumentVersion(models.Model):
    class Thumbnail(models.TextChoices):
        NONE = "none"  # nothing to draw
        OWED = "owed"
        MADE = "made"
        FAILED = "failed"  # remembered, so that nobody tries for ever

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    # Always made by storage.incoming(): a random name, checked content. Served by delivery only.
    file = models.FileField(max_length=100, unique=True)
    original_name = models.CharField(_("name of the file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    content_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("uploaded by"),
        null=True,
        related_name="+",
    )
    thumbnail = models.FileField(max_length=100, blank=True)
    thumbnail_state = models.CharField(max_length=6, choices=Thumbnail, default=Thumbnail.NONE)
    thumbnail_attempts = models.PositiveSmallIntegerField(default=0)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["sha256"], name="version_by_content"),
            models.Index(
                fields=["uploaded_at"],
                condition=Q(thumbnail_state="owed"),
                name="version_owing_thumbnail",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="documents_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, size__gte=1), name="documents_version_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original_name} v{self.number}"

    @property
    def type(self) -> FileType:
        return type_of(self.content_type)

    @property
    def is_pdf(self) -> bool:
        return self.type.family is Family.PDF

    @property
    def is_image(self) -> bool:
        """An image that browsers draw."""
        return self.type.family is Family.PICTURE and self.type.is_inline

    @property
    def is_text(self) -> bool:
        return self.type.family is Family.TEXT or self.content_type == "image/svg+xml"

    @property
    def has_thumbnail(self) -> bool:
        return self.thumbnail_state == self.Thumbnail.MADE

    @property
    def is_current(self) -> bool:
        return self.document.current_id == self.pk

    @property
    def download_name(self) -> str:
        """The document's name with this file's own ending; an older one says which it is."""
        name = with_suffix_of(self.document.name, self.original_name)
        if self.is_current:
            return name
        stem, suffix = split_name(name)
        return f"{stem} (v{self.number}){suffix}"


class UnclaimedFile(models.Model):
    """A stored file that no version claims: being uploaded, or its row is gone.

    Written before the file and deleted in the transaction that claims it, so a file whose
    transaction or process dies is removed later, and nothing unnamed here ever is.
    """

    name = models.CharField(max_length=100, unique=True)
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
