"""Who sees what several contacts became (E11)."""

from django.urls import reverse

from tests.contacts.merging import merged
from tests.factories import make_company


def test_the_result_is_as_restricted_as_the_most_restricted(as_, alice, bob, admin, company):
    hidden = make_company("Fiat hidden", owner=admin, is_restricted=True, viewers=[alice])
    merge = merged(company, hidden, actor=admin)
    assert company.is_restricted
    assert company.owner == alice  # she saw both
    assert [user.username for user in company.viewers.all()] == [admin.username]
    assert as_("bob").get(company.get_absolute_url()).status_code == 404
    as_("admin").post(reverse("merge_undo", args=[merge.pk]))
    assert as_("bob").get(company.get_absolute_url()).status_code == 200
    assert as_("bob").get(hidden.get_absolute_url()).status_code == 404


def test_who_saw_only_some_of_them_neither_owns_nor_reads_it(alice, carol, admin, company):
    hidden = make_company("Fiat hidden", owner=admin, is_restricted=True, viewers=[carol])
    also = make_company("Fiat also", owner=carol, is_restricted=True)
    merged(company, hidden, also, actor=admin, owner=company.pk)
    assert company.owner == admin  # alice saw one of them, carol two
    assert not company.viewers.exists()


def test_without_restriction_the_lists_of_viewers_are_united(alice, bob, carol, company, twin):
    company.viewers.add(bob)
    twin.viewers.add(carol)
    merged(company, twin, actor=alice)
    assert set(company.viewers.all()) == {bob, carol}
