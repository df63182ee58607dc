"""Who can see this, and why: the page and `visible_to` never disagree."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.accounts.models import Role, Scope, User
from crm.accounts.rights import ACTIONS, set_right
from crm.contacts.models import Contact
from crm.records.access import people_with_access
from crm.records.fetch import allows
from tests.factories import make_company, make_team, make_user


def page(client, record):
    return client.get(reverse("record_access", args=[record.kind, record.pk]))


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("carol", 404)])
def test_the_page_is_for_those_who_see_the_record(as_, company, who, status):
    assert page(as_(who), company).status_code == status


def test_each_person_is_shown_with_the_reason(as_, admin, company):
    html = page(as_("alice"), company).content.decode()
    assert "In the team Technicians North" in html
    assert "Owner" in html
    assert "Administrator: sees everything" in html
    assert "Carol" not in html


def test_a_restricted_record_names_only_owner_listed_people_and_administrators(
    as_, alice, carol, bob, admin, team
):
    secret = make_company(owner=alice, team=team, actor=alice, is_restricted=True, viewers=[carol])
    seen = {access.user.username: access.reasons for access in people_with_access(secret)}
    assert set(seen) == {"alice", "carol", "administrator"}
    assert seen["carol"] == ["Listed on the record"]
    assert page(as_("carol"), secret).status_code == 200
    assert page(as_("bob"), secret).status_code == 404


scopes = st.sampled_from([scope.value for scope in Scope])
person = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["one", "two", "boss", None]),
        "is_superuser": st.sampled_from([False, False, False, True]),
        "is_active": st.sampled_from([True, True, True, False]),
        "in_team": st.booleans(),
        "in_other_team": st.booleans(),
        "is_listed": st.booleans(),
    }
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rights=st.lists(st.fixed_dictionaries(dict.fromkeys(ACTIONS, scopes)), min_size=2, max_size=2),
    people=st.lists(person, min_size=1, max_size=5),
    owner=st.none() | st.integers(0, 4),
    has_team=st.booleans(),
    is_restricted=st.booleans(),
)
def test_it_agrees_with_visible_to_for_everybody(
    db, rights, people, owner, has_team, is_restricted
):
    """A random population: for every person and right, the page says what the queryset does."""
    with transaction.atomic():
        roles: dict[str | None, Role | None] = {None: None}
        for code, scope in zip(("one", "two"), rights, strict=True):
            roles[code] = Role.objects.create(code=code, name_en=code)
            set_right(roles[code], "contact", **scope)
        roles["boss"] = Role.objects.create(code="boss", name_en="Boss", is_administrator=True)
        team, other = make_team("Team"), make_team("Other")
        users = []
        for number, one in enumerate(people):
            user = User.objects.create_user(
                f"p{number}",
                role=roles[one["role"]],
                is_superuser=one["is_superuser"],
                is_active=one["is_active"],
            )
            if one["in_team"]:
                user.teams.add(team)
            if one["in_other_team"]:
                user.teams.add(other)
            users.append(user)
        record = make_company(
            owner=users[owner % len(users)] if owner is not None else None,
            team=team if has_team else None,
            is_restricted=is_restricted,
            viewers=[u for u, one in zip(users, people, strict=True) if one["is_listed"]],
        )
        told = {access.user.pk: access for access in people_with_access(record)}
        for user in User.objects.filter(pk__in=[u.pk for u in users]):
            sees = Contact.objects.visible_to(user).filter(pk=record.pk).exists()
            assert (user.pk in told) == sees
            may = {
                action
                for action in ACTIONS
                if Contact.objects.permitted(user, action).filter(pk=record.pk).exists()
            }
            assert {action for action in ACTIONS if allows(user, action, record)} == may
            if sees:
                assert told[user.pk].may == may
                assert told[user.pk].reasons
        transaction.set_rollback(True)


def test_the_number_of_statements_does_not_grow_with_the_people(as_, company, team):
    client = as_("alice")

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page(client, company).status_code == 200
        return len(queries)

    statements()
    few = statements()
    for _number in range(30):
        make_user(role="agent", teams=[team])
    assert statements() == few
