-- As-of: one definition of "what was known on a day", used by every chart, check and report and by anyone with a
-- DuckDB client:   SELECT * FROM observations_as_of(DATE '2026-02-10') WHERE series = 'ru.budget.balance';
-- Macros name their tables with the schema: a WITH of the same name in somebody's query is not taken for the table.
-- In a database attached beside others say USE first: DuckDB looks for the tables of a macro in the database in use.
-- What is worked out here is kept in the file: after adding rows of your own to a copy of the ledger, run this file on it again.

-- The unit a number was printed to: 0.1 for 1634.9, 10 for 1640 (trailing zeros of a whole number are taken as unknown).
CREATE OR REPLACE MACRO rounding(printed) AS CASE
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
CREATE OR REPLACE MACRO observations_as_of(as_of) AS TABLE
SELECT * EXCLUDE (superseded_on)
FROM main.observations
WHERE vintage <= as_of AND (superseded_on IS NULL OR superseded_on > as_of) AND restates IS NULL;

-- Of the sources whose prints stand on a day, one is shown: a value before none, then the preferred source of the
-- series. That changes only on days when a print comes or is superseded, so the choice is worked out once for each of
-- them and the print kept with the days it holds: a figure on any day is then one scan of its series too. (A print can
-- be chosen twice: when a better source comes and is withdrawn.)
CREATE OR REPLACE TABLE figures AS
WITH standing AS (
    SELECT o.observation, o.series, o.period_start, o.period_end, o.vintage, o.superseded_on,
        (o.value IS NULL, coalesce(p.preference, 99), o.source) AS place
    FROM observations AS o
    LEFT JOIN series_sources AS p ON p.series = o.series AND p.source = o.source
    WHERE o.restates IS NULL AND (o.superseded_on IS NULL OR o.superseded_on > o.vintage)
),
turns AS (
    SELECT series, period_start, period_end, vintage AS since FROM standing
    UNION
    SELECT series, period_start, period_end, superseded_on FROM standing WHERE superseded_on IS NOT NULL
),
choices AS (
    SELECT t.series, t.period_start, t.period_end, t.since, arg_min(s.observation, s.place) AS observation
    FROM turns AS t
    JOIN standing AS s ON s.series = t.series AND s.period_start = t.period_start AND s.period_end = t.period_end
        AND s.vintage <= t.since AND (s.superseded_on IS NULL OR s.superseded_on > t.since)
    GROUP BY ALL
),
changes AS (
    SELECT * FROM choices
    QUALIFY observation IS DISTINCT FROM lag(observation) OVER (PARTITION BY series, period_start, period_end ORDER BY since)
),
spans AS (
    SELECT observation, series, since,
        lead(since) OVER (PARTITION BY series, period_start, period_end ORDER BY since) AS until
    FROM changes
)
SELECT o.* EXCLUDE (superseded_on), s.since, s.until
FROM observations AS o
JOIN spans AS s ON s.series = o.series AND s.observation = o.observation
ORDER BY o.series, o.source, o.period_start, o.period_end, o.vintage, o.observation, s.since;
COMMENT ON TABLE figures IS 'The print that is the figure of its series and period, and from when to when: one source for each, the preferred one; figures_as_of reads it.';
COMMENT ON COLUMN figures.since IS 'First day on which this print is the figure.';
COMMENT ON COLUMN figures.until IS 'Day from which another print is; NULL while this one stays.';

-- One row per series and period: the preferred source of the series, for charts and sentences.
CREATE OR REPLACE MACRO figures_as_of(as_of) AS TABLE
SELECT * EXCLUDE (since, until)
FROM main.figures
WHERE since <= as_of AND (until IS NULL OR until > as_of);
COMMENT ON MACRO rounding IS 'The unit a number was printed to: 0.1 for 1634.9, 10 for 1640.';
COMMENT ON MACRO TABLE observations_as_of IS 'What was known on a day: one row per series, source and period.';
COMMENT ON MACRO TABLE figures_as_of IS 'What was known on a day: one row per series and period, from the preferred source.';
