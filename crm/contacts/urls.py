from django.urls import path

from crm.contacts import views

urlpatterns = [
    path("contacts/", views.contact_list, name="contact_list"),
    path("contacts/company/new/", views.company_create, name="company_create"),
    path("contacts/person/new/", views.person_create, name="person_create"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/convert/", views.contact_convert, name="contact_convert"),
    path("contacts/<int:pk>/ties/", views.contact_ties, name="contact_ties"),
    path("contacts/<int:pk>/people/new/", views.employment_create, name="employment_create"),
    path("contacts/people/<int:pk>/edit/", views.employment_edit, name="employment_edit"),
    path("contacts/people/<int:pk>/remove/", views.employment_remove, name="employment_remove"),
]
