"""Every app mounts its own urls; crm/urls.py only says where."""

from django.contrib import admin
from django.urls import include, path

handler400 = "crm.ui.errors.bad_request"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("crm.accounts.urls")),
    path("", include("crm.records.urls")),
    path("imports/", include("crm.exchange.import_urls")),
    path("exports/", include("crm.exchange.urls")),
    path("documents/", include("crm.documents.urls")),
    path("", include("crm.contacts.urls")),
    path("", include("activities.urls")),
    path("", include("crm.reports.urls")),
]
