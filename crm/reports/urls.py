from django.urls import path

from crm.reports import search

urlpatterns = [path("search/", search.search, name="search")]
