-- As-of: one definition of "what was known on a day", used by every chart, check and report and by anyone with a
-- DuckDB client:   SELECT * FROM observations_as_of(DATE '2026-02-10') WHERE series = 'ru.budget.balance';

-- The unit a number was printed to: 0.1 for 1634.9, 10 for 1640 (trailing zeros of a whole number are taken as unknown).
CREATE MACRO rounding(printed) AS CASE
    WHEN contains(printed, '.') THEN power(10, -length(split_part(printed, '.', 2)))
    ELSE power(10, least(length(printed) - length(rtrim(printed, '0')), greatest(length(ltrim(printed, '+-')) - 1, 0)))
END;

-- Exactly one row per series, source and period: the newest known by that day. Of several known on the same day:
-- a printed date before an assumed one, an official text before a quotation, then the figure with more digits.
CREATE MACRO observations_as_of(as_of) AS TABLE
SELECT *
FROM observations
WHERE vintage <= as_of AND restates IS NULL
QUALIFY row_number() OVER (
    PARTITION BY series, source, period_start, period_end
    ORDER BY
        vintage DESC,
        basis = 'assumed',
        CASE confidence WHEN 'primary' THEN 0 WHEN 'high' THEN 0 WHEN 'secondary' THEN 1 WHEN 'medium' THEN 1 ELSE 2 END,
        length(printed) DESC,
        observation
) = 1;

-- One row per series and period: the preferred source of the series, for charts and sentences.
CREATE MACRO figures_as_of(as_of) AS TABLE
SELECT o.*
FROM observations_as_of(as_of) AS o
LEFT JOIN series_sources AS p ON p.series = o.series AND p.source = o.source
QUALIFY row_number() OVER (
    PARTITION BY o.series, o.period_start, o.period_end
    ORDER BY o.value IS NULL, coalesce(p.preference, 99), o.source
) = 1;
