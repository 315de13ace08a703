-- Derived series. Each row names its inputs, so that `explain` can walk from a figure to the lines it came from.
-- An input is an observation id (table:line) or another derived figure (series@period start).

-- Monthly flows of figures printed as January-to-month totals: differences within one year and one edition only.
CREATE MACRO monthly_flows_as_of(as_of) AS TABLE
WITH totals AS (
    SELECT o.* FROM main.observations AS o
    JOIN main.series AS s ON s.series = o.series AND s.kind = 'cumulative'
    SEMI JOIN main.series AS d ON d.series = o.series || '.month'
    WHERE o.vintage <= as_of AND o.restates IS NULL AND o.value IS NOT NULL
        AND month(o.period_start) = 1 AND day(o.period_start) = 1
    -- A publisher that prints a table anew keeps its edition; of several prints of one period the newest counts.
    QUALIFY row_number() OVER (
        PARTITION BY o.series, o.source, o.edition, o.period_start, o.period_end ORDER BY o.vintage DESC, o.observation
    ) = 1
),
flows AS (
    SELECT
        a.series, a.source, a.edition, date_trunc('month', a.period_end)::DATE AS period_start, a.period_end,
        greatest(a.vintage, coalesce(b.vintage, a.vintage)) AS vintage,
        a.value - coalesce(b.value, 0) AS value,
        CASE WHEN b.observation IS NULL THEN [a.observation] ELSE [a.observation, b.observation] END AS inputs
    FROM totals AS a
    LEFT JOIN totals AS b
        ON b.series = a.series AND b.source = a.source AND b.edition = a.edition AND b.period_start = a.period_start
        AND b.period_end = (date_trunc('month', a.period_end) - INTERVAL 1 DAY)::DATE
    WHERE month(a.period_end) = 1 OR b.observation IS NOT NULL
)
SELECT series || '.month' AS series, edition, period_start, period_end, vintage, value, inputs
FROM flows
QUALIFY row_number() OVER (PARTITION BY series, period_end ORDER BY vintage DESC, edition DESC, inputs) = 1;

-- Twelve months in a row of one edition.
CREATE MACRO rolling_year_as_of(as_of) AS TABLE
SELECT replace(series, '.month', '.rolling12') AS series, (period_end - INTERVAL 1 YEAR + INTERVAL 1 DAY)::DATE AS period_start,
    period_end, vintage, value, inputs
FROM (
    SELECT series, period_start AS month_start, period_end, edition,
        max(vintage) OVER w AS vintage, sum(value) OVER w AS value, count(*) OVER w AS months,
        min(period_start) OVER w AS first_month,
        list(series || '@' || strftime(period_start, '%Y-%m')) OVER w AS inputs
    FROM monthly_flows_as_of(as_of)
    WHERE series IN ('ru.budget.balance.month', 'ru.budget.revenue.month', 'ru.budget.expenditure.month')
    WINDOW w AS (PARTITION BY series, edition ORDER BY period_start ROWS 11 PRECEDING)
)
WHERE months = 12 AND first_month = (month_start - INTERVAL 11 MONTH)::DATE;

-- How much of the year's plan in force was used by each month; only where plan and total have the same sign.
CREATE MACRO plan_used_as_of(as_of) AS TABLE
SELECT o.series || '.plan_used' AS series, o.period_start, o.period_end, greatest(o.vintage, p.vintage) AS vintage,
    100 * o.value / p.value AS value, [o.observation, p.observation] AS inputs
FROM figures_as_of(as_of) AS o
JOIN figures_as_of(as_of) AS p
    ON p.series = o.series || '.plan' AND year(p.period_start) = year(o.period_start) AND p.value <> 0
WHERE o.series IN ('ru.budget.balance', 'ru.budget.revenue', 'ru.budget.expenditure', 'ru.budget.revenue_oil_gas')
    AND o.value IS NOT NULL AND sign(o.value) = sign(p.value);

-- Outcome of a year minus the plan in force.
CREATE MACRO plan_gap_as_of(as_of) AS TABLE
SELECT o.series || '.plan_gap' AS series, o.period_start, o.period_end, greatest(o.vintage, p.vintage) AS vintage,
    o.value - p.value AS value, [o.observation, p.observation] AS inputs
FROM figures_as_of(as_of) AS o
JOIN figures_as_of(as_of) AS p
    ON p.series = o.series || '.plan' AND p.period_start = o.period_start AND p.period_end = o.period_end
