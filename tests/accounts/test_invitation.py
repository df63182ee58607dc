from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.errors import ActionRefused
from crm.accounts.invitations import invitation_token
from crm.accounts.models import User
from tests.accounts.conftest import is_signed_in, sign_in

pytestmark = pytest.mark.django_db
NEW = "a quiet new password"


@pytest.fixture
def invited(make_user, admin_user) -> User:
    user = make_user("dana", password=None, first_name="Dana", language="it")
    return actions.invite_user(user, actor=admin_user)


def link() -> str:
    body = mail.outbox[-1].body
    line = next(line for line in body.splitlines() if "/account/activate/" in line)
    return "/account/activate/" + line.split("/account/activate/")[1]


def choose(client: Client, password: str = NEW, url: str = ""):
    form = {"new_password1": password, "new_password2": password}
    return client.post(url or link(), form)


def test_the_link_sets_the_password_signs_in_and_welcomes(client, invited):
    page = client.get(link())
    assert page.status_code == 200
    assert "dana" in page.text

    response = choose(client)
    assert response.status_code == 302
    assert response.url == "/"
    assert "Dana" in client.get("/account/settings/").text
    assert sign_in(Client(), "dana", NEW).status_code == 302


def test_the_invited_persons_address_is_confirmed_by_the_link(client, invited):
    choose(client)

    address = invited.emailaddress_set.get()
    assert (address.email, address.primary, address.verified) == ("dana@example.com", True, True)


def test_a_weak_password_is_refused_beside_the_field(client, invited):
    response = choose(client, "12345")

    assert response.status_code == 422
    assert "id_new_password2_error" in response.text
    assert not is_signed_in(client)


def test_a_link_works_once(client, invited):
    url = link()
    choose(client, url=url)
    again = Client().get(url)

    assert again.status_code == 410
    assert "/account/password/reset/" in again.text
    assert choose(Client(), "an intruder was here", url=url).status_code == 410
    assert sign_in(Client(), "dana", NEW).status_code == 302


def test_a_link_expires_after_seven_days(client, invited):
    url = link()
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        page = client.get(url)
        assert page.status_code == 410
        assert "This link has expired" in page.text
        assert choose(client, url=url).status_code == 410


@pytest.mark.parametrize("spoil", [lambda t: t[:-2], lambda t: "x" + t, lambda t: t.swapcase()])
def test_a_tampered_link_does_nothing(client, invited, spoil):
    token = link().split("/")[-2]
    url = f"/account/activate/{spoil(token)}/"

    assert client.get(url).status_code == 410
    assert choose(client, url=url).status_code == 410
    assert not User.objects.get(username="dana").has_usable_password()


def test_a_second_invitation_replaces_the_first(client, invited, admin_user):
    first = link()
    actions.invite_user(invited, actor=admin_user)

    assert client.get(first).status_code == 410
    assert client.get(link()).status_code == 200


def test_a_withdrawn_invitation_does_not_work(client, invited, admin_user):
    actions.revoke_invitation(invited, actor=admin_user)

    assert client.get(link()).status_code == 410


def test_the_link_of_a_deactivated_person_does_not_work(client, invited, admin_user):
    actions.deactivate_user(invited, actor=admin_user)

    assert client.get(link()).status_code == 410


def test_the_letter_is_text_and_html_and_names_who_invited(invited):
    (letter,) = mail.outbox
    html, kind = letter.alternatives[0]

    assert letter.to == ["dana@example.com"]
    assert "Ada" in letter.body
    assert kind == "text/html"
    assert 'lang="it"' in html
    assert link() in html


def test_the_letter_to_a_reader_of_hebrew_runs_from_right_to_left(make_user, admin_user):
    noa = make_user("noa", password=None, language="he")
    actions.invite_user(noa, actor=admin_user)

    assert 'lang="he" dir="rtl"' in mail.outbox[0].alternatives[0][0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"password": "has one already"}, "has a password already"),
        ({"email": ""}, "has no e-mail address"),
        ({"is_active": False}, "is not active"),
    ],
)
def test_who_cannot_be_invited_is_not(make_user, admin_user, fields, reason):
    user = make_user("eve", **({"password": None} | fields))

    with pytest.raises(ActionRefused, match=reason):
        actions.invite_user(user, actor=admin_user)
    assert mail.outbox == []


def test_somebody_signed_in_who_opens_the_link_becomes_the_invited_person(alice, invited):
    client = Client()
    client.force_login(alice)
    choose(client)

    assert "dana" in client.get("/account/settings/").text.lower()


def test_a_token_of_somebody_never_invited_is_worth_nothing(client, alice):
    assert client.get(f"/account/activate/{invitation_token(alice)}/").status_code == 410


def test_of_two_who_use_the_link_at_once_the_second_is_refused(invited):
    """Both had read the link while it was good."""
    actions.activate_user(invited, NEW)
    with pytest.raises(ActionRefused):
        actions.activate_user(invited, "another quiet password")
    invited.refresh_from_db()
    assert invited.check_password(NEW)
