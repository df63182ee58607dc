"""Fields the administrator adds (F3.8): on forms, cards, filters, columns; translated; indexed."""

import pytest
from django.urls import reverse

from crm.contacts.models import Contact
from crm.records.actions import save_record
from crm.records.history import events_of
from crm.records.models import CustomField, CustomFieldOption
from tests.factories import make_company
from tests.forms import as_sent
from tests.records.fields import ADD, forget, form_data, make_field


def typed(field: CustomField, value) -> dict:
    empty = {
        f"{prefix}-{part}": "0"
        for prefix in ("phones", "emails", "addresses")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {"name": "Acme", "stage": "customer", field.form_name: value} | empty


# type, typed value (or index of an answer), shown on the card, stored
TYPES = [
    ("text", "Blue door", "Blue door", "Blue door"),
    ("number", "12.5", "12.5", 12.5),
    ("money", "1200.10", "1,200.10", 1200.1),
    ("money", "1200", "1,200.00", 1200),
    ("date", "2026-11-22", "22 Nov 2026", "2026-11-22"),
    ("yesno", "true", "Yes", True),
    ("yesno", "false", "No", False),
    ("choice", 0, "Gold", None),
    ("choices", [0, 1], "Gold, Silver", None),
    ("link", "https://example.com/a", "https://example.com/a", "https://example.com/a"),
]


IDS = [f"{type_}-{shown}" for type_, _value, shown, _stored in TYPES]


def untouched_save_changes_nothing(client, company) -> None:
    """Open, save: no history, no new version; with somebody's save between, nothing differs."""
    url = reverse("contact_edit", args=[company.pk])
    before, lines = company.custom, events_of(company).count()
    sent = as_sent(client.get(url).content.decode())
    assert client.post(url, sent).status_code == 302
    company.refresh_from_db()
    assert (company.custom, events_of(company).count()) == (before, lines)
    assert client.post(url, sent).status_code == 302
    type(company).objects.filter(pk=company.pk).update(version=99)
    late = client.post(url, sent)
    assert late.status_code == 409
    assert late.context["differences"] == []


@pytest.mark.parametrize(
    ("type_", "value", "shown", "stored"), TYPES, ids=[f"{t[0]}-{t[2]}" for t in TYPES]
)
def test_each_type_is_typed_stored_shown_listed_and_found(as_, admin, type_, value, shown, stored):
    field = make_field(type_, answers=("Gold", "Silver") if "choice" in type_ else ())
    pks = [option.pk for option in field.options.all()]
    if type_ == "choice":
        value = stored = pks[value]
    if type_ == "choices":
        value = stored = [pks[index] for index in value]
    client = as_("admin")
    assert f"My {type_}" in client.get(reverse("company_create")).content.decode()
    answer = client.post(reverse("company_create"), typed(field, value))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    company = Contact.objects.get()
    assert company.custom == {field.key: stored}
    card = client.get(company.get_absolute_url()).content.decode()
    assert f"<dt>My {type_}</dt>" in card
    assert shown in card
    untouched_save_changes_nothing(client, company)
    other = make_company("Other", actor=admin)
    wanted = {
        "number": {f"{field.form_name}_from": "12", f"{field.form_name}_to": "13"},
        "money": {f"{field.form_name}_from": "1200"},
        "date": {f"{field.form_name}_from": "2026-11-01", f"{field.form_name}_to": "2026-11-30"},
    }.get(type_, {field.form_name: value})
    response = client.get(reverse("contact_list"), wanted | {"tab": "customers"})
    assert response.status_code == 200
    assert [row.pk for row in response.context["rows"]] == [company.pk]
    assert other.pk != company.pk


@pytest.mark.parametrize(
    ("type_", "wrong"),
    [
        ("number", "twelve"),
        ("number", "NaN"),
        ("money", "1.234"),
        ("date", "2026-02-30"),
        ("choice", "999999"),
        ("choice", "abc"),
        ("choices", ["999999"]),
        ("link", "javascript:alert(1)"),
        ("text", "x" * 501),
        ("text", "nul\0"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(as_, admin, type_, wrong):
    field = make_field(type_, answers=("Gold",) if "choice" in type_ else ())
    response = as_("admin").post(reverse("company_create"), typed(field, wrong))
    assert response.status_code == 422
    assert f'id="id_{field.form_name}_error"' in response.content.decode()
    assert not Contact.objects.exists()


def test_a_required_field_is_asked_for(as_, admin):
    field = make_field("text", is_required=True)
    assert as_("admin").post(reverse("company_create"), typed(field, "")).status_code == 422


def test_labels_and_answers_are_in_the_readers_language(as_, admin):
    field = make_field("choice", answers=("Gold",), name_it="Livello")
    company = make_company(actor=admin)
    company.custom = {field.key: field.options.get().pk}
    save_record(company, actor=admin)
    type(admin).objects.filter(pk=admin.pk).update(language="it")
    client = as_("admin")
    history = reverse("timeline_panel", args=["contact", company.pk])
    for url in (company.get_absolute_url(), history):
        html = client.get(url).content.decode()
        assert "Livello" in html
        assert "Gold (it)" in html


def test_a_retired_answer_stays_where_it_is_and_is_not_offered_elsewhere(as_, admin):
    field = make_field("choice", answers=("Gold", "Lead"))
    lead = field.options.get(name_en="Lead")
    company = make_company(actor=admin)
    company.custom = {field.key: lead.pk}
    save_record(company, actor=admin)
    CustomFieldOption.objects.filter(pk=lead.pk).update(is_active=False)
    forget()
    client = as_("admin")
    option = f'<option value="{lead.pk}"'
    assert option in client.get(reverse("contact_edit", args=[company.pk])).content.decode()
    assert option not in client.get(reverse("company_create")).content.decode()


def test_the_administrator_adds_a_field_and_forms_have_it_at_once(
    as_, admin, django_capture_on_commit_callbacks
):
    client = as_("admin")
    assert "Boiler model" not in client.get(reverse("company_create")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ADD, form_data()).status_code == 302
    assert CustomField.objects.get().key == "boiler_model"
    assert "Boiler model" in client.get(reverse("company_create")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"key": "Not a key"}, {"name_en": ""}, {"kind": "spaceship"}, {"type": "blob"}]
)
def test_a_field_that_cannot_be_is_refused(as_, admin, wrong):
    assert as_("admin").post(ADD, form_data(**wrong)).status_code == 200
    assert not CustomField.objects.exists()


def test_key_and_kind_never_change_and_the_type_not_once_used(as_, admin):
    field = make_field("text")
    url = f"/admin/records/customfield/{field.pk}/change/"
    html = as_("admin").get(url).content.decode()
    assert 'name="key"' not in html
    assert 'name="type"' in html
    company = make_company(actor=admin)
    company.custom = {field.key: "x"}
    save_record(company, actor=admin)
    assert 'name="type"' not in as_("admin").get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "is_kept"),
    [("12345678901234", True), ("123456789.123456", True), ("12345678901234.123456", False)],
)
def test_a_number_is_kept_to_its_last_digit_or_refused(as_, number, is_kept):
    field = make_field("number")
    answer = as_("admin").post(reverse("company_create"), typed(field, number))
    assert answer.status_code == (302 if is_kept else 422)
    if is_kept:
        page = as_("admin").get(reverse("contact_edit", args=[Contact.objects.get().pk]))
        assert as_sent(page.content.decode())[field.form_name] == [number]


