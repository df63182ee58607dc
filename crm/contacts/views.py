"""Pages of companies and people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.http import UserRequest
from crm.contacts import actions
from crm.contacts.card import card_parts
from crm.contacts.forms import CompanyForm, PersonForm, StaffForm
from crm.contacts.heirs import leads_to_the_heir
from crm.contacts.lists import STAGE_LOOK, ContactList
from crm.contacts.models import Contact, Employment
from crm.contacts.names import first_and_last
from crm.contacts.prefill import asked_contact
from crm.contacts.ties import BY_NAME, PAGE_SIZE, ties_of
from crm.records.card import card_context, card_rows
from crm.records.editing import edit_page, fetch_to_edit
from crm.records.errors import ActionRefused
from crm.records.fetch import allows, fetch
from crm.records.giving_back import gives_back
from crm.records.held import hold
from crm.records.lists import list_page
from crm.records.models import Record
from crm.records.refusals import refusals_as_messages
from crm.ui.paging import page_asked_for

CARD = ("tags", "categories", "areas", "product_groups", "addresses", "emails", "phones")


def contact_list(request: UserRequest) -> HttpResponse:
    return list_page(request, ContactList)


@leads_to_the_heir
def contact_detail(request: UserRequest, pk: int) -> HttpResponse:
    rows = card_rows(Contact.objects.select_related("owner", "team"), request.user)
    contact = fetch(request.user, "view", Contact, pk, queryset=rows)
    hold(contact, CARD)
    context = card_context(request, contact) | card_parts(contact, request.user)
    context |= {
        "contact": contact,
        "edit_url": reverse("contact_edit", args=[pk]),
        "gaps": contact.gaps(),
        "stage_look": STAGE_LOOK[contact.stage],
    }
    return render(request, "contacts/contact_detail.html", context)


@require_safe
def contact_ties(request: UserRequest, pk: int) -> HttpResponse:
    """All people of a company, or all companies of a person, a page at a time."""
    contact = fetch(request.user, "view", Contact, pk)
    rows = ties_of(contact, request.user)
    page = page_asked_for(request, rows, BY_NAME, size=PAGE_SIZE)
    context = {
        "contact": contact,
        "rows": page.rows,
        "page": page,
        "can_change": allows(request.user, "change", contact),
    }
    return render(request, "contacts/ties.html", context)


@gives_back(CompanyForm)
def company_create(request: UserRequest) -> HttpResponse:
    contact = Contact(type=Contact.Type.COMPANY, name=request.GET.get("name", "")[:200])
    return edit_page(
        request,
        CompanyForm,
        contact,
        template="contacts/contact_form.html",
        initial={"stage": _stage(request)},
    )


@gives_back(PersonForm)
def person_create(request: UserRequest) -> HttpResponse:
    """A new person, of `?company=` if that is given and visible."""
    company = asked_contact(request, "company", Contact.objects.companies())
    first, last = first_and_last(request.GET.get("name", "")[:200])

    def join(record: Record) -> None:
        if company:
            post = {"company": company, "person_id": record.pk}
            actions.tell_companies(
                [company.pk],
                actor=request.user,
                change=lambda: Employment.objects.get_or_create(**post),
            )

    return edit_page(
        request,
        PersonForm,
        Contact(type=Contact.Type.PERSON, first_name=first, last_name=last),
        template="contacts/contact_form.html",
        initial={"stage": company.stage if company else _stage(request)},
        context={"company": company},
        after=join,
    )


def _stage(request: HttpRequest) -> str:
    asked = request.GET.get("stage", "")
    return asked if asked in Contact.Stage.values else Contact.Stage.CUSTOMER


@gives_back(CompanyForm, PersonForm)
@leads_to_the_heir
def contact_edit(request: UserRequest, pk: int) -> HttpResponse:
    contact = fetch_to_edit(request, Contact, pk)
    form = PersonForm if contact.is_person else CompanyForm
    return edit_page(request, form, contact, template="contacts/contact_form.html")


@require_POST
def contact_convert(request: UserRequest, pk: int) -> HttpResponse:
    contact = fetch(request.user, "change", Contact, pk)
    with refusals_as_messages(request):
        actions.convert_lead(contact, actor=request.user)
        messages.success(request, _("Now a customer."))
    return redirect(contact)


@gives_back(StaffForm)
def employment_create(request: UserRequest, pk: int) -> HttpResponse:
    company = fetch(request.user, "change", Contact, pk, queryset=Contact.objects.companies())
    return _employment_page(request, Employment(company=company), company)


@gives_back(StaffForm)
def employment_edit(request: UserRequest, pk: int) -> HttpResponse:
    employment = get_object_or_404(Employment.objects.select_related("person"), pk=pk)
    fetch(request.user, "view", Contact, employment.person_id)  # first: else 403 would tell of it
    company = fetch(request.user, "change", Contact, employment.company_id)
    return _employment_page(request, employment, company)


def _employment_page(
    request: UserRequest, employment: Employment, company: Contact
) -> HttpResponse:
    form = StaffForm(request.POST or None, instance=employment, actor=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _saved(request, form):
            return redirect(company)
    context = {"form": form, "company": company, "employment": employment}
    return render(request, "contacts/employment_form.html", context, status=status)


def _saved(request: UserRequest, form: StaffForm) -> bool:
    try:
        actions.save_employment(form.instance, actor=request.user)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True


@require_POST
def employment_remove(request: UserRequest, pk: int) -> HttpResponse:
    employment = get_object_or_404(Employment, pk=pk)
    company = fetch(request.user, "view", Contact, employment.company_id)
    person = fetch(request.user, "view", Contact, employment.person_id)
    if not allows(request.user, "change", company):
        fetch(request.user, "change", Contact, person.pk)
    actions.end_employment(employment, actor=request.user)
    messages.success(request, _("%(name)s does not work there any more.") % {"name": person})
    return redirect(person if request.POST.get("from") == "person" else company)
