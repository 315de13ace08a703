-- Accounting identities over one edition at a time. Tolerance is what rounding of the printed figures explains:
-- half a unit of the last printed digit for each figure taking part.
INSERT INTO checks
WITH budget AS (
    SELECT edition, period_start, period_end, regexp_extract(series, '^ru\.budget\.([a-z_]+)', 1) AS line,
        regexp_extract(series, '\.(plan|draft|estimate)$', 1) AS stage, arg_max(value, (vintage, observation)) AS value,
        arg_max(printed, (vintage, observation)) AS printed, bool_and(confidence = 'primary') AS official
    FROM observations
    WHERE value IS NOT NULL AND restates IS NULL
        AND regexp_full_match(series, 'ru\.budget\.(revenue|expenditure|balance|revenue_oil_gas|revenue_non_oil_gas)(\.(plan|draft|estimate))?')
    GROUP BY ALL
),
balance AS (
    SELECT 'revenue - expenditure = balance' AS name, 'ru.budget.balance' || coalesce('.' || nullif(b.stage, ''), '') AS series, b.period_start, b.period_end, b.edition,
        r.value - e.value AS expected, b.value AS found, [r.printed, e.printed, b.printed] AS prints,
        r.official AND e.official AND b.official AS official
    FROM budget AS r
    JOIN budget AS e USING (edition, period_start, period_end, stage)
    JOIN budget AS b USING (edition, period_start, period_end, stage)
    WHERE r.line = 'revenue' AND e.line = 'expenditure' AND b.line = 'balance'
),
oil AS (
    SELECT 'oil and gas + other = revenue' AS name, 'ru.budget.revenue' || coalesce('.' || nullif(t.stage, ''), '') AS series, t.period_start, t.period_end, t.edition,
        o.value + n.value AS expected, t.value AS found, [o.printed, n.printed, t.printed] AS prints,
        o.official AND n.official AND t.official AS official
    FROM budget AS o
    JOIN budget AS n USING (edition, period_start, period_end, stage)
    JOIN budget AS t USING (edition, period_start, period_end, stage)
    WHERE o.line = 'revenue_oil_gas' AND n.line = 'revenue_non_oil_gas' AND t.line = 'revenue'
),
both_sides AS (
    SELECT *, list_sum(list_transform(prints, lambda p: rounding(p))) / 2 AS tolerance FROM balance
    UNION ALL
    SELECT *, list_sum(list_transform(prints, lambda p: rounding(p))) / 2 FROM oil
)
SELECT name, series, strftime(period_start, '%Y-%m-%d') || '..' || strftime(period_end, '%Y-%m-%d'), edition, expected, found,
    found - expected, tolerance, abs(found - expected) <= tolerance + 1e-6,
    CASE WHEN official THEN 'official figures of one edition' ELSE 'as quoted by the press; rounded prints may not add up' END
FROM both_sides;