WHERE o.series LIKE 'ru.budget.%' AND o.value IS NOT NULL AND p.value IS NOT NULL;

-- Every plan vintage beside the outcome known by the day.
CREATE MACRO plan_outcome_as_of(as_of) AS TABLE
SELECT p.series AS plan_series, p.period_start, p.period_end, p.vintage AS plan_vintage, p.value AS plan, p.observation AS plan_observation,
    o.vintage AS outcome_vintage, o.value AS outcome, o.observation AS outcome_observation, o.value - p.value AS gap
FROM main.observations AS p
LEFT JOIN figures_as_of(as_of) AS o
    ON o.series = replace(p.series, '.plan', '') AND o.period_start = p.period_start AND o.period_end = p.period_end
WHERE p.series LIKE 'ru.budget.%.plan' AND p.vintage <= as_of AND p.restates IS NULL;

-- What closes the balance besides net domestic borrowing; the residual is kept and shown, never spread.
CREATE MACRO financing_residual_as_of(as_of) AS TABLE
SELECT 'ru.budget.financing.residual' AS series, b.period_start, b.period_end, greatest(b.vintage, d.vintage) AS vintage,
    -b.value - d.value AS value, [b.observation, d.observation] AS inputs
FROM main.observations AS b
JOIN main.observations AS d
    ON d.series = 'ru.budget.net_domestic_borrowing' AND d.edition = b.edition
    AND d.period_start = b.period_start AND d.period_end = b.period_end
WHERE b.series = 'ru.budget.balance' AND b.vintage <= as_of AND d.vintage <= as_of
    AND b.value IS NOT NULL AND d.value IS NOT NULL AND b.restates IS NULL
QUALIFY row_number() OVER (PARTITION BY b.period_start, b.period_end ORDER BY b.vintage DESC, b.observation) = 1;

-- Sales from the fund by month. A month without a printed sale is zero only when a printed total of a longer period
-- that contains it equals the printed months; otherwise it is not known and has no row.
CREATE MACRO nwf_sales_as_of(as_of) AS TABLE
WITH printed AS (
    SELECT period_start, period_end, vintage, value, observation FROM figures_as_of(as_of) WHERE series = 'ru.nwf.sales'
),
totals AS (
    SELECT t.period_start, t.period_end, greatest(t.vintage, max(p.vintage)) AS vintage, t.observation
    FROM figures_as_of(as_of) AS t
    LEFT JOIN printed AS p ON p.period_start >= t.period_start AND p.period_end <= t.period_end
    WHERE t.series = 'ru.nwf.sales_year'
    GROUP BY t.period_start, t.period_end, t.vintage, t.observation, t.value
    HAVING abs(t.value - coalesce(sum(p.value), 0)) < 0.01
),
silent AS (
    SELECT m::DATE AS period_start, last_day(m::DATE) AS period_end, t.vintage, 0.0 AS value, t.observation
    FROM totals AS t, unnest(generate_series(t.period_start::TIMESTAMP, t.period_end::TIMESTAMP, INTERVAL 1 MONTH)) AS g (m)
)
SELECT 'ru.nwf.sales.month' AS series, period_start, period_end, vintage, value, [observation] AS inputs FROM printed
UNION ALL
SELECT 'ru.nwf.sales.month', s.period_start, s.period_end, s.vintage, s.value, [s.observation]
FROM silent AS s ANTI JOIN printed AS p ON p.period_start = s.period_start;

