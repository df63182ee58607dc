"""Merging as the tests do it."""

from crm.contacts.merging.merge import Wish, merge_contacts


def merged(*contacts, actor, **picks):
    """The first one stays."""
    keys = tuple(one.pk for one in contacts)
    merge = merge_contacts(Wish(keys, contacts[0].pk, picks), actor=actor)
    for one in contacts:
        one.refresh_from_db()
    return merge
