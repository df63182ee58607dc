"""Tags that mean the same become one, and every record that this changes says so."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.contacts.models import Contact
from crm.records.actions import trash_record
from crm.records.actions.tags import merge_tags
from crm.records.history import events_of
from crm.records.models import Tag
from tests.factories import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def often() -> Tag:
    return Tag.objects.create(name="Urgent")


@pytest.fixture
def seldom() -> Tag:
    return Tag.objects.create(name="Pressing")


def test_tags_that_mean_the_same_become_one(as_, admin, often, seldom):
    both = make_company(actor=admin, tags=[often, seldom])
    one = make_company(actor=admin, tags=[seldom])
    make_company(actor=admin, tags=[often])
    make_company(actor=admin, tags=[often])
    data = {"action": "merge", "_selected_action": [often.pk, seldom.pk]}
    assert as_("admin").post("/admin/records/tag/", data).status_code == 302
    assert list(Tag.objects.all()) == [often]
    assert list(both.tags.all()) == list(one.tags.all()) == [often]
    line = LogEntry.objects.get()
    assert (line.user, line.object_repr, line.is_deletion()) == (admin, "Pressing", True)


def test_merging_is_told_in_the_history_of_what_it_changed_and_of_nothing_else(
    as_, admin, alice, often, seldom
):
    other = Tag.objects.create(name="Alpine")
    both = make_company(owner=alice, actor=alice, tags=[often, seldom, other])
    one = make_company(owner=alice, actor=alice, tags=[seldom])
    untouched = make_company(owner=alice, actor=alice, tags=[often])
    trashed = make_company(owner=alice, actor=alice, tags=[seldom])
    trash_record(trashed, actor=alice)
    lines = events_of(untouched).count()
    versions = dict(Contact.objects.values_list("pk", "version"))
    merge_tags(often, [seldom, often], actor=admin)

    for company, old, new in (
        (both, ["Alpine", "Pressing", "Urgent"], ["Alpine", "Urgent"]),
        (one, ["Pressing"], ["Urgent"]),
        (trashed, ["Pressing"], ["Urgent"]),
    ):
        event = events_of(company)[0]
        assert (event.verb, event.actor) == ("changed", admin)
        assert event.changes == [{"field": "tags", "old": old, "new": new}]
        assert Contact.objects.get(pk=company.pk).version > versions[company.pk]
    assert events_of(untouched).count() == lines
    assert Contact.objects.get(pk=untouched.pk).version == versions[untouched.pk]

    history = as_("alice").get(reverse("timeline_panel", args=["contact", one.pk]))
    line = history.context["lines"][0]
    assert [(change.label, change.old, change.new) for change in line.changes] == [
        ("Tags", "Pressing", "Urgent")
    ]
    assert "Administrator Rossi" in line.sentence


def test_many_tagged_records_cost_what_a_few_do(admin, often):
    def statements(number: int) -> int:
        tag = Tag.objects.create(name=f"Tag {number}")
        for _n in range(number):
            make_company(actor=admin, tags=[tag])
        with CaptureQueriesContext(connection) as queries:
            merge_tags(often, [tag], actor=admin)
        return len(queries)

    statements(2)
    assert statements(3) == statements(30)
