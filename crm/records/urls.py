from django.urls import path

from crm.records.views import entries, lookup, notifications, timeline

urlpatterns = [
    path("lookup/<slug:name>/", lookup.lookup, name="lookup"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/panel/", notifications.notification_panel, name="notification_panel"),
    path("notifications/unread/", notifications.notification_unread, name="notification_unread"),
    path("notifications/read/", notifications.notification_read_all, name="notification_read_all"),
    path("notifications/<int:pk>/", notifications.notification_open, name="notification_open"),
    path("history/<slug:kind>/<int:pk>/", timeline.timeline_panel, name="timeline_panel"),
    path("history/<slug:kind>/<int:pk>/new/", entries.entry_create, name="entry_create"),
]
