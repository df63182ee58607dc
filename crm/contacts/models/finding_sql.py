"""The SQL of what a search finds among contacts (finding.py), on top of the rows `seen`.

`{seen}` is the name of those of one part; `{words}`, a condition on what was typed (`Asked`).
"""

PART = "{name} AS NOT MATERIALIZED (SELECT * FROM seen WHERE {where})"
# Among so many rows that changed last, what is short fills a page. A frequent word that is not
# among fewer is sooner read out of the index: it may be frequent in another part only.
LATEST, LATEST_OF_WORDS = 1_500, 500
# 0: it is the code, or one of the other keys, 1: the name, 2: an alias, among those that are one.
EXACTNESS = """
    CASE WHEN replace(lower(number), '-', '') = %s OR search @@ %s::tsquery THEN 0
         WHEN starts_with(replace(sort_name, ' ', ''), %s) THEN 1 ELSE 2 END
"""
FOUND = "search @@ %s::tsquery"
HEAD = "sort_name >= %s AND sort_name < %s"
RANKED = "best AS (SELECT id, row_number() OVER () AS place FROM ({each}) AS first)"
RANKED_EACH = f"""
(SELECT id FROM {{seen}} WHERE {{words}}
 ORDER BY CASE WHEN {FOUND} THEN {EXACTNESS} WHEN {HEAD} THEN 3 ELSE 4 END, sort_name, id LIMIT %s)
"""  # noqa: S608 - put together from our own words
BEGUN = f"""
latest AS MATERIALIZED (
    SELECT id, sort_name FROM (
        SELECT id, sort_name, search FROM {{seen}} ORDER BY updated_at DESC, id DESC LIMIT %s
    ) AS lately WHERE {{words}} AND NOT {FOUND} AND NOT ({HEAD}) LIMIT %s
), best AS (
    SELECT id, row_number() OVER () AS place FROM (
        SELECT id FROM (
            (SELECT id FROM {{seen}} WHERE {FOUND} ORDER BY {EXACTNESS}, sort_name, id LIMIT %s)
            UNION ALL
            (SELECT id FROM {{seen}} WHERE {HEAD} AND NOT {FOUND} ORDER BY sort_name, id LIMIT %s)
            UNION ALL
            (SELECT id FROM latest ORDER BY sort_name, id){{rest}}
        ) AS stages LIMIT %s
    ) AS first
)
"""  # noqa: S608 - put together from our own words
# Apart, as what is short is seldom looked for in here, and planning it takes as long as the rest.
REST = f"""
            UNION ALL
            (SELECT id FROM (
                SELECT id, sort_name FROM {{seen}}
                WHERE {{words}} AND NOT {FOUND} AND NOT ({HEAD})
                  AND id NOT IN (SELECT id FROM latest) LIMIT %s
            ) AS others ORDER BY sort_name, id LIMIT %s)
"""  # noqa: S608 - put together from our own words
IN_ORDER = "SELECT {columns} FROM best JOIN {table} AS row USING (id) ORDER BY best.place"
HAVING_WORDS = "SELECT id, sort_name, aliases FROM {seen} WHERE {words}"
LATELY = f"""
SELECT id, sort_name, aliases FROM (
    SELECT * FROM {{seen}} ORDER BY updated_at DESC, id DESC LIMIT {LATEST}
) AS lately WHERE {{words}}
"""  # noqa: S608 - put together from our own words
EVER = f"({LATELY}) UNION ALL ({HAVING_WORDS})"
# Likeness is what costs: it is reckoned once for each row, and whole rows are read at the end. Of
# the equally like, those whose words end alike as well: for "panifico" not "panificatia" first.
NEAREST = """
compared AS MATERIALIZED (
    SELECT id, sort_name, part, greatest(
        word_similarity(%s, sort_name), word_similarity(%s, array_to_string(aliases, ' '))
    ) AS likeness
    FROM ({each}) AS some_of_them
), liked AS (
    SELECT *, strict_word_similarity(%s, sort_name) AS closeness FROM compared WHERE likeness >= %s
), best AS (
    SELECT DISTINCT id, likeness, closeness FROM (
        SELECT *, dense_rank() OVER (
            PARTITION BY part ORDER BY likeness DESC, closeness DESC, sort_name, id
        ) AS place FROM liked
    ) AS ranked WHERE place <= %s
)
SELECT {columns}, likeness FROM best JOIN {table} AS row USING (id)
ORDER BY likeness DESC, closeness DESC, row.sort_name, row.id
"""
NEAREST_EACH = "(SELECT *, '{seen}' AS part FROM ({among} LIMIT %s) AS of_part)"
