"""Rows put into place at once are those that Django itself would make."""

from crm.accounts.models import User
from crm.contacts.models import Contact


def test_a_row_is_what_django_makes_of_it(company: Contact) -> None:
    row = Contact.objects.get(pk=company.pk)
    names = [field.attname for field in Contact._meta.concrete_fields]
    values = [getattr(row, name) for name in names]
    expected = Contact(*values)
    assert (row._state.db, row._state.adding) == ("default", False)
    assert vars(row) | {"_state": None} == vars(expected) | {"_state": None}


def test_what_was_left_out_is_read_when_it_is_asked_for(alice: User) -> None:
    row = User.objects.only("username").get(pk=alice.pk)
    assert row.get_deferred_fields() >= {"email", "language"}
    assert row.email == alice.email
    row.first_name = "Another"
    row.save()
    alice.refresh_from_db()
    assert alice.first_name == "Another"
