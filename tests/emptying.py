"""A test that commits leaves the database as the migrations left it, and quickly.

Django would truncate every table and write content types and permissions anew: half a second.
"""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction

from crm.ui.kept import forget_everything_kept

SEEDS = ("crm.accounts.migrations.0002_seed_roles", "activities.migrations.0002_seed_catalog")
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
MANY = 1000  # from so many rows on, truncating is quicker


def leave_as_migrated(_test: Any = None, *, but: str = "") -> None:
    """In the place of TransactionTestCase._fixture_teardown; rows of the table `but` stay."""
    names = set(connection.introspection.django_table_names(only_existing=True))
    filled = _filled(sorted(names - KEPT - {but}))
    labels = [config.label for config in apps.get_app_configs()]
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Foreign keys are looked at in the end, so any order does among what is deleted.
            for name in [name for name, many in filled if many]:
                cursor.execute(f"TRUNCATE {name} CASCADE")
            for name in [name for name, many in filled if not many]:
                cursor.execute(f"DELETE FROM {name}")
        ContentType.objects.exclude(app_label__in=labels).delete()  # of kinds that a test had
        ContentType.objects.clear_cache()
        for seed in SEEDS:
            import_module(seed).seed(apps, None)
    cache.clear()
    forget_everything_kept()  # a page may have read it while it was empty


def _filled(names: list[str]) -> list[tuple[str, bool]]:
    """Tables with rows, and whether they have many."""
    question = "SELECT '{0}', EXISTS (SELECT FROM {0} OFFSET {1}) WHERE EXISTS (SELECT FROM {0})"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(question.format(name, MANY) for name in names))
        return list(cursor.fetchall())
