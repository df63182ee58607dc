"""Included at the root of the site: the paths here are absolute."""

from django.urls import include, path

from crm.accounts import views

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("account/settings/", views.my_settings, name="my_settings"),
    path("account/theme/", views.set_theme, name="set_theme"),
    path("account/activate/<str:token>/", views.user_activate, name="user_activate"),
    path("i18n/setlang/", views.set_language, name="set_language"),
]
