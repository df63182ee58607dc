from django.urls import path

from crm.documents import views

urlpatterns = [
    path("on/<slug:kind>/<int:pk>/", views.document_panel, name="document_panel"),
    path("on/<slug:kind>/<int:pk>/upload/", views.document_upload, name="document_upload"),
    path("<int:pk>/", views.document_preview, name="document_preview"),
    path("<int:pk>/download/", views.document_download, name="document_download"),
    path("<int:pk>/thumbnail/", views.document_thumbnail, name="document_thumbnail"),
    path("<int:pk>/rename/", views.document_rename, name="document_rename"),
    path("<int:pk>/replace/", views.document_replace, name="document_replace"),
    path("<int:pk>/trash/", views.document_trash, name="document_trash"),
    path("<int:pk>/restore/", views.document_restore, name="document_restore"),
    path("version/<int:pk>/", views.document_version_preview, name="document_version_preview"),
    path(
        "version/<int:pk>/download/",
        views.document_version_download,
        name="document_version_download",
    ),
    path("version/<int:pk>/inline/", views.document_version_inline, name="document_version_inline"),
]
