"""Merging as the tests do it, and all that can point at a contact."""

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.contacts.merging.merge import Wish, merge_contacts
from crm.contacts.models import (
    Area,
    Category,
    Contact,
    Employment,
    FormerContact,
    Likeness,
    ProductGroup,
)
from crm.documents.actions import add_document
from crm.mail.models import OutboundMessage
from crm.records.actions import add_entry, notify, record_event
from crm.records.models import Favourite, RecentView, Tag
from tests.factories import make_company, make_event, make_person


def merged(*contacts, actor, **picks):
    """The first one stays."""
    keys = tuple(one.pk for one in contacts)
    merge = merge_contacts(Wish(keys, contacts[0].pk, picks), actor=actor)
    for one in contacts:
        one.refresh_from_db()
    return merge


def a_tag(name):
    return Tag.objects.create(name=name)


# One row of every model that can point at a contact, made to point at `twin`. A model of a later
# app without a line here fails the test below: see whether merging moves its rows, then add it.
ROWS = {
    "contacts.address.contact_id": lambda twin, user: twin.addresses.create(city="Milano"),
    "contacts.email.contact_id": lambda twin, user: twin.emails.create(address="a@b.example"),
    "contacts.phone.contact_id": lambda twin, user: twin.phones.create(number="+39 02 999999"),
    "contacts.employment.company_id": lambda twin, user: Employment.objects.create(
        company=twin, person=make_person()
    ),
    "contacts.employment.person_id": lambda twin, user: Employment.objects.create(
        company=make_company(), person=twin
    ),
    "contacts.contact_tags.contact_id": lambda twin, user: twin.tags.add(a_tag("VIP")),
    "contacts.contact_categories.contact_id": lambda twin, user: twin.categories.add(
        Category.objects.create(name_en="Heating")
    ),
    "contacts.contact_areas.contact_id": lambda twin, user: twin.areas.add(
        Area.objects.create(name_en="North")
    ),
    "contacts.contact_product_groups.contact_id": lambda twin, user: twin.product_groups.add(
        ProductGroup.objects.create(name_en="Boilers")
    ),
    "contacts.likeness.one_id": lambda twin, user: Likeness.objects.create(
        one=twin, other=make_company(), type="company", score=40
    ),
    "contacts.likeness.other_id": lambda twin, user: Likeness.objects.create(
        one=make_company(), other=twin, type="company", score=40
    ),
    "contacts.formercontact.survivor_id": lambda twin, user: FormerContact.objects.create(
        key=999_999, survivor=twin
    ),
    "records.event.object_id": lambda twin, user: add_entry(
        twin, actor=user, entry="note", text="Hello"
    ),
    "records.favourite.object_id": lambda twin, user: Favourite.objects.create(
        user=user, record=twin
    ),
    "records.recentview.object_id": lambda twin, user: RecentView.objects.create(
        user=user, record=twin
    ),
    "records.notification.object_id": lambda twin, user: notify(
        [user], twin, event=record_event(twin, "changed", actor=None), actor=None
    ),
    "mail.outboundmessage.object_id": lambda twin, user: OutboundMessage.objects.create(
        message_id="<1@x>", from_address="a@b.example", record=twin
    ),
    "documents.document.object_id": lambda twin, user: add_document(
        twin, SimpleUploadedFile("a.txt", b"hello"), actor=user
    ),
    "activities.activity.customer_id": lambda twin, user: make_event(actor=user, customer=twin),
    "activities.activity.contact_person_id": lambda twin, user: make_event(
        actor=user, contact_person=twin
    ),
    "activities.activity_other_customers.contact_id": lambda twin, user: make_event(
        actor=user, other_customers=[twin]
    ),
    "activities.attendee.contact_id": lambda twin, user: make_event(actor=user, guests=[twin]),
    "activities.activity.about_id": lambda twin, user: make_event(
        actor=user,
        about_type=ContentType.objects.get_for_model(Contact),
        about_id=twin.pk,
    ),
}
