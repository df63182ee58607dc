"""Bulk actions: the right is asked of every record, and what is not permitted is only counted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Team, User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.records.models import Event, Job, Tag
from crm.records.tasks import run_job
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
As = Callable[[str], Client]


def url(name: str) -> str:
    return reverse("bulk", args=["contact", name])


def do(client: Client, name: str, rows: list[Contact] | None = None, **data: Any) -> Any:
    data |= {"selected": [row.pk for row in rows]} if rows is not None else {"all": "1"}
    return client.post(url(name), data | {"sure": "1"})


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def quick_companies(count: int, **fields: Any) -> list[Contact]:
    """Many at once, without history."""
    rows = [
        Contact(name=f"Many {n:04}", sort_name=f"many {n:04}", number=f"M-{n:05}", **fields)
        for n in range(count)
    ]
    return Contact.objects.bulk_create(rows)


@pytest.fixture
def mixed(alice: User, bob: User, carol: User, team: Team) -> dict[str, Contact]:
    """What Alice sees: her own, and Bob's which she may not change. Carol's she does not see."""
    return {
        "own": make_company("Own", owner=alice, team=team),
        "second": make_company("Second", owner=alice, team=team),
        "bobs": make_company("Bobs", owner=bob, team=team),
        "carols": make_company("Carols", owner=carol),
        "restricted": make_company("Canary", owner=bob, team=team, is_restricted=True),
    }


def test_before_anything_is_done_it_is_named(as_: As, mixed: dict[str, Contact]) -> None:
    rows = [row.pk for row in mixed.values()]
    answer = as_("alice").post(url("trash"), {"selected": rows})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "3 records go to the trash" in page
    assert "1 of them is skipped" in page
    assert not Contact.objects.trashed().exists()


def test_the_permitted_are_assigned_and_the_others_counted(
    as_: As, bob: User, carol: User, mixed: dict[str, Contact]
) -> None:
    answer = do(as_("alice"), "assign", list(mixed.values()), owner=bob.pk)
    assert answer.status_code == 302
    assert said(answer) == "2 assigned, 1 skipped: no right."
    owners = dict(Contact.objects.values_list("name", "owner__username"))
    assert owners == {
        "Own": "bob", "Second": "bob", "Bobs": "bob", "Carols": "carol", "Canary": "bob"
    }  # fmt: skip
    events = Event.objects.filter(object_id=mixed["own"].pk, verb="changed")
    assert [change["field"] for change in events.get().changes] == ["owner"]
    assert not Event.objects.filter(object_id=mixed["carols"].pk, verb="changed").exists()
    assert not Event.objects.filter(object_id=mixed["restricted"].pk, verb="changed").exists()


def test_all_that_match_means_the_list_as_filtered(as_: As, mixed: dict[str, Contact]) -> None:
    tag = Tag.objects.create(name="Chosen")
    answer = do(as_("alice"), "tag", query="q=own&tab=customers", add=[tag.pk])
    assert said(answer) == "1 tagged."
    assert list(Contact.objects.filter(tags=tag)) == [mixed["own"]]


def test_all_never_reaches_what_is_not_seen(as_: As, mixed: dict[str, Contact]) -> None:
    do(as_("alice"), "trash", query="tab=customers")
    assert set(Contact.objects.trashed()) == {mixed["own"], mixed["second"]}


def test_tags_are_added_and_removed(as_: As, mixed: dict[str, Contact]) -> None:
    old, new = Tag.objects.create(name="Old"), Tag.objects.create(name="New")
    mixed["own"].tags.add(old)
    do(as_("alice"), "tag", [mixed["own"]], add=[new.pk], remove=[old.pk])
    assert list(mixed["own"].tags.all()) == [new]


def test_doing_it_twice_writes_once(as_: As, bob: User, mixed: dict[str, Contact]) -> None:
    tag = Tag.objects.create(name="VIP")
    for _again in range(2):
        do(as_("alice"), "tag", [mixed["own"]], add=[tag.pk])
    assert Event.objects.filter(object_id=mixed["own"].pk, verb="changed").count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("assign", {}),
        ("assign", {"owner": "999999"}),
        ("assign", {"owner": "x"}),
        ("tag", {}),
        ("tag", {"add": ["999999"]}),
        ("tag", {"add": ["\0"]}),
    ],
)
def test_a_wrong_answer_is_told_and_the_selection_kept(
    as_: As, mixed: dict[str, Contact], name: str, data: dict[str, Any]
) -> None:
    answer = do(as_("alice"), name, [mixed["own"]], **data)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert ("selected", str(mixed["own"].pk)) in answer.context["step"].fields


def test_nobody_is_made_owner_who_may_not_see_the_records(
    as_: As, mixed: dict[str, Contact]
) -> None:
    outsider = make_user("outsider", role=None)
    answer = do(as_("alice"), "assign", [mixed["own"]], owner=outsider.pk)
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["assign", "tag", "trash"])
def test_who_has_no_right_at_all_is_barred(
    as_: As, carol: User, company: Contact, name: str
) -> None:
    set_right(carol.role, "contact", change="none", delete="none")
    assert do(as_("carol"), name, [company]).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {"selected": ["x", "-1", "9" * 30, "٣", "1e3", ""]},
        {"all": "1", "query": "created_from=never"},
        {"all": "1", "query": "%00=%00&tags=99999999999999999999&tab=%00"},
        {"all": "1", "query": "a" * 9000, "columns": "\0," * 500, "back": "//evil.example/"},
        {},
    ],
)
@pytest.mark.parametrize("name", ["assign", "tag", "trash"])
def test_stale_and_hostile_selections_do_no_harm(
    as_: As, alice: User, name: str, data: dict[str, Any]
) -> None:
    answer = as_("alice").post(url(name), data | {"sure": "1"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/contacts/")


def test_unknown_kinds_and_verbs_are_not_found(as_: As, alice: User) -> None:
    assert as_("alice").post(reverse("bulk", args=["contact", "destroy"])).status_code == 404
    assert as_("alice").post(reverse("bulk", args=["nothing", "trash"])).status_code == 404
    assert as_("alice").get(url("trash")).status_code == 405


def test_many_are_changed_behind_the_pages_back(as_: As, alice: User, bob: User) -> None:
    quick_companies(201, owner=alice)
    answer = do(as_("alice"), "assign", query="tab=customers", owner=bob.pk)
    job = Job.objects.get()
    assert answer["Location"] == reverse("job_detail", args=[job.pk])
    assert not Contact.objects.filter(owner=bob).exists()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 201, 201)
    assert job.message == "201 assigned."
    assert Contact.objects.filter(owner=bob).count() == 201


def test_a_right_lost_before_the_job_runs_is_lost(as_: As, alice: User, bob: User) -> None:
    quick_companies(201, owner=alice)
    do(as_("alice"), "trash", query="tab=customers")
    set_right(alice.role, "contact", delete="none")
    job = Job.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.message == "0 moved to the trash, 201 skipped: no right."
    assert not Contact.objects.trashed().exists()


def test_a_change_that_moves_rows_out_of_its_own_filter_reaches_all(
    as_: As, alice: User, bob: User
) -> None:
    quick_companies(230, owner=alice)
    do(as_("alice"), "assign", query=f"tab=customers&owner={alice.pk}", owner=bob.pk)
    run_job(Job.objects.get().pk)
    assert Contact.objects.filter(owner=bob).count() == 230


def test_both_the_dialog_and_the_list_work_by_htmx(as_: As, mixed: dict[str, Contact]) -> None:
    headers = {"HX-Request": "true"}
    rows = {"selected": [mixed["own"].pk]}
    step = as_("alice").post(url("trash"), rows, headers=headers)
    assert step.content.decode().lstrip().startswith("<dialog data-open")
    done = as_("alice").post(url("trash"), rows | {"sure": "1"}, headers=headers)
    assert done["HX-Redirect"] == "/contacts/"
