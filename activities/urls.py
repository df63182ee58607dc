from django.urls import path

from activities.views import activities, answers, calendar, changes, feeds, health, sharing, stream

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar.calendar_feed, name="calendar_feed"),
    path("calendar/remember/", calendar.calendar_remember, name="calendar_remember"),
    path("calendar/sharing/", sharing.calendar_sharing, name="calendar_sharing"),
    path("calendar/free/", sharing.calendar_free, name="calendar_free"),
    path("activities/stream/", stream.activity_stream, name="activity_stream"),
    path("activities/repeats/", activities.activity_repeats, name="activity_repeats"),
    path("calendar/feeds/", feeds.calendar_feeds, name="calendar_feeds"),
    path("calendar/feeds/make/", feeds.calendar_feed_make, name="calendar_feed_make"),
    path("calendar/feeds/<int:pk>/end/", feeds.calendar_feed_revoke, name="calendar_feed_revoke"),
    path("calendar/feeds/<str:token>.ics", feeds.calendar_ics, name="calendar_ics"),
    path("calendar/answer/<str:token>/", answers.calendar_answer, name="calendar_answer"),
    path("activities/", activities.activity_list, name="activity_list"),
    path("activities/new/", activities.activity_create, name="activity_create"),
    path("activities/event/new/", activities.event_create, name="event_create"),
    path("activities/task/new/", activities.task_create, name="task_create"),
    path("activities/<int:pk>/", activities.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/move/", changes.activity_move, name="activity_move"),
    path("activities/<int:pk>/copy/", changes.activity_copy, name="activity_copy"),
    path("activities/<int:pk>/status/", changes.activity_status, name="activity_status"),
    path("activities/<int:pk>/undo/", changes.activity_undo, name="activity_undo"),
    path("activities/<int:pk>/take/", changes.activity_take, name="activity_take"),
    path("activities/<int:pk>/answer/", answers.activity_answer, name="activity_answer"),
    path("activities/<int:pk>/remove/", changes.activity_remove, name="activity_remove"),
    path("activities/health/", health.health, name="activities_health"),
]
