from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm.ui.navigation import Create, Link, Module, Widget


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("Activities")
    modules = [
        Module(
            label=_("Activities"),
            url_name="calendar",
            icon="calendar3",
            key="a",
            order=20,
            kinds=("activity",),
            children=(Module(_("List"), "activity_list", "list-task"),),
        )
    ]
    personal = [
        Link(_("Sharing my calendar"), "calendar_sharing", "calendar3", 40),
        Link(_("Health"), "activities_health", "shield-check", 90, is_staff=True),
    ]
    widgets = [Widget("activities/_todo.html", "activities.todo.todo_of", 10, ("activity",))]
    creates = [
        Create(
            label=_("Event"),
            url_name="event_create",
            icon="calendar-event",
            kind="activity",
            order=110,
            named=_("Create event “%(name)s”"),
        ),
        Create(
            label=_("Task"),
            url_name="task_create",
            icon="check-circle",
            kind="activity",
            order=110,
            named=_("Create task “%(name)s”"),
        ),
    ]

    def ready(self) -> None:
        from activities.sentences import SENTENCES
        from crm.records.sentences import register_verbs

        register_verbs(SENTENCES)
