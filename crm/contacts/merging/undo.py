"""Parting what was merged, as far as nobody changed it since; and the end of that chance."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.contacts.merging.merge import mergeable, post_of, viewers_of
from crm.contacts.merging.order import put_back
from crm.contacts.merging.relations import give_back, move
from crm.contacts.models import Contact, Employment, FormerContact, Merge
from crm.records.actions import purge_record, record_event, save_record
from crm.records.errors import ActionRefused
from crm.records.models import CustomField, Event, custom_fields

ACCESS = ("owner_id", "team_id", "is_restricted")


@dataclass
class Parted:
    """What came back, and in words what stays with the survivor because it changed since."""

    contacts: list[Contact]
    stays: list[str] = field(default_factory=list)


def undoable() -> "QuerySet[Merge]":
    since = timezone.now() - timedelta(days=settings.UNDO_DAYS)
    return Merge.objects.filter(undone_at__isnull=True, at__gt=since).exclude(snapshot={})


@transaction.atomic
def undo_merge(merge: Merge, *, actor: User) -> Parted:
    """Raises ActionRefused when it is too late, or something else must be undone first."""
    stored = undoable().select_for_update().filter(pk=merge.pk).first()
    if stored is None:
        raise ActionRefused(_("This cannot be undone any more."))
    survivor, others = _locked(stored, actor)
    parted = Parted(others)
    _restore_columns(survivor, stored, parted)

    def write(record: Contact) -> None:
        stored.former.all().delete()
        Contact.objects.filter(pk__in=[one.pk for one in others]).update(
            trashed_at=None, trashed_by=None
        )
        missing = sum(
            give_back(stored.snapshot["moved"][str(one.pk)], one.pk, record.pk) for one in others
        )
        for one in others:  # a merge of before they were kept has none
            put_back(one.pk, stored.snapshot.get("positions", {}))
        if missing:
            parted.stays.append(
                ngettext(
                    "%(count)s line was moved or removed since and stays as it is",
                    "%(count)s lines were moved or removed since and stay as they are",
                    missing,
                )
                % {"count": missing}
            )
        _restore_ties(stored.snapshot["ties"])
        record.viewers.set(_viewers_now(record, stored))

    save_record(survivor, actor=actor, write=write)
    _bring_back(survivor, others, actor)
    stored.snapshot, stored.undone_at, stored.undone_by = {}, timezone.now(), actor
    stored.save()
    return parted


def _locked(merge: Merge, actor: User) -> tuple[Contact, list[Contact]]:
    keys = [former.contact_id for former in merge.former.all()]
    rows = Contact.objects.permitted(actor, "change").filter(pk__in=[*keys, merge.survivor_id])
    found = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    survivor = found.get(merge.survivor_id)
    if survivor is None or len(found) <= len(keys):
        raise ActionRefused(_("You may not undo this: not all of them are yours to change."))
    if not mergeable(actor).filter(pk=survivor.pk).exists():
        raise ActionRefused(
            _("What they became is in the trash, or was merged itself: undo that first.")
        )
    return survivor, [found[key] for key in keys if key]


def _restore_columns(survivor: Contact, merge: Merge, parted: Parted) -> None:
    before, after = merge.snapshot["before"], merge.snapshot["after"]
    keeps_access = _is_access_kept(survivor, merge)
    if keeps_access:
        parted.stays.append(_("access stays restricted, because something was written since"))
    for name in before:
        if keeps_access and name in ACCESS:
            continue
        now = getattr(survivor, name)
        if isinstance(now, dict):
            value, changed = _old_custom(before[name], after[name], now)
        else:
            value = _old_value(before[name], after[name], now)
            is_other = before[name] != after[name] != now and not isinstance(now, list)
            changed = [_label(name)] if is_other else []
        setattr(survivor, name, value)
        parted.stays += changed


def _old_value(before: Any, after: Any, now: Any) -> Any:
    """What was there before, unless somebody changed it since; of a list, line by line."""
    if not isinstance(now, list):
        return before if now == after else now
    kept = [item for item in before if item in now or item not in after]
    return kept + [item for item in now if item not in after and item not in kept]


def _old_custom(
    before: dict[str, Any], after: dict[str, Any], now: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    fields: dict[str, CustomField] = {one.key: one for one in custom_fields(Contact.kind)}
    value, changed = dict(now), []
    for key in {*before, *after}:
        was, became, is_now = before.get(key), after.get(key), now.get(key)
        if was == became:
            continue
        if is_now != became:
            changed.append(str(fields.get(key, key)))
        elif was is None:
            value.pop(key, None)
        else:
            value[key] = was
    return value, changed


def _label(name: str) -> str:
    return capfirst(str(getattr(Contact._meta.get_field(name), "verbose_name", name)))


def _is_access_kept(survivor: Contact, merge: Merge) -> bool:
    """What the merge closed does not open again over what was written in confidence since."""
    before, after = merge.snapshot["before"], merge.snapshot["after"]
    if before["is_restricted"] or not after["is_restricted"] or not survivor.is_restricted:
        return False
    return _lines_since(survivor, merge).exists()


def _lines_since(survivor: Contact, merge: Merge) -> "QuerySet[Event]":
    lines = Event.objects.filter(object_id=survivor.pk, at__gt=merge.at).exclude(verb="opened")
    return lines.filter(content_type__app_label="contacts", content_type__model="contact")


def _viewers_now(record: Contact, merge: Merge) -> list[int]:
    viewers, now = merge.snapshot["viewers"], viewers_of(record)
    kept = _is_access_kept(record, merge) or now != viewers["after"]
    people: list[int] = now if kept else viewers["before"]
    return people


def _restore_ties(ties: list[dict[str, Any]]) -> None:
    for kept in ties:
        tie = Employment.objects.filter(pk=kept["row"]).first()
        if tie and post_of(tie) == kept["after"]:
            Employment.objects.filter(pk=tie.pk).update(**kept["before"])


def _bring_back(survivor: Contact, others: list[Contact], actor: User) -> None:
    codes = [str(other.number) for other in others]
    changes = [{"field": "former_numbers", "old": codes, "new": []}]
    record_event(survivor, "unmerged", actor=actor, changes=changes)
    for other in others:
        other.refresh_from_db()
        other.after_write()
        record_event(other, "unmerged", actor=actor, text=str(survivor.number))


@transaction.atomic
def end_merge(merge: Merge) -> None:
    """It cannot be undone any more: the rows that waited out of sight end, and the snapshot."""
    stored = Merge.objects.select_for_update().filter(pk=merge.pk).first()
    if stored is None:  # another worker was quicker
        return
    end_former(FormerContact.objects.filter(merge=stored), actor=None)
    stored.delete()


def end_former(rows: "QuerySet[FormerContact]", *, actor: User | None) -> None:
    """Purge merged contacts; what was put on one while it was merged follows the survivor."""
    for former in rows.filter(contact__isnull=False).select_related("contact"):
        contact: Any = former.contact
        place = Event.objects.filter(object_id=contact.pk, verb="merged_away")
        place.filter(content_type__app_label="contacts").delete()
        move(contact.pk, former.survivor_id)
        purge_record(contact, actor=actor)
