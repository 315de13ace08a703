-- What differs between change_before and change_after (figures) and their rows; both have one row per series and period.
CREATE OR REPLACE TEMP TABLE change_figures AS
WITH pairs AS (
    SELECT
        coalesce(b.series, a.series) AS series,
        coalesce(b.period_start, a.period_start) AS period_start,
        coalesce(b.period_end, a.period_end) AS period_end,
        a.value AS before, b.value AS after,
        coalesce(b.title, a.title) AS title, coalesce(b.unit, a.unit) AS unit,
        coalesce(b.publisher, a.publisher) AS publisher,
        coalesce(b.vintage, a.vintage) AS vintage, coalesce(b.basis, a.basis) AS basis,
        coalesce(b.edition, a.edition) AS edition, coalesce(b.law, a.law) AS law,
        coalesce(b.status, a.status) AS status,
        CASE
            WHEN b.series IS NULL OR (a.value IS NOT NULL AND b.value IS NULL) THEN 'gone'
            WHEN b.value IS NULL THEN 'missing'
            WHEN a.series IS NULL OR a.value IS NULL THEN 'known'
            WHEN a.value <> b.value AND a.vintage = b.vintage AND a.source = b.source THEN 'corrected'
            WHEN a.value <> b.value THEN 'revised'
            ELSE 'restated'
        END AS kind
    FROM change_before AS a
    FULL JOIN change_after AS b
        ON a.series = b.series AND a.period_start = b.period_start AND a.period_end = b.period_end
    WHERE a.series IS NULL OR b.series IS NULL OR a.value IS DISTINCT FROM b.value OR a.vintage <> b.vintage
        OR a.source <> b.source OR a.status <> b.status
),
-- A law that sets several years alike is one change; figures of a series, or of the oblasts of one map, that come in
-- numbers are one change with a count and a range.
grouped AS (
    SELECT *,
        CASE WHEN law THEN edition ELSE '' END AS act,
        regexp_replace(series, '[.](UA-[0-9]+|outside)$', '.*') AS family,
        CASE WHEN law THEN year(period_start) - row_number() OVER (
            PARTITION BY kind, series, edition, before, after ORDER BY period_start
        ) END AS island
    FROM pairs
),
sized AS (
    SELECT *, count(*) OVER (PARTITION BY kind, family, act) AS in_family FROM grouped
),
bundled AS (
    SELECT *,
        CASE WHEN law OR in_family <= $single THEN series ELSE family END AS subject,
        CASE
            WHEN law THEN concat_ws('|', before, after, island)
            WHEN in_family <= $single THEN concat_ws('|', period_start, period_end)
        END AS bundle
    FROM sized
)
SELECT
    b.kind, subject, law, act,
    coalesce(first(parent.title), first(b.title ORDER BY length(b.series), b.series)) AS title,
    first(b.unit ORDER BY b.series) AS unit,
    first(publisher ORDER BY vintage DESC, publisher) AS publisher,
    count(DISTINCT b.series) AS members,
    min(period_start) AS first_day, max(period_end) AS last_day,
    min(before) AS before_low, max(before) AS before_high, min(after) AS after_low, max(after) AS after_high,
    min(vintage) AS first_known, max(vintage) AS last_known, bool_or(basis = 'assumed') AS assumed,
    list(b.series || '@' || period_text(period_start, period_end) ORDER BY b.series, period_start, period_end) AS ids
FROM bundled AS b
LEFT JOIN series AS parent ON b.subject LIKE '%.*' AND parent.series = replace(b.subject, '.*', '')
GROUP BY b.kind, subject, law, act, bundle
ORDER BY b.kind, subject, first_day, last_day;
