"""Every app mounts its own urls; crm/urls.py only says where."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("crm.accounts.urls")),
    path("", include("crm.records.urls")),
    path("", include("crm.contacts.urls")),
]
