"""Events of 50 people over two years and a half around today, one in twenty a series."""

from typing import Any

from bench.rows import Shape

MANAGER = "bench1"
HALF = 438  # days before and behind today: of 200,000 everybody's week then has some 1,900
# One series in a hundred goes on for ever. Every third event has a place, every 97th is restricted.
ACTIVITIES = """
    INSERT INTO activities_activity (
        number, is_restricted, custom, version, created_at, updated_at, subject, is_task, category,
        priority, starts_on, start_time, ends_on, end_time, zone, starts_at, ends_at, late_at,
        place, notes, outcome, words, rule, last_on, left_out, uid, sequence, is_long, owner_id,
        created_by_id, type_id, status_id, customer_id
    )
    SELECT
        'A-' || lpad(n::text, 6, '0'), n %% 97 = 0, '{}', 1, now(), now() - n * interval '1 second',
        'Visit for the customer no. ' || n, false, status.category,
        2, day, clock, day, clock + interval '1 hour', 'Europe/Rome',
        (day + clock) AT TIME ZONE 'Europe/Rome',
        (day + clock + interval '1 hour') AT TIME ZONE 'Europe/Rome',
        (day + clock + interval '1 hour') AT TIME ZONE 'Europe/Rome',
        CASE WHEN n %% 3 = 0 THEN 'Como' ELSE '' END, '',
        '', 'visit for the customer no ' || n, rule, last_on, '{}', gen_random_uuid(), 0, false,
        owner, owner, type, status.id, customer
    FROM (
        SELECT
            n, day, clock, owner, type, customer, state,
            CASE
                WHEN n > %(series)s THEN ''
                WHEN n %% 100 = 0 THEN 'FREQ=WEEKLY'
                ELSE 'FREQ=WEEKLY;COUNT=5'
            END AS rule,
            CASE WHEN n <= %(series)s AND n %% 100 <> 0 THEN day + 28 END AS last_on
        FROM generate_series(1, %(events)s) AS n
        CROSS JOIN LATERAL (
            SELECT
                CURRENT_DATE - %(half)s
                    + ((n::bigint * 7919 + n / 50) %% (2 * %(half)s))::int AS day,
                time '08:00' + (n * 31 %% 18) * interval '30 minutes' AS clock,
                (%(users)s)[1 + n %% cardinality(%(users)s)] AS owner,
                (%(types)s)[1 + n %% cardinality(%(types)s)] AS type,
                (%(statuses)s)[1 + n %% cardinality(%(statuses)s)] AS state,
                1 + n %% %(companies)s AS customer
        ) AS facts
    ) AS events
    JOIN activities_activitystatus AS status ON status.id = state
"""
SLOTS = """
    INSERT INTO activities_slot (activity_id, person_id, span)
    SELECT id, owner_id, CASE
        WHEN rule = '' THEN tstzrange(starts_at, ends_at)
        WHEN last_on IS NULL THEN tstzrange(starts_at, NULL)
        ELSE tstzrange(starts_at, ends_at + interval '28 days')
    END
    FROM activities_activity
"""
ATTENDEES = """
    INSERT INTO activities_attendee (activity_id, user_id, answer)
    SELECT id, somebody, 'accepted'
    FROM activities_activity
    CROSS JOIN LATERAL (
        SELECT (%(users)s)[1 + id * 7 %% cardinality(%(users)s)] AS somebody
    ) AS second
    WHERE id %% 5 = 0 AND somebody <> owner_id
"""
SECOND_SLOTS = """
    INSERT INTO activities_slot (activity_id, person_id, span)
    SELECT attendee.activity_id, attendee.user_id, slot.span
    FROM activities_attendee AS attendee
    JOIN activities_slot AS slot
      ON slot.activity_id = attendee.activity_id AND slot.person_id <> attendee.user_id
"""


def everybody(cursor: Any) -> str:
    """Keys of the 50, as the calendar's `who` takes them."""
    cursor.execute("SELECT id FROM accounts_user WHERE username LIKE 'bench%' ORDER BY id")
    return ",".join(str(pk) for (pk,) in cursor.fetchall())


def fill(cursor: Any, shape: Shape, count: int) -> None:
    from activities.models import ActivityStatus, ActivityType
    from crm.accounts.models import Role, User

    def events_of(model: Any) -> list[int]:
        rows = model.objects.filter(nature="event").order_by("pk")
        return list(rows.values_list("pk", flat=True))

    User.objects.filter(username=MANAGER).update(role=Role.objects.get(code="manager"))
    facts = {
        "events": count,
        "series": count // 20,
        "half": HALF,
        "companies": shape.size,
        "users": list(shape.users),
        "types": events_of(ActivityType),
        "statuses": events_of(ActivityStatus),
    }
    for statement in (ACTIVITIES, SLOTS, ATTENDEES, SECOND_SLOTS):
        cursor.execute(statement, facts)
