from django.urls import path

from crm.records.views import lookup

urlpatterns = [
    path("lookup/<slug:name>/", lookup.lookup, name="lookup"),
]
