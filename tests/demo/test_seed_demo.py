"""The invented company: everything the product promises of records holds for it, too."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from stdnum import get_cc_module

from crm.accounts.models import Team, User
from crm.contacts.forms import CompanyForm, PersonForm
from crm.contacts.models import Contact, Email, Employment, Likeness
from crm.contacts.names import sort_key
from crm.documents.models import Document
from crm.exchange.models import Import
from crm.exchange.sentences import CHANGED, IMPORTED
from crm.records.models import Event, Favourite, Notification, NumberSeries, SavedView, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TABLES = (
    Import,
    Likeness,
    User,
    Team,
    Contact,
    Email,
    Employment,
    Event,
    Notification,
    SavedView,
    Tag,
    Document,
)


@pytest.fixture(scope="module", autouse=True)
def _seeded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Once for all of them, in a transaction that is rolled back: it takes seconds."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        call_command("seed_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(db: None) -> None:
    """What the module's fixture made."""


def test_a_second_run_adds_nothing(demo, django_assert_max_num_queries):
    before = {model: model._default_manager.count() for model in TABLES}
    with django_assert_max_num_queries(15):
        call_command("seed_demo", verbosity=0)
    assert {model: model._default_manager.count() for model in TABLES} == before


def test_there_is_a_company_of_believable_size(demo):
    assert 35 <= User.objects.count() <= 45
    assert Team.objects.count() == 5
    assert Contact.objects.companies().count() == 409
    assert Contact.objects.people().count() == 901
    assert set(Contact.objects.values_list("stage", flat=True)) == set(Contact.Stage.values)
    assert set(Contact.objects.values_list("language", flat=True)) == {"it", "ro", "he", "en"}
    assert 0 < Contact.objects.filter(is_restricted=True).count() < 40
    for username in ("admin", "manager", "agent", "technician"):
        user = User.objects.get(username=username)
        assert check_password("demo", user.password)
        assert Favourite.objects.filter(user=user).exists()
        assert user.notifications.unread().exists()
        assert SavedView.objects.for_user(user, "contact").exists()


def test_the_companies_of_the_pictures_are_there(demo):
    fiat = Contact.objects.get(name="F.I.A.T. S.p.A.")
    assert fiat.aliases == ["FIAT"]
    assert fiat.staff.filter(person__name="Mario Rossi", function="Facility manager").exists()
    for name in ("Știința Verde SRL", "כהן ובניו בע״מ", "Panificio Sant’Ambrogio"):
        assert Contact.objects.filter(name=name).exists()


def test_some_are_there_twice_and_a_file_was_brought_in(demo):
    agent = User.objects.get(username="agent")
    pairs = Likeness.objects.visible_to(agent).select_related("one", "other")
    found = {(pair.other.name, *pair.reasons) for pair in pairs}
    assert {
        ("Brambilla Officine Meccaniche", "tax"),
        ("Panificio Sant’Ambrogio S.n.c.", "name"),
        ("Studio Legale Rosi Associati", "mail"),
    } <= found
    assert any(pair.type == "person" and {"name", "phone"} <= {*pair.reasons} for pair in pairs)
    batch = Import.objects.visible_to(agent).get()
    assert batch.can_be_undone
    assert batch.counts == {"c": 6, "u": 1, "n": 1, "r": 1, "others": 0, "over": 1}
    assert batch.rows.count() == 9


def test_numbers_have_no_gap(demo):
    numbers = Contact.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [f"C-{n:05}" for n in range(1, 1311)]
    assert NumberSeries.objects.get(kind="contact").next_value == 1311


def test_computed_columns_are_what_saving_would_compute(demo):
    columns = ("sort_name", "city", "email", "phone", "search", "near", "name")
    for contact in Contact.objects.prefetch_related("addresses", "emails", "phones"):
        stored = {name: getattr(contact, name) for name in columns}
        contact.reckon(contact.addresses.all(), contact.emails.all(), contact.phones.all())
        assert {name: getattr(contact, name) for name in columns} == stored
        assert contact.sort_name == sort_key(contact.name)


def test_every_record_would_pass_its_form(demo):
    admin = User.objects.get(username="admin")
    for contact in Contact.objects.select_related("owner", "team")[::13]:
        form_class = PersonForm if contact.is_person else CompanyForm
        blank = form_class(instance=contact, actor=admin)
        data = {}
        for name, field in blank.fields.items():
            value = field.prepare_value(blank.get_initial_for_field(field, name))
            if isinstance(value, list) and not hasattr(field, "base_field"):
                data[name] = [str(item) for item in value]
            elif value not in (None, False):
                data[name] = str(value)
        for prefix, formset in blank.formsets.items():
            data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
            for row in formset.get_queryset():
                row.full_clean()
        form = form_class(data, instance=contact, actor=admin)
        assert form.is_valid(), (contact.name, form.errors)
        assert form.warnings() == []


def test_tax_ids_have_their_check_digits(demo):
    for contact in Contact.objects.companies().exclude(vat_id=""):
        module = get_cc_module(contact.vat_id[:2].lower(), "vat")
        if module:
            assert module.is_valid(contact.vat_id), contact.vat_id


def test_no_mail_leads_to_a_real_person(demo):
    addresses = [*Email.objects.values_list("address", flat=True)]
    addresses += [*User.objects.values_list("email", flat=True)]
    assert all(re.search(r"@[a-z0-9-]+\.example$", address) for address in addresses)


def test_every_history_begins_with_the_creation_and_none_lies_in_the_future(demo):
    now = timezone.now()
    of_contacts = Event.objects.filter(content_type=ContentType.objects.get_for_model(Contact))
    came = of_contacts.filter(verb__in=("created", IMPORTED))
    created = Counter(came.values_list("object_id", flat=True))
    assert created == Counter(Contact.objects.values_list("pk", flat=True))
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Event.objects.filter(happened_at__gt=now).exists()
    assert not Contact.objects.filter(updated_at__gt=now).exists()
    changed = of_contacts.filter(verb__in=("changed", CHANGED))
    changes = Counter(changed.values_list("object_id", flat=True))
    for pk, version in Contact.objects.values_list("pk", "version"):
        assert version == 1 + changes[pk]


def test_the_bell_rings_for_nothing_hidden(demo):
    for notification in Notification.objects.select_related("user"):
        visible = Contact.objects.visible_to(notification.user)
        assert visible.filter(pk=notification.object_id).exists()
