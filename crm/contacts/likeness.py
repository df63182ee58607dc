"""Contacts that look like one, looked for over the whole base (F2.14).

SQL by the marked words of the search column (see names.py) and the e-mails: two passes, and no row
of them travels. What more than MOST_SHARING have in common, a switchboard's number or an
info@ of a big group, says nothing.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.contacts.models import Reason
from crm.contacts.names import PHONE, TAX, WHOLE
from crm.records.models import Heartbeat

MOST_SHARING = 20
LOOKED = "duplicates"  # name of the heartbeat that says when
# Of 100. People often have the same name, and colleagues the same phone.
SCORES = {Reason.TAX: 60, Reason.MAIL: 40, Reason.NAME: 40, Reason.PHONE: 25}
FEWER_FOR_PEOPLE = 15  # for the name alone

FIND = """
DROP TABLE IF EXISTS found_likeness;
CREATE TEMPORARY TABLE found_likeness ON COMMIT DROP AS
WITH words AS (
    SELECT c.type, t.lexeme AS word, c.id
    FROM contacts_contact c CROSS JOIN unnest(c.search) AS t
    WHERE c.trashed_at IS NULL AND left(t.lexeme, 1) IN (%(name)s, %(tax)s, %(phone)s)
    UNION
    SELECT c.type, '@' || lower(e.address), c.id
    FROM contacts_email e JOIN contacts_contact c ON c.id = e.contact_id
    WHERE c.trashed_at IS NULL
), shared AS (
    SELECT type, word, array_agg(id) AS ids
    FROM words GROUP BY type, word
    HAVING count(*) BETWEEN 2 AND %(most)s
), pairs AS (
    SELECT DISTINCT type, one, other,
        CASE left(word, 1) WHEN %(tax)s THEN 1 WHEN '@' THEN 2 WHEN %(name)s THEN 3 ELSE 4
        END AS reason
    FROM shared, unnest(ids) AS one, unnest(ids) AS other
    WHERE one < other
)
SELECT one, other, type,
    array_agg((%(reasons)s::text[])[reason] ORDER BY reason) AS reasons,
    least(100, sum((%(scores)s::int[])[reason])
        - CASE WHEN type = 'person' AND bool_or(reason = 3) THEN %(fewer)s ELSE 0 END) AS score
FROM pairs GROUP BY one, other, type
"""
# Only what is new is written, and only of contacts that are still there: locked until the end, so
# that a purge waits and then takes the pair along. Whoever is being written to at this moment is
# left for the next time: waiting for one while holding others could stop both for ever.
KEEP = """
INSERT INTO contacts_likeness (one_id, other_id, type, reasons, score)
SELECT f.one, f.other, f.type, f.reasons, f.score FROM found_likeness f
JOIN contacts_contact one ON one.id = f.one JOIN contacts_contact other ON other.id = f.other
WHERE NOT EXISTS (
    SELECT FROM contacts_likeness l
    WHERE least(l.one_id, l.other_id) = f.one AND greatest(l.one_id, l.other_id) = f.other
    AND l.reasons::text[] = f.reasons AND l.score = f.score)
ORDER BY f.one, f.other
FOR KEY SHARE OF one, other SKIP LOCKED
ON CONFLICT (least(one_id, other_id), greatest(one_id, other_id)) DO UPDATE
SET reasons = excluded.reasons, score = excluded.score
"""
FORGET = """
DELETE FROM contacts_likeness l
WHERE l.parted_at IS NULL AND NOT EXISTS (
    SELECT FROM found_likeness f
    WHERE f.one = least(l.one_id, l.other_id) AND f.other = greatest(l.one_id, l.other_id))
"""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('crm.contacts.likeness'))"


@transaction.atomic
def find_likenesses() -> int:
    """Look through all contacts again; how many pairs there are. A second run changes nothing."""
    ranked = list(SCORES)
    params: dict[str, Any] = {
        "name": WHOLE,
        "tax": TAX,
        "phone": PHONE,
        "most": MOST_SHARING,
        "reasons": [str(reason) for reason in ranked],
        "scores": [SCORES[reason] for reason in ranked],
        "fewer": FEWER_FOR_PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(FIND, params)
        number = cursor.rowcount
        cursor.execute("ANALYZE found_likeness")
        cursor.execute(FORGET)
        cursor.execute(KEEP)  # the last: until the end it holds contacts that others may wait for
    Heartbeat.objects.update_or_create(name=LOOKED, defaults={"at": timezone.now()})
    return number
