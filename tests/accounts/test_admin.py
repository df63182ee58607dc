from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts import actions
from crm.accounts.errors import ActionRefused
from crm.accounts.models import Role, Team, User
from tests.accounts.conftest import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


def user_form(user: User, **changes) -> dict:
    form = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "role": user.role_id,
        "teams": user.team_ids,
        "working_days": user.working_days,
        "work_starts_at": "09:00:00",
        "work_ends_at": "18:00:00",
        "language": "en",
        "time_zone": "Europe/Rome",
        "theme": "auto",
        "color": "c7",
        "mail_notifications": "now",
    }
    return {name: value for name, value in (form | changes).items() if value is not None}


def errors_of(page, field: str) -> str:
    return " ".join(page.context["adminform"].form.errors[field])


def populate(make_user, count: int) -> None:
    teams = [Team.objects.create(name=f"Team {count}.{n}") for n in range(2)]
    for n in range(count):
        user = make_user(f"user{count}x{n}")
        user.teams.set(teams)


@pytest.mark.parametrize("page", ["accounts/user/", "accounts/team/", "accounts/role/"])
def test_lists_cost_the_same_for_many_as_for_few(admin, make_user, page):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin.get(f"/admin/{page}").status_code == 200
        return len(queries)

    populate(make_user, 5)
    cost()
    few = cost()
    populate(make_user, 45)

    assert cost() == few


def test_every_page_of_the_administration_opens(admin, alice):
    team = Team.objects.create(name="North")
    for page in (
        "",
        "accounts/",
        "accounts/user/",
        "accounts/user/?q=ali",
        "accounts/user/?state=invited",
        "accounts/user/?state=inactive",
        "accounts/user/?state=without",
        "accounts/user/?state=active",
        "accounts/user/add/",
        f"accounts/user/{alice.pk}/change/",
        f"accounts/user/{alice.pk}/password/",
        f"accounts/user/{alice.pk}/delete/",
        f"accounts/user/{alice.pk}/history/",
        "accounts/team/add/",
        f"accounts/team/{team.pk}/change/",
        "accounts/role/add/",
        *(f"accounts/role/{role.pk}/change/" for role in Role.objects.all()),
    ):
        response = admin.get(f"/admin/{page}")
        assert response.status_code == 200, page
        assert " style=" not in response.text, page
        assert "<style" not in response.text, page


@pytest.mark.parametrize("role", ["manager", "agent", "technician"])
def test_only_administrators_open_it(make_user, role):
    client = Client()
    client.force_login(make_user("somebody", role=role))

    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/").status_code == 403
    assert client.get(USERS).status_code == 302


def test_adding_a_person_invites_them(admin):
    role = Role.objects.get(code="agent")
    form = {
        "username": "dana",
        "email": "dana@example.com",
        "role": role.pk,
        "language": "ro",
        "time_zone": "Europe/Bucharest",
        "send_invitation": "on",
    }
    response = admin.post(f"{USERS}add/", form)

    assert response.status_code == 302
    dana = User.objects.get(username="dana")
    assert dana.is_invited
    assert not dana.has_usable_password()
    assert mail.outbox[0].to == ["dana@example.com"]
    assert 'lang="ro"' in mail.outbox[0].alternatives[0][0]


def test_adding_a_person_without_role_or_with_a_known_name_is_told(admin, alice):
    page = admin.post(f"{USERS}add/", {"username": "ALICE", "email": "x@example.com"})

    assert page.status_code == 200
    assert "errorlist" in page.text
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("button", "then"),
    [
        ("_invite", lambda user: user.is_invited),
        ("_revoke", lambda user: not user.is_invited),
        ("_unlock", lambda user: True),
        ("_end_sessions", lambda user: True),
    ],
)
def test_the_buttons_on_a_persons_page_do_what_they_say(admin, make_user, admin_user, button, then):
    dana = make_user("dana", password=None)
    if button == "_revoke":
        actions.invite_user(dana, actor=admin_user)
    response = admin.post(f"{USERS}{dana.pk}/change/", user_form(dana, **{button: "1"}))

    assert response.status_code == 302
    dana.refresh_from_db()
    assert then(dana)


def test_deactivating_on_the_page_ends_the_sessions(admin, alice):
    client = Client()
    sign_in(client, "alice")
    admin.post(f"{USERS}{alice.pk}/change/", user_form(alice, is_active=None))

    assert not is_signed_in(client)
    assert not alice.usersession_set.exists()


