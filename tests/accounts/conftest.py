from collections.abc import Callable

import pytest
from django.test import Client

from crm.accounts.models import Role, User

PASSWORD = "correct horse battery"

MakeUser = Callable[..., User]


@pytest.fixture(autouse=True)
def unlimited(settings):
    """One test's requests must not slow the next."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def make_user(db) -> MakeUser:
    def make(
        username: str, role: str | Role = "agent", password: str | None = PASSWORD, **fields
    ) -> User:
        fields.setdefault("email", f"{username}@example.com")
        role = role if isinstance(role, Role) else Role.objects.get(code=role)
        return User.objects.create_user(username, password=password, role=role, **fields)

    return make


@pytest.fixture
def alice(make_user: MakeUser) -> User:
    return make_user("alice", first_name="Alice", last_name="Rossi")


@pytest.fixture
def admin_user(make_user: MakeUser) -> User:
    return make_user("root", role="administrator", first_name="Ada")


@pytest.fixture
def admin(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra):
    return client.post("/account/login/", {"login": login, "password": password, **extra})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/settings/").status_code == 200
