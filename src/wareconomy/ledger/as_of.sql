-- As-of: one definition of "what was known on a day", used by every chart, check and report and by anyone with a
-- DuckDB client:   SELECT * FROM observations_as_of(DATE '2026-02-10') WHERE series = 'ru.budget.balance';

-- The unit a number was printed to: 0.1 for 1634.9, 10 for 1640 (trailing zeros of a whole number are taken as unknown).
CREATE MACRO rounding(printed) AS CASE
    WHEN contains(printed, '.') THEN power(10, -length(split_part(printed, '.', 2)))
    ELSE power(10, least(length(printed) - length(rtrim(printed, '0')), greatest(length(ltrim(printed, '+-')) - 1, 0)))
END;

-- The newest print known by a day stands. Of several that became known on the same day: a printed date before an
-- assumed one, an official text before a quotation, then the figure with more digits. In that order the print before
-- a row is the one that takes its place, and the day that happens is kept: a question then costs one scan of its series.
ALTER TABLE observations ADD COLUMN IF NOT EXISTS superseded_on DATE;
COMMENT ON COLUMN observations.superseded_on IS 'Day from which another print stands in its place; NULL while it stands; its own vintage when another print of that day was preferred.';
UPDATE observations SET superseded_on = standing.until
FROM (
    SELECT rowid AS place, lag(vintage) OVER (
        PARTITION BY series, source, period_start, period_end
        ORDER BY
            vintage DESC,
            basis = 'assumed',
            CASE confidence WHEN 'primary' THEN 0 WHEN 'high' THEN 0 WHEN 'secondary' THEN 1 WHEN 'medium' THEN 1 ELSE 2 END,
            length(printed) DESC,
            observation
    ) AS until
    FROM observations
    WHERE restates IS NULL
) AS standing
WHERE standing.place = observations.rowid;

-- Exactly one row per series, source and period: the print that stood on that day.
CREATE MACRO observations_as_of(as_of) AS TABLE
SELECT * EXCLUDE (superseded_on)
FROM observations
WHERE vintage <= as_of AND (superseded_on IS NULL OR superseded_on > as_of) AND restates IS NULL;

-- One row per series and period: the preferred source of the series, for charts and sentences. (Series and period are
-- grouped by, not taken from `best`, so that a question for one series reads that series alone.)
CREATE MACRO figures_as_of(as_of) AS TABLE
SELECT best.observation, series, best.source, period_start, period_end,
    best.* EXCLUDE (observation, series, source, period_start, period_end)
FROM (
    SELECT o.series, o.period_start, o.period_end,
        arg_min(o, (o.value IS NULL, coalesce(p.preference, 99), o.source)) AS best
    FROM observations_as_of(as_of) AS o
    LEFT JOIN series_sources AS p ON p.series = o.series AND p.source = o.source
    GROUP BY o.series, o.period_start, o.period_end
);
