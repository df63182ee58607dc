"""Who sees what became of several contacts: never what one of them hid from them (E11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.records.access import people_with_access


@dataclass(frozen=True)
class Access:
    """Of contacts as they were before they became one. `whole` saw all of them, `partly` only
    some; `owners` has the survivor's first."""

    is_restricted: bool
    owners: list[int]
    listed: set[int]
    whole: dict[int, User]
    partly: dict[int, User]

    @classmethod
    def of(cls, contacts: Sequence[Contact]) -> "Access":
        seen = [{one.user.pk: one.user for one in people_with_access(row)} for row in contacts]
        everybody = {pk: user for people in seen for pk, user in people.items()}
        whole = {pk: user for pk, user in everybody.items() if all(pk in one for one in seen)}
        return cls(
            is_restricted=any(contact.is_restricted for contact in contacts),
            owners=[one.owner_id for one in contacts if one.owner_id],
            listed={pk for one in contacts for pk in one.viewers.values_list("pk", flat=True)},
            whole=whole,
            partly={pk: user for pk, user in everybody.items() if pk not in whole},
        )

    def settle(self, survivor: Contact, *, actor: User) -> list[int]:
        """As restricted as the most restricted of them: then whoever owns it or is listed saw
        all of them before. Answers the viewers; the owner is `survivor`'s if that may be."""
        if not self.is_restricted:
            return sorted(self.listed)
        owners = [pk for pk in (survivor.owner_id, *self.owners) if pk in self.whole]
        survivor.is_restricted = True
        survivor.owner_id = owners[0] if owners else actor.pk
        return sorted({*owners, *(self.listed & self.whole.keys())} - {survivor.owner_id})
