import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts import actions
from crm.accounts.errors import ActionRefused
from crm.accounts.models import Role, Team, User
from tests.accounts.administration import USERS, rights_form, user_form
from tests.accounts.conftest import is_signed_in, sign_in

pytestmark = pytest.mark.django_db


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
