import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction

from crm.accounts.models import Role, RoleRight, User
from crm.accounts.rights import ACTIONS, Scope, can, kinds, scope_for, seed_rights, set_right

pytestmark = pytest.mark.django_db

# role, kind → view, change, delete, export: what a new installation starts with.
SEEDED = {
    ("administrator", "contact"): ("all", "all", "all", "all"),
    ("manager", "contact"): ("all", "all", "all", "all"),
    ("agent", "contact"): ("all", "team", "own", "team"),
    ("technician", "contact"): ("all", "own", "none", "none"),
    ("administrator", "no such kind"): ("all", "all", "all", "all"),
    ("agent", "no such kind"): ("none", "none", "none", "none"),
}


@pytest.mark.parametrize(("who", "scopes"), SEEDED.items(), ids="-".join)
def test_a_new_installation_starts_with_this_table(make_user, who, scopes):
    role, kind = who
    user = make_user("somebody", role=role)

    assert tuple(scope_for(user, action, kind).value for action in ACTIONS) == scopes
    assert [can(user, action, kind) for action in ACTIONS] == [s != "none" for s in scopes]


def test_nobody_without_a_role_may_do_anything(make_user):
    user = make_user("newcomer")
    user.role = None

    assert scope_for(user, "view", "contact") is Scope.NONE


def test_nobody_who_is_not_active_may_do_anything(make_user):
    user = make_user("former", role="administrator", is_active=False)

    assert scope_for(user, "view", "contact") is Scope.NONE


def test_a_stranger_may_do_nothing():
    assert scope_for(AnonymousUser(), "view", "contact") is Scope.NONE


def test_a_misspelt_action_is_an_error_and_not_a_refusal(alice):
    with pytest.raises(ValueError, match="veiw"):
        scope_for(alice, "veiw", "contact")


def test_scopes_know_which_reaches_further():
    assert Scope.NONE < Scope.OWN < Scope.TEAM < Scope.ALL
    assert max(Scope.OWN, Scope.TEAM, Scope.NONE) is Scope.TEAM
    assert sorted(Scope)[0] is Scope.NONE


def fresh(user: User) -> User:
    """As the next request loads them."""
    return User.objects.select_related("role").get(pk=user.pk)


def test_asking_costs_no_sql_once_the_role_is_known(alice, django_assert_num_queries):
    can(fresh(alice), "view", "contact")
    user = fresh(alice)

    with django_assert_num_queries(0):
        for action in ACTIONS:
            scope_for(user, action, "contact")


def test_the_teams_are_read_once_per_request(alice, django_assert_num_queries):
    user = fresh(alice)

    with django_assert_num_queries(1):
        assert user.team_ids == []
        assert user.team_ids == []


def test_a_changed_right_holds_with_the_next_request(alice):
    assert scope_for(fresh(alice), "delete", "contact") is Scope.OWN
    set_right(alice.role, "contact", delete="all")

    assert scope_for(fresh(alice), "delete", "contact") is Scope.ALL
    assert scope_for(fresh(alice), "view", "contact") is Scope.ALL


def test_a_deleted_right_is_gone_with_the_next_request(alice):
    assert can(fresh(alice), "view", "contact")
    RoleRight.objects.get(role=alice.role, kind="contact").delete()

    assert not can(fresh(alice), "view", "contact")


def test_a_change_that_is_undone_leaves_nothing_in_the_cache(alice):
    with transaction.atomic():
        set_right(alice.role, "contact", delete="all")
        assert scope_for(fresh(alice), "delete", "contact") is Scope.ALL
        transaction.set_rollback(True)

    assert scope_for(fresh(alice), "delete", "contact") is Scope.OWN


def test_the_answer_is_right_when_the_cache_was_emptied(alice):
    scope_for(fresh(alice), "view", "contact")
    cache.clear()

    assert scope_for(fresh(alice), "view", "contact") is Scope.ALL


def test_seeding_keeps_what_an_administrator_has_changed(alice):
    set_right(alice.role, "contact", view="own")
    seed_rights(apps, "contact", {"agent": ("all", "all", "all", "all")})
    seed_rights(apps, "parcel", {"agent": ("team", "own", "none", "none"), "no such role": ()})

    assert scope_for(fresh(alice), "view", "contact") is Scope.OWN
    assert scope_for(fresh(alice), "view", "parcel") is Scope.TEAM


def test_every_kind_of_record_has_seeded_rights():
    for kind in kinds():
        assert RoleRight.objects.filter(kind=kind).exists(), f"nobody may see any {kind}"


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Agent"), ("it", "Operatore"), ("he", "נציג")]
)
def test_roles_speak_the_readers_language(language, name):
    from django.utils.translation import override

    with override(language):
        assert str(Role.objects.get(code="agent")) == name
