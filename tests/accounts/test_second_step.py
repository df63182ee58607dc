import base64
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from crm.accounts import actions
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in

pytestmark = pytest.mark.django_db
SETUP = "/account/second-step/totp/activate/"


def totp(secret: str, step: int = 0) -> str:
    """RFC 6238, as the app on the phone does it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + step), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def confirm(client: Client, page: str):
    return client.post(f"/account/reauthenticate/?next={page}", {"password": PASSWORD})


@pytest.fixture
def secret(client, alice) -> str:
    """Alice sets up the app; her client is signed out afterwards."""
    sign_in(client, "alice")
    confirm(client, SETUP)
    page = client.get(SETUP).text
    found = re.search(r'id="secret"[^>]*value="([A-Z2-7]+)"', page)
    assert found
    assert "data:image/svg+xml" in page
    assert client.post(SETUP, {"code": totp(found[1])}).status_code == 302
    client.post("/account/logout/")
    return found[1]


def test_setting_it_up_asks_for_the_password_again(client, alice):
    sign_in(client, "alice")

    assert client.get(SETUP).url.startswith("/account/reauthenticate/")


def test_the_password_alone_does_not_open_the_door_any_more(client, secret):
    response = sign_in(client, "alice")

    assert response.url.startswith("/account/second-step/authenticate/")
    assert not is_signed_in(client)


def test_the_code_of_the_app_opens_it(client, secret):
    sign_in(client, "alice")
    page = client.get("/account/second-step/authenticate/")
    assert "plain-panel" in page.text
    response = client.post("/account/second-step/authenticate/", {"code": totp(secret, 1)})

    assert response.status_code == 302
    assert is_signed_in(client)


def test_a_wrong_code_does_not(client, secret):
    sign_in(client, "alice")
    page = client.post("/account/second-step/authenticate/", {"code": "000000"})

    assert "This code is not right." in page.text
    assert not is_signed_in(client)


def test_each_recovery_code_opens_it_once(client, secret, alice):
    codes = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()
    sign_in(client, "alice")
    client.post("/account/second-step/authenticate/", {"code": codes[0]})
    assert is_signed_in(client)

    other = Client()
    sign_in(other, "alice")
    other.post("/account/second-step/authenticate/", {"code": codes[0]})
    assert not is_signed_in(other)


def test_the_administration_is_behind_the_same_two_steps(make_user, client):
    ada = make_user("ada", role="administrator")
    sign_in(client, "ada")
    confirm(client, SETUP)
    found = re.search(r'id="secret"[^>]*value="([A-Z2-7]+)"', client.get(SETUP).text)
    assert found
    client.post(SETUP, {"code": totp(found[1])})
    stranger = Client()

    assert stranger.get("/admin/").url == "/admin/login/?next=/admin/"
    assert stranger.get("/admin/login/?next=/admin/").url == "/account/login/?next=/admin/"
    form = {"username": "ada", "password": PASSWORD, "next": "/admin/"}
    assert stranger.post("/admin/login/", form).url.startswith("/account/login/")
    sign_in(stranger, "ada", next="/admin/")
    assert stranger.get("/admin/").status_code == 302
    assert ada.is_administrator


def test_an_administrator_helps_who_lost_phone_and_codes(client, secret, alice, admin_user):
    actions.reset_second_step(alice, actor=admin_user)

    assert sign_in(client, "alice").url == "/"


@pytest.mark.parametrize(
    "path",
    ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"],
)
def test_every_page_of_the_second_step_is_in_our_look(client, secret, path):
    sign_in(client, "alice")
    client.post("/account/second-step/authenticate/", {"code": totp(secret, 1)})
    url = f"/account/second-step/{path}"
    confirm(client, url)
    page = client.get(url)

    assert page.status_code == 200
    assert '<nav class="tabs"' in page.text
