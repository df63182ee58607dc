from django.urls import path

from crm.exchange import views

urlpatterns = [
    path("", views.export_page, name="export_page"),
    path("<slug:kind>/", views.export_start, name="export_start"),
]
