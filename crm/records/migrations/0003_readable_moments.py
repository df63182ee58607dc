"""Moments that Postgres keeps and Python cannot read: typed as the year 1 or 9999, they fell out of
those years on their way to UTC. A row with one closed the history of its record."""

import datetime

from django.db import migrations, models

FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def pull_in(state, editor):
    events = state.get_model("records", "Event").objects
    events.filter(happened_at__lt=FIRST).update(happened_at=FIRST)
    events.filter(happened_at__gt=LAST).update(happened_at=LAST)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_what_administrators_see")]
    operations = [
        migrations.RunPython(pull_in, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("happened_at__range", (FIRST, LAST))),
                name="event_readable_moment",
            ),
        ),
    ]
