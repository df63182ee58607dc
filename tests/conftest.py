"""Alice owns, Bob is in her team, Carol is a stranger; admin sees everything.

The three work in the role "colleague": they see and change what is theirs or their team's.
"""

import os
import re
import uuid
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from crm.accounts.models import Role, Team, User
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.records.models import record_kinds
from crm.ui.kept import forget_everything_kept
from tests.emptying import leave_as_migrated
from tests.factories import make_company, make_team, make_user
from tests.migrated import migrated_database


def pytest_configure(config: pytest.Config) -> None:
    """A Redis database of its own for every parallel worker, so that clearing one hurts nobody."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    place = django_settings.CACHES["default"]
    place["LOCATION"] = re.sub(r"(db=|/)\d+$", rf"\g<1>{worker + 2}", place["LOCATION"])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first: no worker is to be left alone with one when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    yield
    cache.clear()
    forget_everything_kept()


@pytest.fixture(scope="session")
def _files_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, _files_of_all: Path) -> None:
    """In a folder of the test's own, made with its first file: to make `tmp_path` takes longer."""
    settings.MEDIA_ROOT = _files_of_all / uuid.uuid4().hex


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """How passwords are kept is not what is tested here."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *django_settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_once() -> Iterator[None]:
    """Each client would look through all of them; that took a fifth of the tests of pages."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_was_committed_is_deleted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", leave_as_migrated)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_use_migrations: bool
) -> None:
    if django_db_use_migrations and (name := migrated_database()):
        connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's own, and at the end no thread of a live server keeps the database open."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def kinds(db: None) -> Iterator[Any]:
    """Two kinds of CustomerRecord more (tests/kinds), with their tables and pages; gives their
    builders. It must come before the roles, which are given rights for every kind there is."""
    more = override_settings(
        INSTALLED_APPS=["tests.kinds", *django_settings.INSTALLED_APPS],
        ROOT_URLCONF="tests.kinds.pages",
    )
    with more:
        apps.clear_cache()  # Tag, Contact … learn who points at them
        models = import_module("tests.kinds.models").MODELS
        with connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)
        yield import_module("tests.kinds.builders")
        if not connection.in_atomic_block:  # else it is taken back with everything else
            with connection.schema_editor() as editor:
                for model in models:
                    editor.delete_model(model)
    ContentType.objects.clear_cache()


@pytest.fixture
def colleague(db: None) -> Role:
    role = Role.objects.create(code="colleague", name_en="Colleague")
    for kind in record_kinds():
        set_right(role, kind, view="team", change="own", delete="own", export="team")
    return role


@pytest.fixture
def team(db: None) -> Team:
    return make_team("Technicians North")


@pytest.fixture
def alice(colleague: Role, team: Team) -> User:
    return make_user("alice", role="colleague", teams=[team])


@pytest.fixture
def bob(colleague: Role, team: Team) -> User:
    return make_user("bob", role="colleague", teams=[team])


@pytest.fixture
def carol(colleague: Role) -> User:
    return make_user("carol", role="colleague")


@pytest.fixture
def admin(db: None) -> User:
    return make_user("administrator", role="administrator")


@pytest.fixture
def company(alice: User, team: Team) -> Contact:
    """Alice's, in her and Bob's team."""
    return make_company("F.I.A.T. S.p.A.", owner=alice, team=team, actor=alice)


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def as_(request: pytest.FixtureRequest) -> Callable[[str], Client]:
    """A client of its own for a person's fixture name: `as_("bob").get(url)`."""

    def enter(name: str) -> Client:
        one: Any = Client()
        one.force_login(request.getfixturevalue(name))
        return one

    return enter