@pytest.mark.parametrize("action", ["invite", "deactivate", "reactivate", "unlock", "sign_out"])
def test_the_actions_of_the_list_answer_with_a_sentence(admin, alice, make_user, action):
    bob = make_user("bob", is_active=False)
    form = {"action": action, "_selected_action": [alice.pk, bob.pk]}
    page = admin.post(USERS, form, follow=True)

    assert page.status_code == 200
    assert 'class="messagelist"' in page.text


def test_the_list_does_not_offer_to_delete_many(admin):
    assert "delete_selected" not in admin.get(USERS).text


# --- The last administrator -----------------------------------------------------------------
def test_the_last_administrator_cannot_be_demoted(admin, admin_user):
    agent = Role.objects.get(code="agent")
    page = admin.post(f"{USERS}{admin_user.pk}/change/", user_form(admin_user, role=agent.pk))

    assert "At least one active administrator must stay." in page.text
    assert User.objects.get(pk=admin_user.pk).is_administrator


def test_the_last_administrator_cannot_be_switched_off(admin, admin_user):
    page = admin.post(f"{USERS}{admin_user.pk}/change/", user_form(admin_user, is_active=None))

    assert "At least one active administrator must stay." in page.text
    assert User.objects.get(pk=admin_user.pk).is_active


def test_the_last_administrator_cannot_be_deactivated_or_deleted_by_anybody(alice, admin_user):
    with pytest.raises(ActionRefused):
        actions.deactivate_user(admin_user, actor=alice)
    with pytest.raises(ActionRefused):
        actions.delete_user(admin_user, actor=alice)
    assert User.objects.get(pk=admin_user.pk).is_active


def test_the_last_administering_role_stays_one(admin, admin_user):
    role = admin_user.role
    form = {"name_en": role.name_en, "is_administrator": ""}
    page = admin.post(f"/admin/accounts/role/{role.pk}/change/", form)

    assert "At least one active administrator must stay." in page.text
    assert Role.objects.get(pk=role.pk).is_administrator


def test_an_administrator_who_never_set_a_password_does_not_count(admin_user, make_user):
    invited = make_user("waiting", role="administrator", password=None)

    with pytest.raises(ActionRefused):
        actions.deactivate_user(admin_user, actor=invited)


def test_one_administrator_may_demote_another(admin, make_user):
    other = make_user("ada2", role="administrator")
    agent = Role.objects.get(code="agent")
    admin.post(f"{USERS}{other.pk}/change/", user_form(other, role=agent.pk))

    assert not User.objects.get(pk=other.pk).is_administrator


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_takes_the_administration_from_themselves(
    admin, admin_user, make_user, is_superuser
):
    make_user("ada2", role="administrator")
    User.objects.filter(pk=admin_user.pk).update(is_superuser=is_superuser)
    agent = Role.objects.get(code="agent")
    url = f"{USERS}{admin_user.pk}/change/"

    page = admin.post(url, user_form(admin_user, role=agent.pk, first_name="Typed"))
    assert "You cannot take the administration from yourself." in errors_of(page, "role")
    assert 'value="Typed"' in page.text
    page = admin.post(url, user_form(admin_user, is_active=None))
    assert "You cannot deactivate yourself." in errors_of(page, "is_active")
    stored = User.objects.get(pk=admin_user.pk)
    assert (stored.is_active, stored.is_administrator) == (True, True)
    assert stored.is_superuser == is_superuser
    assert admin.post(url, user_form(admin_user, first_name="Adela")).status_code == 302


def test_nobody_takes_the_administration_from_their_own_role(admin, admin_user, make_user):
    spare = Role.objects.create(code="spare", name_en="Spare", is_administrator=True)
    make_user("ada2", role=spare)
    url = f"/admin/accounts/role/{admin_user.role_id}/change/"
    page = admin.post(url, {"name_en": "Administrator", "is_administrator": ""})

    errors = errors_of(page, "is_administrator")
    assert "You cannot take the administration from yourself." in errors
    assert Role.objects.get(pk=admin_user.role_id).is_administrator
    form = {"name_en": "Spare", "is_administrator": ""}
    admin.post(f"/admin/accounts/role/{spare.pk}/change/", form)
    assert not Role.objects.get(pk=spare.pk).is_administrator


def test_deactivating_many_spares_oneself(admin, admin_user, alice, make_user):
    make_user("ada2", role="administrator")
    form = {"action": "deactivate", "_selected_action": [alice.pk, admin_user.pk]}
    page = admin.post(USERS, form, follow=True)

    assert "You cannot deactivate yourself." in page.text
    assert not User.objects.get(pk=alice.pk).is_active
    assert User.objects.get(pk=admin_user.pk).is_active


