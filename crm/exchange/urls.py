from django.urls import path

from crm.exchange import views

urlpatterns = [
    path("<slug:kind>/", views.export_start, name="export_start"),
]
