from crm.contacts.models.contact import PARTS, REACH, Channel, Contact, ContactQuerySet
from crm.contacts.models.customer import (
    Chip,
    CustomerRecord,
    CustomerRecordQuerySet,
    Figure,
    customer_kinds,
)
from crm.contacts.models.merging import FormerContact, Likeness, Merge, Reason
from crm.contacts.models.profile import Area, Category, ProductGroup
from crm.contacts.models.reach import (
    Address,
    Email,
    EmailUse,
    Employment,
    Phone,
    PhoneUse,
    Place,
)

__all__ = [
    "PARTS",
    "REACH",
    "Address",
    "Area",
    "Category",
    "Channel",
    "Chip",
    "Contact",
    "ContactQuerySet",
    "CustomerRecord",
    "CustomerRecordQuerySet",
    "Email",
    "EmailUse",
    "Employment",
    "Figure",
    "FormerContact",
    "Likeness",
    "Merge",
    "Phone",
    "PhoneUse",
    "Place",
    "ProductGroup",
    "Reason",
    "customer_kinds",
]
