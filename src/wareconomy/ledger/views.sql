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

-- Acts and claims as they stood on a day; every hand-kept table has such a macro, manual.<table>_as_of.
CREATE MACRO acts_as_of(as_of) AS TABLE SELECT * FROM manual.acts_as_of(as_of);
CREATE MACRO claims_as_of(as_of) AS TABLE SELECT * FROM manual.claims_as_of(as_of);
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

COMMENT ON VIEW latest IS 'Every series and period as known now, from its preferred source.';
COMMENT ON VIEW first_published IS 'Every series, source and period as first published.';
COMMENT ON VIEW vintages IS 'Days on which a series brought news, and how many figures.';
COMMENT ON COLUMN vintages.figures IS 'Figures that became known that day.';
COMMENT ON VIEW revisions IS 'Figures that changed after a first print, each beside the print before it.';
COMMENT ON COLUMN revisions.previous_value IS 'The value before.';
COMMENT ON COLUMN revisions.previous_vintage IS 'Day the value before became known.';
COMMENT ON COLUMN revisions.previous_observation IS 'Id of the row before.';
COMMENT ON VIEW disagreements IS 'Prints of one figure that differ though they became known on the same day.';
COMMENT ON COLUMN disagreements."values" IS 'The values printed, smallest first.';
COMMENT ON COLUMN disagreements.observations IS 'Ids of the rows, in the same order.';
COMMENT ON VIEW acts IS 'Acts and bills, one row per measure; see manual.acts.';
COMMENT ON VIEW provisions IS 'Values set by laws and proposed by bills; see manual.provisions.';
COMMENT ON VIEW claims IS 'Statements with their quantity and period; see manual.claims.';
COMMENT ON VIEW claim_variants IS 'Wire versions of one statement; see manual.claim_variants.';
COMMENT ON VIEW breaks IS 'Changes of method or definition; see manual.breaks.';
COMMENT ON VIEW blackouts IS 'Stretches in which a publisher printed nothing; see manual.blackouts.';
COMMENT ON VIEW corrections IS 'Corrections of hand-kept cells; see manual.corrections.';
COMMENT ON MACRO TABLE derived_as_of IS 'Derived series computed from what was known on a day.';
COMMENT ON MACRO TABLE everything_as_of IS 'Printed and derived figures known on a day, in one shape.';
COMMENT ON MACRO TABLE provisions_as_of IS 'Legal parameters year by year, as the law stood on a day.';
COMMENT ON MACRO TABLE plan_outcome_as_of IS 'Every budget plan known on a day beside the outcome known then.';
COMMENT ON MACRO TABLE acts_as_of IS 'Acts and bills known on a day, each as it stood: what came later is blank.';
COMMENT ON MACRO TABLE claims_as_of IS 'Statements known on a day, each as it stood: what came later is blank.';
