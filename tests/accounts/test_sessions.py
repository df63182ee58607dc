import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import User
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
SESSIONS = "/account/sessions/"


@pytest.fixture
def two_places(alice) -> tuple[Client, Client]:
    here = Client(headers={"user-agent": "Firefox at the desk"})
    there = Client(headers={"user-agent": "Safari on the phone"})
    sign_in(here, "alice")
    sign_in(there, "alice")
    return here, there


def test_a_person_sees_where_they_are_signed_in(two_places):
    page = two_places[0].get("/account/sessions/").text

    assert "Firefox at the desk" in page
    assert "Safari on the phone" in page


def test_a_person_signs_out_everywhere_else(two_places):
    here, there = two_places
    here.post("/account/sessions/")

    assert is_signed_in(here)
    assert not is_signed_in(there)


def ends(client: Client) -> list[str]:
    """The addresses that the page offers to end sessions by."""
    return re.findall(r'action="(/account/sessions/\d+/end/)"', client.get(SESSIONS).text)


def test_a_person_signs_out_in_one_other_place(two_places):
    here, there = two_places
    third = Client(headers={"user-agent": "Edge at the counter"})
    sign_in(third, "alice")
    phone, counter = ends(here)
    assert here.get(phone).status_code == 405
    page = here.post(phone, follow=True)

    assert "You are signed out there." in page.text
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert is_signed_in(third)
    assert ends(here) == [counter]


def test_nobody_ends_the_session_of_another(two_places, bob):
    here, there = two_places
    other = Client()
    other.force_login(bob)
    for address in ends(here):
        assert other.post(address).status_code == 404
    assert is_signed_in(there)


def test_this_place_is_left_by_signing_out(two_places):
    here, _there = two_places
    own = UserSession.objects.get(session_key=here.session.session_key)
    answer = here.post(f"{SESSIONS}{own.pk}/end/")

    assert answer.url == "/account/logout/"
    assert is_signed_in(here)


def test_changing_the_password_ends_the_other_sessions(two_places):
    here, there = two_places
    new = "another horse battery"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", form).status_code == 302

    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert mail.outbox[-1].to == ["alice@example.com"]


def test_the_present_password_is_asked_for(two_places):
    here, _there = two_places
    new = "another horse battery"
    page = here.post(
        "/account/password/change/", {"oldpassword": "no", "password1": new, "password2": new}
    )

    assert "Type your present password." in page.text
    assert sign_in(Client(), "alice").status_code == 302


def test_who_is_deactivated_is_out_at_once(two_places, alice, admin_user):
    actions.deactivate_user(alice, actor=admin_user)

    assert not any(is_signed_in(client) for client in two_places)


def test_who_is_activated_again_has_to_sign_in_again(two_places, alice, admin_user):
    actions.deactivate_user(alice, actor=admin_user)
    actions.reactivate_user(alice, actor=admin_user)

    assert not any(is_signed_in(client) for client in two_places)
    assert sign_in(Client(), "alice").status_code == 302


def test_an_administrator_signs_somebody_out_everywhere(two_places, alice, admin_user):
    assert actions.end_sessions(alice, actor=admin_user) == 2
    assert not any(is_signed_in(client) for client in two_places)


def test_signing_out_takes_a_post(two_places):
    here, _there = two_places
    here.get("/account/logout/")
    assert is_signed_in(here)

    here.post("/account/logout/")
    assert not is_signed_in(here)


def test_a_request_costs_one_query_for_the_person(two_places, django_assert_num_queries):
    here, _there = two_places
    here.get("/account/settings/")

    with django_assert_num_queries(1) as queries:
        here.post("/account/theme/", {"theme": "no such theme"})
    assert "accounts_role" in queries.captured_queries[0]["sql"]
    assert User.objects.get(username="alice").theme == "auto"


def test_signing_in_takes_no_more_statements_where_one_is_signed_in_often(alice):
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            sign_in(Client(), "alice")
        return len(caught)

    statements()  # the first of a person is another matter: it notes their address
    before = statements()
    for _place in range(5):
        sign_in(Client(), "alice")
    assert statements() == before
    assert UserSession.objects.filter(user=alice).count() == 8


def test_places_whose_session_ended_leave_the_list(alice, two_places):
    Session.objects.filter(session_key=two_places[1].session.session_key).delete()
    lapsed = two_places[0].session.session_key
    Session.objects.filter(session_key=lapsed).update(expire_date=timezone.now())
    now = Client()
    sign_in(now, "alice")

    assert UserSession.objects.get(user=alice).session_key == now.session.session_key
