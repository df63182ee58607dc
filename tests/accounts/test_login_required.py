"""Every address asks who is there, unless it is on this list."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

pytestmark = pytest.mark.django_db

# Public, because who opens them cannot be signed in yet, or may just have left.
PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "user_activate",
    "set_language",
    "calendar_ics",  # programs read it: whoever has the address may
    "calendar_answer",  # guests are none of ours: the link in their mail says who they are
    "admin:login",  # sends to the one above
    "admin:jsi18n",
}
# Half way through signing in: without a first step they lead back to the sign-in.
STAGES = {"account_confirm_login_code", "mfa_authenticate", "mfa_trust"}


def addresses() -> list[tuple[str, str]]:
    """(name, an address the pattern answers to), for the whole site."""
    found = []

    def walk(resolver: URLResolver, prefix: str, space: str) -> None:
        for entry in resolver.url_patterns:
            path = prefix + example(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry, path, f"{space}{entry.namespace}:" if entry.namespace else space)
            else:
                found.append((f"{space}{entry.name or entry.callback.__name__}", path))

    walk(get_resolver(), "", "")
    return found


def example(pattern: Any) -> str:
    """Some text the pattern matches: converters by their kind, the few regular ones by hand."""
    text = str(pattern)
    by_hand = {
        r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/abc/",
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-abc/",
        "^/": "",
    }
    if text in by_hand:
        return by_hand[text]
    if text.startswith("^"):
        return "accounts/user/"  # the admin's own: an app or a catch-all
    for name, converter in getattr(pattern, "converters", {}).items():
        value = {
            "IntConverter": "1",
            "UUIDConverter": "00000000-0000-4000-8000-000000000000",
        }.get(type(converter).__name__, "x")
        for kind in ("int:", "str:", "slug:", "path:", "uuid:", ""):
            text = text.replace(f"<{kind}{name}>", value)
    return text


ADDRESSES = addresses()
CLOSED = [(name, path) for name, path in ADDRESSES if name not in PUBLIC]


def test_the_walk_finds_the_site():
    names = {name for name, _path in ADDRESSES}

    assert {
        "my_settings",
        "account_login",
        "admin:index",
        "admin:accounts_user_changelist",
    } <= names
    assert names >= PUBLIC - {"admin:jsi18n"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "path"), CLOSED, ids=[name for name, _path in CLOSED])
def test_a_stranger_is_sent_to_the_sign_in(name: str, path: str, method: str):
    response = getattr(Client(), method)(f"/{path}")

    if name in STAGES:
        assert response.status_code in {302, 404, 405}
        return
    assert response.status_code == 302, f"{path} answered {response.status_code} to a stranger"
    assert response.url.startswith(("/account/login/", "/admin/login/"))
