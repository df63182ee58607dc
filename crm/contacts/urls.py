from django.urls import path

from crm.contacts import duplicate_views, merge_views, views

urlpatterns = [
    path("contacts/", views.contact_list, name="contact_list"),
    path("contacts/company/new/", views.company_create, name="company_create"),
    path("contacts/person/new/", views.person_create, name="person_create"),
    path(
        "contacts/company/likely/",
        duplicate_views.contact_likely,
        {"type_": "company"},
        name="company_likely",
    ),
    path(
        "contacts/person/likely/",
        duplicate_views.contact_likely,
        {"type_": "person"},
        name="person_likely",
    ),
    path("contacts/duplicates/", duplicate_views.duplicate_list, name="duplicate_list"),
    path("contacts/duplicates/look/", duplicate_views.duplicate_look, name="duplicate_look"),
    path(
        "contacts/duplicates/<int:pk>/part/", duplicate_views.duplicate_part, name="duplicate_part"
    ),
    path(
        "contacts/duplicates/<int:pk>/unpart/",
        duplicate_views.duplicate_unpart,
        name="duplicate_unpart",
    ),
    path("contacts/merge/", merge_views.contact_merge, name="contact_merge"),
    path("contacts/merges/", merge_views.merge_list, name="merge_list"),
    path("contacts/merges/<int:pk>/undo/", merge_views.merge_undo, name="merge_undo"),
    path("contacts/<int:pk>/merge/", merge_views.contact_merge_with, name="contact_merge_with"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/convert/", views.contact_convert, name="contact_convert"),
    path("contacts/<int:pk>/ties/", views.contact_ties, name="contact_ties"),
    path("contacts/<int:pk>/people/new/", views.employment_create, name="employment_create"),
    path("contacts/people/<int:pk>/edit/", views.employment_edit, name="employment_edit"),
    path("contacts/people/<int:pk>/remove/", views.employment_remove, name="employment_remove"),
]
