from django.urls import path

from crm.exchange.views import importing as views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("new/", views.import_create, name="import_create"),
    path(
        "facsimile/<slug:kind>/<slug:type_>.<slug:form>",
        views.import_facsimile,
        name="import_facsimile",
    ),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/setup/", views.import_setup, name="import_setup"),
    path("<int:pk>/run/", views.import_run, name="import_run"),
    path("<int:pk>/stop/", views.import_stop, name="import_stop"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("<int:pk>/errors/", views.import_errors, name="import_errors"),
    path("<int:pk>/delete/", views.import_delete, name="import_delete"),
]
