"""Whatever anybody sends, the answer is never a 500: every address, every parameter, every form."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.accounts.models import User
from crm.contacts.actions import save_employment
from crm.contacts.models import Contact, Employment
from crm.documents.actions import add_document
from crm.records import actions
from crm.records.lists import record_lists
from crm.records.lookups import lookup_names
from crm.records.models import CustomField, record_kinds
from tests.factories import make_company, make_person
from tests.house.routes import addresses

pytestmark = pytest.mark.django_db
PATIENT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "\x00",
            "-1",
            "0",
            "99999999999999999999",
            "1e309",
            "NaN",
            "'; DROP TABLE contacts_contact; --",
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            "%00",
            "%",
            "_",
            "\\",
            "\u202egpj.exe",
            "2026-02-30",
            "0000-00-00",
            "9999-12-31",
            "10000-01-01",
            "[]",
            "eyJ9",
            "WyJhIixudWxsLDFd",
            "א" * 300,
            "x" * 5000,
        ]
    ),
)


@pytest.fixture
def furnished(admin: User) -> Contact:
    """One of everything, so that every address has something to open."""
    for number, type_ in enumerate(CustomField.Type.values):
        CustomField.objects.create(kind="contact", key=f"f{number}", type=type_, name_en=type_)
    company = make_company("Furnished", owner=admin, actor=admin, phones=["1"], emails=["a@b.it"])
    person = make_person("Rossi", owner=admin, actor=admin)
    save_employment(Employment(company=company, person=person), actor=admin)
    actions.add_entry(company, actor=admin, entry="note", text="Hello")
    add_document(company, SimpleUploadedFile("a.txt", b"hello"), actor=admin)
    return company


@pytest.fixture
def client_in(as_: Callable[[str], Client], furnished: Contact) -> Client:
    client = as_("admin")
    client.raise_request_exception = True
    return client


def every_address(furnished: Contact) -> list[str]:
    places = {
        "pk": [furnished.pk, 1, 2**31, 2**63 - 1],
        "kind": [*record_kinds(), "nothing"],
        "name": [*lookup_names(), "assign", "tag", "trash", "nothing"],
        "token": ["x", "a:b:c"],
        "type_": ["customers", "nothing"],
        "form": ["csv", "xlsx", "nothing"],
    }
    return [url for url in addresses(places) if not url.endswith("/logout/")]


def test_every_address_survives_get_and_an_empty_post(
    client_in: Client, furnished: Contact
) -> None:
    for url in every_address(furnished):
        for answer in (client_in.get(url), client_in.post(url, {})):
            assert answer.status_code < 500, url
            if answer.streaming:
                list(answer)  # to its end, which closes the file


def test_every_address_survives_numbers_beyond_the_database(client_in: Client) -> None:
    for url in ("/contacts/{}/", "/documents/{}/", "/notifications/{}/", "/jobs/{}/"):
        assert client_in.get(url.format("9" * 30)).status_code == 404


@PATIENT
@given(data=st.data())
def test_lists_survive_any_query(client_in: Client, data: st.DataObject) -> None:
    for record_list in record_lists().values():
        names = [
            *record_list.filterset.base_filters,
            "tab",
            "sort",
            "after",
            "size",
            "view",
            "panel",
        ]
        names += [f"custom_f{number}" for number in range(8)]
        names += [
            f"{name}_{end}"
            for name in ("created", "custom_f1", "custom_f3")
            for end in ("from", "to", "min", "max")
        ]
        query = data.draw(st.dictionaries(st.sampled_from(names), NASTY, min_size=1, max_size=4))
        assert client_in.get(reverse(record_list.url_name), query).status_code < 500, query


@PATIENT
@given(words=NASTY)
def test_search_and_pickers_survive_anything(client_in: Client, words: str) -> None:
    for url in ("/search/", *(f"/lookup/{name}/" for name in lookup_names())):
        assert client_in.get(url, {"q": words}).status_code < 500


@PATIENT
@given(data=st.data())
def test_forms_survive_anything(client_in: Client, furnished: Contact, data: st.DataObject) -> None:
    for url in (
        "/contacts/company/new/",
        "/contacts/person/new/",
        f"/contacts/{furnished.pk}/edit/",
    ):
        names = field_names(client_in.get(url).content.decode())
        assert len(names) > 20
        sent = data.draw(st.dictionaries(st.sampled_from(names), NASTY, max_size=8))
        answer = client_in.post(url, sent)
        assert answer.status_code in (302, 409, 422), (sent, answer.status_code)


@PATIENT
@given(data=st.data())
def test_small_forms_survive_anything(
    client_in: Client, furnished: Contact, data: st.DataObject
) -> None:
    forms: list[tuple[str, Any]] = [
        (f"/history/contact/{furnished.pk}/new/", ("entry", "happened_at", "text", "inform")),
        ("/lists/contact/views/save/", ("name", "team", "query", "columns", "back", "sure")),
        ("/lists/contact/columns/", ("column", "back", "query", "view")),
        ("/lists/contact/bulk/tag/", ("selected", "all", "query", "add", "remove", "sure", "back")),
        ("/lists/contact/bulk/assign/", ("selected", "all", "query", "owner", "sure", "back")),
        ("/exports/contact/", ("selected", "all", "query", "format", "columns", "sure", "back")),
        (f"/contacts/{furnished.pk}/people/new/", ("person", "function", "role")),
        ("/account/settings/", ("first_name", "language", "time_zone", "working_days", "color")),
        ("/lookup/tag/", ("name",)),
        ("/contacts/company/likely/", ("name", "aliases", "vat_id", "emails-0-address")),
        ("/contacts/merge/", ("pk", "survivor", "pick-name", "version-1", "selected", "back")),
        (f"/contacts/{furnished.pk}/merge/", ("other",)),
    ]
    url, names = data.draw(st.sampled_from(forms))
    sent = data.draw(st.dictionaries(st.sampled_from(names), NASTY, max_size=5))
    assert client_in.post(url, sent).status_code < 500, (url, sent)


def field_names(page: str) -> list[str]:
    names = re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page)
    names += re.findall(r'data-picker[^>]*\bdata-name="([^"]+)"', page)
    return sorted({name for name in names if name != "csrfmiddlewaretoken"})
