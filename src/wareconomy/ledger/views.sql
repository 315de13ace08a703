-- Views over the ledger: vintages, revisions, disagreements, and the hand-kept tables under their own names.

-- The four vintage questions: as now, as first published, every print, and which days brought news.
CREATE VIEW latest AS SELECT * FROM figures_as_of(DATE '9999-12-31');
CREATE VIEW first_published AS
SELECT * FROM observations WHERE restates IS NULL
QUALIFY row_number() OVER (PARTITION BY series, source, period_start, period_end ORDER BY vintage, length(printed) DESC, observation) = 1;
CREATE VIEW vintages AS
SELECT series, vintage, count(*) AS figures FROM observations GROUP BY ALL ORDER BY series, vintage;

-- What was revised: each figure beside the print before it.
CREATE VIEW revisions AS
SELECT * FROM (
    SELECT series, source, period_start, period_end, vintage, value, status, observation, basis,
        lag(value) OVER w AS previous_value, lag(vintage) OVER w AS previous_vintage,
        lag(observation) OVER w AS previous_observation
    FROM observations
    WHERE restates IS NULL AND value IS NOT NULL
    WINDOW w AS (PARTITION BY series, source, period_start, period_end ORDER BY vintage, length(printed), observation)
)
WHERE previous_value IS NOT NULL AND previous_value <> value AND previous_vintage < vintage;

-- Figures of one source for one period that differ though they became known on the same day.
CREATE VIEW disagreements AS
SELECT series, source, period_start, period_end, vintage, list(value ORDER BY value) AS "values",
    list(observation ORDER BY value) AS observations
FROM observations WHERE value IS NOT NULL
GROUP BY series, source, period_start, period_end, vintage
HAVING count(DISTINCT value) > 1;

-- A legal parameter as the law stood on one day for another day: the newest enacted provision that covers it.
CREATE MACRO provisions_as_of(as_of) AS TABLE
SELECT * FROM observations_as_of(as_of) WHERE series LIKE 'ru.tax.%' AND source = 'ru_law';

-- Acts and claims: what could be known of them on a day.
CREATE MACRO acts_as_of(as_of) AS TABLE SELECT * FROM manual.acts WHERE known <= as_of;
CREATE MACRO claims_as_of(as_of) AS TABLE SELECT * FROM manual.claims WHERE known <= as_of;
CREATE VIEW acts AS SELECT * FROM manual.acts;
CREATE VIEW provisions AS SELECT * FROM manual.provisions;
CREATE VIEW claims AS SELECT * FROM manual.claims;
CREATE VIEW claim_variants AS SELECT * FROM manual.claim_variants;
CREATE VIEW breaks AS SELECT * FROM manual.breaks;
CREATE VIEW blackouts AS SELECT * FROM manual.blackouts;
CREATE VIEW corrections AS SELECT * FROM manual.corrections;

-- Printed and derived figures in one shape.
CREATE MACRO everything_as_of(as_of) AS TABLE
SELECT series, period_start, period_end, vintage, value, status, basis, source, [observation] AS inputs FROM figures_as_of(as_of)
UNION ALL
SELECT series, period_start, period_end, vintage, value, 'A' AS status, 'derived' AS basis, 'wareconomy' AS source, inputs FROM derived_as_of(as_of);