def test_nobody_is_left_without_a_password(admin, admin_user):
    url = f"{USERS}{admin_user.pk}/password/"
    assert 'name="usable_password"' not in admin.get(url).text
    page = admin.post(url, {"usable_password": "false", "unset-password": "1"})

    assert page.status_code == 200
    assert User.objects.get(pk=admin_user.pk).has_usable_password()
    new = "a quite different one"
    assert admin.post(url, {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get(pk=admin_user.pk).check_password(new)


def test_a_demoted_superuser_is_no_administrator_any_more(admin, make_user):
    boss = make_user("boss", role="administrator", is_superuser=True)
    agent = Role.objects.get(code="agent")
    admin.post(f"{USERS}{boss.pk}/change/", user_form(boss, role=agent.pk))

    assert not User.objects.get(pk=boss.pk).is_administrator


def test_nobody_deletes_or_deactivates_themselves(admin, admin_user, make_user):
    make_user("ada2", role="administrator")

    assert admin.get(f"{USERS}{admin_user.pk}/delete/").status_code == 403
    with pytest.raises(ActionRefused, match="yourself"):
        actions.deactivate_user(admin_user, actor=admin_user)


def test_who_has_records_is_deactivated_and_not_deleted(admin, admin_user, alice):
    from tests.factories import make_company

    make_company("F.I.A.T. S.p.A.", owner=alice, actor=alice)

    assert admin.get(f"{USERS}{alice.pk}/delete/").status_code == 403
    with pytest.raises(ActionRefused, match="deactivate instead"):
        actions.delete_user(alice, actor=admin_user)


def test_who_left_no_trace_can_be_deleted(admin, alice):
    admin.post(f"{USERS}{alice.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(username="alice").exists()


# --- Teams and roles ------------------------------------------------------------------------
def test_members_are_chosen_on_the_teams_page(admin, alice, make_user):
    bob = make_user("bob")
    form = {"name": "North", "color": "c2", "lead": alice.pk, "members": [alice.pk, bob.pk]}
    assert admin.post("/admin/accounts/team/add/", form).status_code == 302

    team = Team.objects.get(name="North")
    assert set(team.members.all()) == {alice, bob}
    admin.post(f"/admin/accounts/team/{team.pk}/change/", form | {"members": [bob.pk]})
    assert set(team.members.all()) == {bob}


def rights_form(role: Role, **scopes) -> dict:
    form = {
        "name_en": role.name_en,
        "rights-TOTAL_FORMS": "1",
        "rights-INITIAL_FORMS": "1",
        "rights-0-id": role.rights.get(kind="contact").pk,
        "rights-0-role": role.pk,
        "rights-0-kind": "contact",
    }
    for action in ("view", "change", "delete", "export"):
        form[f"rights-0-{action}_scope"] = scopes.get(action, "none")
    return form


def test_the_grid_changes_what_a_role_may_do(admin, alice):
    url = f"/admin/accounts/role/{alice.role_id}/change/"
    assert "rights-0-view_scope" in admin.get(url).text
    assert admin.post(url, rights_form(alice.role, view="own")).status_code == 302

    right = alice.role.rights.get(kind="contact")
    assert (right.view_scope, right.export_scope) == ("own", "none")


def test_the_grid_has_a_line_for_every_kind_also_for_a_new_role(admin):
    from crm.accounts.rights import kinds

    page = admin.get("/admin/accounts/role/add/").text

    for kind in kinds():
        assert f'value="{kind}"' in page


def test_a_role_somebody_has_is_not_deleted(admin, alice):
    assert admin.get(f"/admin/accounts/role/{alice.role_id}/delete/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_deactivate_each_other_at_the_same_moment(make_user):
    # Tests that commit empty every table behind them, the seeded roles included.
    names = {"name_en": "Administrator", "is_administrator": True}
    role, _created = Role.objects.get_or_create(code="administrator", defaults=names)
    first, second = make_user("first", role=role), make_user("second", role=role)
    start = Barrier(2)

    def deactivate(user: User, actor: User) -> bool:
        start.wait()
        try:
            actions.deactivate_user(user, actor=actor)
        except ActionRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(deactivate, (first, second), (second, first)))

    assert sorted(done) == [False, True]
    assert User.objects.active().administrators().count() == 1
