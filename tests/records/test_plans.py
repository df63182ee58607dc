"""What Postgres would do among 100,000 records: by an index, and not by looking at them all."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from crm.accounts.models import Role
from crm.accounts.rights import set_right
from crm.contacts.models import Contact
from crm.records.actions.custom import delete_custom_field, keep_indexes
from crm.records.lists.filters import custom_filter
from crm.records.models import Tag
from crm.records.tagged import tags_seen_by
from tests.emptying import leave_as_migrated
from tests.factories import make_user
from tests.records.fields import make_field


def plan_of(rows: QuerySet) -> str:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture(scope="module")
def _many_companies(django_db_setup, django_db_blocker):
    """Committed, since indexes are made outside of transactions; once, since it takes seconds."""
    with django_db_blocker.unblock():
        _make_companies(100_000)
        yield
        leave_as_migrated()


@pytest.fixture
def many_companies(_many_companies):
    """And nothing else."""
    yield
    leave_as_migrated(but="contacts_contact")
    keep_indexes()


def _make_companies(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_contact (number, is_restricted, custom, version, created_at,"
            " updated_at, type, stage, name, first_name, last_name, aliases, vat_id, tax_code,"
            " websites, preferred_channel, language, notes, sort_name, city, email, phone, search,"
            " near)"
            " SELECT 'X-' || n, false, jsonb_build_object('budget', n, 'label', 'l' || n,"
            " 'since', to_char(date '2000-01-01' + mod(n, 9000), 'YYYY-MM-DD')), 1, now(), now(),"
            " 'company', 'customer', 'Company ' || n, '', '', '{}', '', '', '{}', '', '', '',"
            " 'company ' || n, '', '', '', array_to_tsvector(ARRAY['company', n::text]), ''"
            " FROM generate_series(1, %s) n",
            [number],
        )


@pytest.mark.slow
def test_filtering_and_sorting_use_the_fields_own_index(many_companies):
    fields = {
        "money": make_field("money", key="budget"),
        "text": make_field("text", key="label"),
        "date": make_field("date", key="since"),
    }
    keep_indexes()
    keep_indexes()  # safe twice
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")
    for field in fields.values():
        ordered = Contact.objects.annotate(value=field.value_expression()).order_by("value", "pk")
        assert field.index_name in plan_of(ordered[:50]), field.key
    within = Contact.objects.alias(value=fields["money"].value_expression())
    within = within.filter(custom__has_key="budget", value__gte=500, value__lte=600)
    assert fields["money"].index_name in plan_of(within)
    assert within.count() == 101
    delete_custom_field(fields["money"], actor=None)
    keep_indexes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname ~ '^custom_field_.*_idx$'")
        there = {name for (name,) in cursor.fetchall()}
    text = fields["text"]
    assert there == {text.index_name, text.words_index_name, fields["date"].index_name}


@pytest.mark.slow
def test_words_of_texts_and_links_are_found_by_an_index(many_companies):
    fields = [make_field("text", key="label"), make_field("link", key="site")]
    keep_indexes()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")
    for field in fields:
        for asked in ("L77", "é777", "77 L5"):
            rows = custom_filter(field).method(Contact.objects.all(), "", asked)
            assert field.words_index_name in plan_of(rows), (field.key, asked)


@pytest.mark.slow
def test_the_tags_of_who_sees_few_records_are_found_from_those(many_companies):
    """However many records carry a tag that they must not know of."""
    tag = Tag.objects.create(name="Everywhere")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_contact_tags (contact_id, tag_id)"
            " SELECT id, %s FROM contacts_contact",
            [tag.pk],
        )
        cursor.execute("ANALYZE contacts_contact, contacts_contact_tags")
    set_right(
        Role.objects.create(code="newcomer", name_en="Newcomer"),
        *("contact",),
        **dict.fromkeys(("view", "change", "delete", "export"), "own"),
    )
    tags = tags_seen_by(make_user("newcomer", role="newcomer"))
    assert list(tags) == []
    assert "Index Cond: (owner_id =" in plan_of(tags)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "index"), [("alice", "contact_in_trash_of_owner"), ("admin", "contact_in_trash")]
)
def test_the_trash_is_read_in_its_order(request, who, index):
    user = request.getfixturevalue(who)
    rows = Contact.objects.trashed().permitted(user, "view").permitted(user, "delete")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")  # of the few rows that a test has
    plan = plan_of(rows.order_by("-trashed_at", "-pk")[:51])
    assert f"using {index} " in plan
    assert "Sort" not in plan