# kept in one record, asked for, found
WORDS = [
    ("text", "Pressione: Città Ștefan", "citta", True),
    ("text", "Pressione: Città Ștefan", "STEFAN pressione", True),
    ("text", "Pressione: Città Ștefan", "tefa", True),
    ("text", "Pressione: Città Ștefan", "citta roma", False),
    ("text", "Pressione: Città Ștefan", "st", True),
    ("text", "Pressione: Città Ștefan", "te", False),
    ("text", "100% of A_B", "0%", False),
    ("text", "100% of A_B", "100%", True),
    ("text", "100% of A_B", "of__", False),
    ("text", "100% of A_B", "a_b", True),
    ("text", "שָׁלוֹם", "שלום", True),
    ("link", "https://Example.com/Manuals/7", "example.com/manuals", True),
    ("link", "https://Example.com/Manuals/7", "example.org", False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("type_", "kept", "asked", "is_found"), WORDS)
def test_texts_and_links_are_found_by_their_words(as_, admin, type_, kept, asked, is_found):
    field = make_field(type_)
    make_company("Has it", actor=admin, custom={field.key: kept})
    make_company("Has another", actor=admin, custom={field.key: "Zzz"})
    make_company("Has none", actor=admin)
    page = as_("admin").get(reverse("contact_list"), {field.form_name: asked})
    assert page.status_code == 200
    assert [row.name for row in page.context["rows"]] == (["Has it"] if is_found else [])