-- Change of liquid assets over a month, and its split where the ministry printed the revaluation.
CREATE MACRO nwf_change_as_of(as_of) AS TABLE
WITH liquid AS (
    SELECT period_start AS day, value, vintage, observation FROM figures_as_of(as_of)
    WHERE series = 'ru.nwf.liquid' AND value IS NOT NULL AND day(period_start) = 1
),
changes AS (
    SELECT a.day AS month_start, (b.day - INTERVAL 1 DAY)::DATE AS month_end, b.value - a.value AS change,
        greatest(a.vintage, b.vintage) AS vintage, [b.observation, a.observation] AS inputs
    FROM liquid AS a JOIN liquid AS b ON b.day = (a.day + INTERVAL 1 MONTH)::DATE
),
revaluation AS (
    SELECT (period_start - INTERVAL 1 MONTH)::DATE AS month_start, value, vintage, observation
    FROM figures_as_of(as_of) WHERE series = 'ru.nwf.revaluation' AND value IS NOT NULL
),
inflow AS (
    SELECT period_start AS month_start, sum(value) AS value, max(vintage) AS vintage, list(observation) AS inputs
    FROM figures_as_of(as_of) WHERE series = 'ru.nwf.inflows' AND value IS NOT NULL GROUP BY ALL
),
parts AS (
    SELECT c.month_start, c.month_end, c.change, c.vintage, c.inputs, s.value AS sales, s.vintage AS sales_vintage, s.inputs AS sales_inputs,
        r.value AS revaluation, r.vintage AS revaluation_vintage, r.observation AS revaluation_observation,
        i.value AS inflow, i.vintage AS inflow_vintage, i.inputs AS inflow_inputs
    FROM changes AS c
    LEFT JOIN nwf_sales_as_of(as_of) AS s ON s.period_start = c.month_start
    LEFT JOIN revaluation AS r ON r.month_start = c.month_start
    LEFT JOIN inflow AS i ON i.month_start = c.month_start
)
SELECT 'ru.nwf.liquid.change' AS series, month_start AS period_start, month_end AS period_end, vintage, change AS value, inputs FROM parts
UNION ALL
SELECT 'ru.nwf.liquid.change.sales', month_start, month_end, greatest(vintage, sales_vintage), -sales, sales_inputs
FROM parts WHERE sales IS NOT NULL
UNION ALL
SELECT 'ru.nwf.liquid.change.inflows', month_start, month_end, greatest(vintage, inflow_vintage), inflow, inflow_inputs FROM parts WHERE inflow IS NOT NULL
UNION ALL
SELECT 'ru.nwf.liquid.change.revaluation', month_start, month_end, greatest(vintage, revaluation_vintage), revaluation, [revaluation_observation]
FROM parts WHERE revaluation IS NOT NULL
UNION ALL
SELECT 'ru.nwf.liquid.change.placements', month_start, month_end, greatest(vintage, revaluation_vintage, sales_vintage, inflow_vintage),
    change + sales - coalesce(inflow, 0) - revaluation,
    inputs || sales_inputs || coalesce(inflow_inputs, []) || [revaluation_observation]
FROM parts WHERE revaluation IS NOT NULL AND sales IS NOT NULL
UNION ALL
SELECT 'ru.nwf.liquid.change.unsplit', month_start, month_end, greatest(vintage, sales_vintage), change + sales, inputs || sales_inputs
FROM parts WHERE revaluation IS NULL AND sales IS NOT NULL;

-- Months the liquid assets would last at three named paces. No row where the pace is nil: then they do not run down.
CREATE MACRO nwf_months_left_as_of(as_of) AS TABLE
WITH liquid AS (
    SELECT period_start AS day, value, vintage, observation FROM figures_as_of(as_of)
    WHERE series = 'ru.nwf.liquid' AND value IS NOT NULL AND day(period_start) = 1
),
sales AS (SELECT * FROM nwf_sales_as_of(as_of)),
year_of_sales AS (
    SELECT period_end, sum(value) OVER w / 12 AS pace, count(*) OVER w AS months, max(vintage) OVER w AS vintage,
        min(period_start) OVER w AS first_month, list('ru.nwf.sales.month@' || strftime(period_start, '%Y-%m')) OVER w AS inputs
    FROM sales WINDOW w AS (ORDER BY period_start ROWS 11 PRECEDING)
),
rule AS (
    SELECT period_start, period_end, vintage, observation, 30.4375 * value / (period_end - period_start + 1) AS pace
    FROM figures_as_of(as_of) WHERE series = 'ru.budget_rule.sell' AND value > 0 AND period_end < DATE '2100-01-01'
)
SELECT 'ru.nwf.months_left.last_month' AS series, l.day AS period_start, l.day AS period_end,
    greatest(l.vintage, s.vintage) AS vintage, l.value / s.value AS value,
    [l.observation, 'ru.nwf.sales.month@' || strftime(s.period_start, '%Y-%m')] AS inputs
FROM liquid AS l JOIN sales AS s ON s.period_end = (l.day - INTERVAL 1 DAY)::DATE AND s.value > 0
UNION ALL
SELECT 'ru.nwf.months_left.last_12_months', l.day, l.day, greatest(l.vintage, y.vintage), l.value / y.pace, [l.observation] || y.inputs
FROM liquid AS l JOIN year_of_sales AS y ON y.period_end = (l.day - INTERVAL 1 DAY)::DATE
WHERE y.months = 12 AND y.pace > 0 AND y.first_month = (l.day - INTERVAL 12 MONTH)::DATE
UNION ALL
SELECT 'ru.nwf.months_left.budget_rule', l.day, l.day, greatest(l.vintage, r.vintage), l.value / r.pace, [l.observation, r.observation]
FROM liquid AS l JOIN rule AS r ON l.day BETWEEN r.period_start AND r.period_end;

