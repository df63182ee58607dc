"""The star."""

import pytest
from django.urls import reverse

from crm.records.models import Favourite

HTMX = {"HX-Request": "true"}


def star(record) -> str:
    return reverse("favourite_toggle", args=[record.kind, record.pk])


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 302), ("carol", 404)])
def test_whoever_sees_a_record_may_star_it(as_, company, who, status):
    assert as_(who).post(star(company)).status_code == status


def test_the_star_goes_on_and_off_for_one_person_only(as_, alice, company):
    client = as_("alice")
    assert 'aria-pressed="true"' in client.post(star(company), headers=HTMX).content.decode()
    assert Favourite.objects.get().user == alice
    assert 'aria-pressed="false"' in client.post(star(company), headers=HTMX).content.decode()
    assert not Favourite.objects.exists()


def test_looking_does_not_star(as_, company):
    assert as_("alice").get(star(company)).status_code == 405
