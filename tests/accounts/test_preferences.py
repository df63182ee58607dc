import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crm.accounts.models import User

pytestmark = pytest.mark.django_db
FORM = {
    "first_name": "Alice",
    "last_name": "Levi",
    "language": "he",
    "time_zone": "Asia/Jerusalem",
    "theme": "dark",
    "color": "c3",
    "working_days": ["7", "1", "2"],
    "work_starts_at": "08:30",
    "work_ends_at": "17:00",
    "mail_notifications": "daily",
}


@pytest.fixture
def client(alice) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def test_everything_on_the_page_is_kept(client, alice):
    assert client.post("/account/settings/", FORM).status_code == 302
    alice.refresh_from_db()

    assert (alice.name, alice.language, alice.time_zone) == ("Alice Levi", "he", "Asia/Jerusalem")
    assert (alice.theme, alice.color, alice.mail_notifications) == ("dark", "c3", "daily")
    assert alice.working_days == [1, 2, 7]
    assert (alice.work_starts_at, alice.work_ends_at) == (dt.time(8, 30), dt.time(17))


def test_the_next_page_is_in_the_chosen_language_direction_and_theme(client):
    client.post("/account/settings/", FORM)
    page = client.get("/account/settings/").text

    assert '<html lang="he" dir="rtl"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("language", "tlh"),
        ("working_days", ["8"]),
        ("work_ends_at", "07:00"),
        ("work_starts_at", "yesterday"),
        ("color", "red"),
        ("theme", ""),
        ("first_name", "x" * 151),
        ("first_name", "a\x00b"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(client, alice, field, value):
    response = client.post("/account/settings/", FORM | {field: value})

    assert response.status_code == 422
    assert "error-summary" in response.text
    assert 'value="Levi"' in response.text
    assert User.objects.get(pk=alice.pk).last_name == "Rossi"


def test_nobody_becomes_an_administrator_by_typing_more_fields(client, alice):
    client.post("/account/settings/", FORM | {"role": "1", "is_superuser": "on", "teams": "1"})
    alice.refresh_from_db()

    assert not alice.is_administrator


def test_the_switch_in_the_menu_keeps_the_language_and_the_theme(client, alice):
    client.post("/i18n/setlang/", {"language": "it", "next": "/account/settings/"})
    client.post("/account/theme/", {"theme": "light"})
    alice.refresh_from_db()

    assert (alice.language, alice.theme) == ("it", "light")


@pytest.mark.parametrize("url", ["/account/theme/", "/i18n/setlang/"])
def test_switches_take_a_post(client, url):
    assert client.get(url).status_code == 405


@pytest.mark.parametrize(
    "page", ["settings/", "password/change/", "second-step/", "sessions/", "email/"]
)
def test_every_page_of_the_settings_is_in_our_look(client, page):
    response = client.get(f"/account/{page}")

    assert response.status_code == 200
    assert 'aria-current="page"' in response.text
    assert " style=" not in response.text


def test_another_address_is_confirmed_by_a_link(client, alice, mailoutbox):
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    response = client.post(
        "/account/email/", {"action_add": "1", "email": "alice@elsewhere.example"}
    )
    assert response.status_code == 302
    (letter,) = mailoutbox
    assert letter.to == ["alice@elsewhere.example"]
    url = next(word for word in letter.body.split() if "/confirm-email/" in word)
    path = url.removeprefix("http://testserver")

    assert "alice@elsewhere.example" in Client().get(path).text
    client.post(path)
    assert alice.emailaddress_set.get(email="alice@elsewhere.example").verified


@pytest.mark.parametrize(
    "change",
    [
        {"username": "ALICE"},
        {"username": "bob", "email": "Alice@Example.com"},
        {"username": "bob", "language": "fr"},
        {"username": "bob", "color": "c9"},
        {"username": "bob", "working_days": [0]},
        {"username": "bob", "work_starts_at": dt.time(19)},
    ],
    ids=str,
)
def test_the_database_refuses_what_the_forms_refuse(alice, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(**({"email": "bob@example.com"} | change))