-- Net change of occupied area: stock minus stock, never across a missing map. A file dated d shows the day before,
-- so a month runs from the file of the 2nd to the file of the next 2nd, a year from 2 January to 2 January.
CREATE MACRO area_change_as_of(as_of) AS TABLE
WITH stock AS (
    SELECT series, period_start AS day, value, vintage, observation FROM figures_as_of(as_of)
    WHERE series = 'territory.occupied.deepstate' AND value IS NOT NULL
)
SELECT s.series || '.net_' || span AS series, CASE WHEN span = 'day' THEN b.day ELSE a.day - (span IN ('month', 'year'))::INTEGER END AS period_start,
    CASE WHEN span IN ('month', 'year') THEN (b.day - INTERVAL 2 DAY)::DATE ELSE b.day END AS period_end,
    greatest(a.vintage, b.vintage) AS vintage, b.value - a.value AS value, [b.observation, a.observation] AS inputs
FROM (SELECT DISTINCT series FROM stock) AS s
CROSS JOIN (VALUES ('day', INTERVAL 1 DAY), ('week', INTERVAL 7 DAY), ('month', INTERVAL 1 MONTH), ('year', INTERVAL 1 YEAR)) AS spans (span, length)
JOIN stock AS a ON a.series = s.series AND (span IN ('day', 'week') OR (day(a.day) = 2 AND (span = 'month' OR month(a.day) = 1)))
JOIN stock AS b ON b.series = s.series AND b.day = (a.day + length)::DATE;

-- Monthly flows in constant prices; rows exist only where a deflator is present (index, 100 = its base period).
CREATE MACRO real_terms_as_of(as_of) AS TABLE
SELECT f.series || '.real' AS series, f.period_start, f.period_end, greatest(f.vintage, d.vintage) AS vintage,
    100 * f.value / d.value AS value, [f.series || '@' || strftime(f.period_start, '%Y-%m'), d.observation] AS inputs
FROM monthly_flows_as_of(as_of) AS f
JOIN figures_as_of(as_of) AS d
    ON d.series = 'ru.prices.cpi' AND d.period_start = f.period_start AND d.period_end = f.period_end AND d.value > 0
WHERE f.series IN ('ru.budget.revenue.month', 'ru.budget.expenditure.month', 'ru.budget.balance.month');

CREATE MACRO derived_as_of(as_of) AS TABLE
SELECT series, period_start, period_end, vintage, value, inputs FROM monthly_flows_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM rolling_year_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM plan_used_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM plan_gap_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM financing_residual_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM nwf_sales_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM nwf_change_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM nwf_months_left_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM area_change_as_of(as_of)
UNION ALL SELECT series, period_start, period_end, vintage, value, inputs FROM real_terms_as_of(as_of);

COMMENT ON MACRO TABLE monthly_flows_as_of IS 'Single months as differences of two totals of one edition, as known on a day.';
COMMENT ON MACRO TABLE rolling_year_as_of IS 'Balance, revenue and expenditure of twelve months in a row, as known on a day.';
COMMENT ON MACRO TABLE plan_used_as_of IS 'Share of the plan of the year reached by the end of a month, as known on a day.';
COMMENT ON MACRO TABLE plan_gap_as_of IS 'Outcome of a year less the plan of the law, as known on a day.';
COMMENT ON MACRO TABLE financing_residual_as_of IS 'What of the balance net domestic borrowing leaves open, as known on a day.';
COMMENT ON MACRO TABLE nwf_sales_as_of IS 'Sales out of the National Wealth Fund for the budget, by month and year, as known on a day.';
COMMENT ON MACRO TABLE nwf_change_as_of IS 'Month to month change of the fund, split into sales, placements and revaluation, as known on a day.';
COMMENT ON MACRO TABLE nwf_months_left_as_of IS 'Months the liquid part of the fund would last at three named paces, as known on a day.';
COMMENT ON MACRO TABLE area_change_as_of IS 'Change of the occupied area over a day, week, month and year, as known on a day.';
COMMENT ON MACRO TABLE real_terms_as_of IS 'Figures at constant prices where a deflator is known, as known on a day.';
