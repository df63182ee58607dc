"""Keeping a person's views of a list in order."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.records.errors import ActionRefused
from crm.records.models import SavedView


def keep_view(view: SavedView, *, actor: User) -> SavedView:
    """Store a new or changed view of `actor`'s own."""
    if view.owner_id != actor.pk:
        raise ActionRefused(_("Only its owner changes this view; copy it to have your own."))
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as problem:
        raise ActionRefused(_("You already have a view with this name.")) from problem
    return view


@transaction.atomic
def open_with_view(view: SavedView, *, actor: User, wanted: bool) -> None:
    """Make `view` the one `actor`'s list opens with, or no longer."""
    own = SavedView.objects.select_for_update().filter(owner=actor, kind=view.kind).order_by("pk")
    if view.pk not in [row.pk for row in own]:
        raise ActionRefused(_("Only its owner changes this view; copy it to have your own."))
    own.filter(is_default=True).update(is_default=False)
    if wanted:
        SavedView.objects.filter(pk=view.pk).update(is_default=True)


def delete_view(view: SavedView, *, actor: User) -> None:
    if view.owner_id != actor.pk:
        raise ActionRefused(_("Only its owner deletes this view."))
    view.delete()


def choose_columns(view: SavedView | None, kind: str, columns: list[str], *, actor: User) -> None:
    """Keep the columns in `actor`'s own open view, else as what they chose last for the kind."""
    if view is not None and view.owner_id == actor.pk:
        SavedView.objects.filter(pk=view.pk).update(columns=columns)
        return
    SavedView.objects.update_or_create(
        owner=actor, kind=kind, name="", defaults={"columns": columns}
    )
