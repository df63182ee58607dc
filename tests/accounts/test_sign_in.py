from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from crm.accounts import actions
from crm.accounts.models import User
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.com", "Alice@Example.COM"])
def test_a_person_signs_in_by_user_name_or_e_mail_in_any_case(client, alice, login):
    response = sign_in(client, login)

    assert response.status_code == 302
    assert response.url == "/"
    assert is_signed_in(client)


def test_a_wrong_password_is_told_and_the_name_is_kept(client, alice):
    response = sign_in(client, "alice", "wrong")

    assert "The user name or the password is not right." in response.text
    assert 'value="alice"' in response.text
    assert "wrong" not in response.text.replace("went wrong", "")
    assert not is_signed_in(client)


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client, alice):
    known = sign_in(client, "alice", "wrong").text
    unknown = sign_in(client, "nobody", "wrong").text

    sentence = "The user name or the password is not right."
    assert sentence in known
    assert sentence in unknown


def test_the_page_helps_who_cannot_sign_in(client, db):
    page = client.get("/account/login/").text

    assert "Problems signing in?" in page
    assert 'href="/account/password/reset/"' in page


def fail(client: Client, *logins: str):
    for login in logins:
        response = sign_in(client, login, "wrong")
    return response


def test_the_fifth_failure_locks_with_a_sentence_in_our_look(client, alice):
    response = fail(client, *["alice"] * 5)

    assert response.status_code == 429
    assert "nobody can sign in with this name from here for 15 minutes" in response.text
    assert "plain-panel" in response.text
    assert 'href="/account/password/reset/"' in response.text


def test_while_locked_even_the_right_password_is_refused(client, alice):
    fail(client, *["alice"] * 5)

    assert sign_in(client, "alice").status_code == 429
    assert not is_signed_in(client)


def test_one_person_is_counted_once_whatever_they_call_themselves(client, alice):
    logins = ["alice", "ALICE", "alice@example.com", "Alice", "ALICE@example.com"]

    assert fail(client, *logins).status_code == 429


def test_others_are_not_locked_with_them(client, alice, make_user):
    make_user("bob")
    fail(client, *["alice"] * 5)

    assert sign_in(client, "bob").status_code == 302


def test_a_success_forgets_the_failures_before_it(client, alice):
    fail(client, *["alice"] * 4)
    sign_in(client, "alice")
    client.logout()

    assert fail(client, *["alice"] * 4).status_code == 200


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(client, alice):
    fail(client, *["alice"] * 5)

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, "alice").status_code == 302


def test_an_administrator_opens_the_lock(client, alice, admin_user):
    fail(client, *["alice"] * 5)
    actions.unlock_user(alice, actor=admin_user)

    assert sign_in(client, "alice").status_code == 302


def test_who_is_not_active_does_not_get_in(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = sign_in(client, "alice")

    assert response.status_code == 302
    assert response.url == "/account/inactive/"
    assert not is_signed_in(client)


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "https://testserver.evil.example/",
    " https://evil.example/",
    "/%09/evil.example\t//evil.example",
    "///evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(client, alice, target):
    response = sign_in(client, "alice", next=target)

    assert response.status_code == 302
    assert response.url == "/" or response.url.startswith("/%09/")


@pytest.mark.parametrize("target", ELSEWHERE[:-2])
def test_switching_the_language_never_leads_to_another_site(client, db, target):
    response = client.post("/i18n/setlang/", {"language": "it", "next": target})

    assert "evil" not in response.url or response.url.startswith("/")
    assert not response.url.startswith(("//", "/\\", "http", "javascript"))


def test_signing_in_leads_to_the_page_that_was_asked_for(client, alice):
    wanted = client.get("/account/settings/")
    assert wanted.url == "/account/login/?next=/account/settings/"

    assert sign_in(client, "alice", next="/account/settings/").url == "/account/settings/"


def test_nobody_signs_themselves_up(client, db):
    assert "By invitation" in client.get("/account/signup/").text
    form = {"username": "eve", "email": "eve@example.com", "password1": PASSWORD}
    client.post("/account/signup/", form | {"password2": PASSWORD})

    assert not User.objects.exists()


def test_the_language_is_the_browsers_until_one_is_chosen(client, db):
    page = client.get("/account/login/", headers={"accept-language": "he,en;q=0.5"})
    assert 'dir="rtl"' in page.text
    assert page.headers["Content-Language"] == "he"
    assert "Accept-Language" in page.headers["Vary"]

    client.post("/i18n/setlang/", {"language": "ro", "next": "/account/login/"})
    page = client.get("/account/login/", headers={"accept-language": "he"})
    assert page.headers["Content-Language"] == "ro"


def reset_link(letter: mail.EmailMessage) -> str:
    line = next(line for line in letter.body.splitlines() if "/password/reset/key/" in line)
    return "/account/" + line.split("/account/")[1]


def test_problems_signing_in_end_with_a_new_password(client, alice):
    assert (
        client.post("/account/password/reset/", {"email": "alice@example.com"}).status_code == 302
    )
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert "alice" in letter.body
    assert letter.alternatives[0][1] == "text/html"

    form = client.get(reset_link(letter), follow=True)
    assert "Set a new password" in form.text
    new = "another horse battery"
    response = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert response.status_code == 302
    assert is_signed_in(client)

    again = Client().get(reset_link(letter), follow=True)
    assert "This link does not work" in again.text
    assert sign_in(Client(), "alice", new).status_code == 302


def test_a_reset_ends_the_sessions_opened_with_the_old_password(client, alice):
    elsewhere = Client()
    sign_in(elsewhere, "alice")
    client.post("/account/password/reset/", {"email": "alice@example.com"})
    form = client.get(reset_link(mail.outbox[0]), follow=True)
    new = "another horse battery"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert not is_signed_in(elsewhere)


def test_who_is_locked_out_gets_in_by_setting_a_new_password(client, alice):
    fail(client, *["alice"] * 5)
    client.post("/account/password/reset/", {"email": "alice@example.com"})
    form = client.get(reset_link(mail.outbox[0]), follow=True)
    new = "another horse battery"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert is_signed_in(client)
    assert sign_in(Client(), "alice", new).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, alice):
    known = client.post("/account/password/reset/", {"email": "alice@example.com"})
    mail.outbox.clear()
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mail.outbox == []
