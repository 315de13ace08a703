-- The ledger. One DuckDB file, disposable: data/raw/ is the truth and a build reproduces it.
-- No primary keys on purpose (they cost 7x the size and 4x the load time); uniqueness is checked before and after loading.

CREATE TABLE meta (key VARCHAR, value VARCHAR);
COMMENT ON TABLE meta IS 'Facts about this build: schema_version, input_digest, as_of, data_to, package version.';
COMMENT ON COLUMN meta.key IS 'Name of the fact.';
COMMENT ON COLUMN meta.value IS 'Its value as text.';

CREATE TABLE sources (
    source VARCHAR, title VARCHAR, publisher VARCHAR, url VARCHAR, licence VARCHAR, terms VARCHAR,
    calendar VARCHAR, stale_after_days INTEGER, party BOOLEAN, includes_claims BOOLEAN
);
COMMENT ON TABLE sources IS 'Who measures: one row per institution or dataset of record.';
COMMENT ON COLUMN sources.source IS 'Short id used in observations.source.';
COMMENT ON COLUMN sources.title IS 'Name to print in a source line.';
COMMENT ON COLUMN sources.publisher IS 'Institution that answers for the figures.';
COMMENT ON COLUMN sources.url IS 'Its page.';
COMMENT ON COLUMN sources.licence IS 'What is known of the licence; "not stated" when nothing is.';
COMMENT ON COLUMN sources.terms IS 'What may be published: open, figures with credit, or local only.';
COMMENT ON COLUMN sources.calendar IS 'When it usually publishes.';
COMMENT ON COLUMN sources.stale_after_days IS 'Days after the end of the newest period from which it counts as stale.';
COMMENT ON COLUMN sources.party IS 'True when the source is a party to the war.';
COMMENT ON COLUMN sources.includes_claims IS 'True when the measure includes a party''s claims: it cannot check that party.';

CREATE TABLE series (
    series VARCHAR, title VARCHAR, unit VARCHAR, frequency VARCHAR, kind VARCHAR, area VARCHAR,
    definition VARCHAR, measure VARCHAR, lag_days INTEGER, formula VARCHAR, ahead BOOLEAN, tags VARCHAR[]
);
COMMENT ON TABLE series IS 'What is measured: one row per series, derived series included.';
COMMENT ON COLUMN series.series IS 'Dotted id, for example ru.budget.balance.';
COMMENT ON COLUMN series.title IS 'Name to print.';
COMMENT ON COLUMN series.unit IS 'Unit of every value of the series.';
COMMENT ON COLUMN series.frequency IS 'day, week, month, quarter, year or irregular.';
COMMENT ON COLUMN series.kind IS 'stock, flow, cumulative (from 1 January), rate, level, ratio or change.';
COMMENT ON COLUMN series.area IS 'Country (ISO 3166-1) or region (ISO 3166-2).';
COMMENT ON COLUMN series.definition IS 'What the number means, and what it must not be mixed with.';
COMMENT ON COLUMN series.measure IS 'Series with the same measure are rival measurements of one thing; never averaged.';
COMMENT ON COLUMN series.lag_days IS 'Usual publication lag in days; used only where a row has no date, and shown as assumed.';
COMMENT ON COLUMN series.formula IS 'How a derived series is computed; NULL for a series that publishers print.';
COMMENT ON COLUMN series.ahead IS 'True for what is announced before its period: plans, expectations, operations to come.';
COMMENT ON COLUMN series.tags IS 'Subjects.';

CREATE TABLE series_sources (series VARCHAR, source VARCHAR, preference INTEGER);
COMMENT ON TABLE series_sources IS 'Which sources a series may come from, best first.';
COMMENT ON COLUMN series_sources.series IS 'Series id.';
COMMENT ON COLUMN series_sources.source IS 'Source id.';
COMMENT ON COLUMN series_sources.preference IS '1 is shown first when several sources hold the same period.';

CREATE TABLE observations (
    observation VARCHAR, series VARCHAR, source VARCHAR, period_start DATE, period_end DATE, vintage DATE,
    value DOUBLE, low DOUBLE, high DOUBLE, status VARCHAR, basis VARCHAR, edition VARCHAR, printed VARCHAR,
    confidence VARCHAR, publisher VARCHAR, source_url VARCHAR, published_on VARCHAR, document VARCHAR,
    locator VARCHAR, note VARCHAR, restates VARCHAR
);
COMMENT ON TABLE observations IS 'Every number as one document printed it: series, period, and the day it became known. Append-only in spirit: disagreements and revisions stand side by side.';
COMMENT ON COLUMN observations.observation IS 'Id of the row: table:line of the hand-kept file (#n when a line holds several figures), or source:document#n.';
COMMENT ON COLUMN observations.series IS 'What is measured; see series.';
COMMENT ON COLUMN observations.source IS 'Who measures; see sources.';
COMMENT ON COLUMN observations.period_start IS 'First day the value applies to.';
COMMENT ON COLUMN observations.period_end IS 'Last day the value applies to; the same day for a stock.';
COMMENT ON COLUMN observations.vintage IS 'Day from which the public could know the value.';
COMMENT ON COLUMN observations.value IS 'The value in the unit of the series; NULL only with status M.';
COMMENT ON COLUMN observations.low IS 'Lower end where the publisher gave a range.';
COMMENT ON COLUMN observations.high IS 'Upper end where the publisher gave a range.';
COMMENT ON COLUMN observations.status IS 'SDMX code: A normal, P provisional, E estimate, B break, M missing, Q suppressed.';
COMMENT ON COLUMN observations.basis IS 'How the vintage is known: published, retrieved, or assumed from the usual lag.';
COMMENT ON COLUMN observations.edition IS 'Rows of one edition were published together; cumulative figures are differenced only within one.';
COMMENT ON COLUMN observations.printed IS 'The value as keyed, digit for digit.';
COMMENT ON COLUMN observations.confidence IS 'primary, secondary or derived for figures; high, medium or low for events.';
COMMENT ON COLUMN observations.publisher IS 'The page or table the figure was read in.';
COMMENT ON COLUMN observations.source_url IS 'Address of that page.';
COMMENT ON COLUMN observations.published_on IS 'Date of that page as printed (may be a month or a year).';
COMMENT ON COLUMN observations.document IS 'SHA-256 of the document the row was read from; see documents.';
COMMENT ON COLUMN observations.locator IS 'Where in the document.';
COMMENT ON COLUMN observations.note IS 'What a reader of the figure must know.';
COMMENT ON COLUMN observations.restates IS 'Set when the row only repeats, in round numbers, an earlier and more precise one, or was replaced by another print of the same day.';

CREATE TABLE derived (
    series VARCHAR, period_start DATE, period_end DATE, vintage DATE, value DOUBLE, inputs VARCHAR[]
);
COMMENT ON TABLE derived IS 'Derived series as of this build''s date; derived_as_of(date) computes them for any other day.';
COMMENT ON COLUMN derived.series IS 'Derived series; its formula is in series.formula.';
COMMENT ON COLUMN derived.period_start IS 'First day of the period.';
COMMENT ON COLUMN derived.period_end IS 'Last day of the period.';
COMMENT ON COLUMN derived.vintage IS 'Day from which all inputs were known.';
COMMENT ON COLUMN derived.value IS 'The computed value.';
COMMENT ON COLUMN derived.inputs IS 'Ids of the observations (table:line) or derived figures (series@period) it was computed from.';

CREATE TABLE documents (document VARCHAR, name VARCHAR, title VARCHAR, bytes BIGINT, "rows" BIGINT);
COMMENT ON TABLE documents IS 'The files rows were read from.';
COMMENT ON COLUMN documents.document IS 'SHA-256 of the bytes.';
COMMENT ON COLUMN documents.name IS 'Path below data/raw/.';
COMMENT ON COLUMN documents.title IS 'What it holds.';
COMMENT ON COLUMN documents.bytes IS 'Size in bytes.';
COMMENT ON COLUMN documents."rows" IS 'Rows read.';

CREATE TABLE receipts (
    source VARCHAR, ask VARCHAR, document VARCHAR, url VARCHAR, final_url VARCHAR, retrieved_at TIMESTAMP, via VARCHAR,
    status INTEGER, media_type VARCHAR, etag VARCHAR, last_modified VARCHAR, bytes BIGINT
);
COMMENT ON TABLE receipts IS 'How each document came that the ledger was built from. The full record, unchanged and failed requests too, is receipts.jsonl.';
COMMENT ON COLUMN receipts.source IS 'Which source asked.';
COMMENT ON COLUMN receipts.ask IS 'Which of its documents, by a name that is stable from run to run.';
COMMENT ON COLUMN receipts.document IS 'SHA-256 of the bytes; see documents.';
COMMENT ON COLUMN receipts.url IS 'Address asked.';
COMMENT ON COLUMN receipts.final_url IS 'Address that answered, after redirects.';
COMMENT ON COLUMN receipts.retrieved_at IS 'When it was taken, UTC.';
COMMENT ON COLUMN receipts.via IS 'http for a request, drop-in for a document handed in.';
COMMENT ON COLUMN receipts.status IS 'HTTP status.';
COMMENT ON COLUMN receipts.media_type IS 'Media type the server gave.';
COMMENT ON COLUMN receipts.etag IS 'Version mark the server gave.';
COMMENT ON COLUMN receipts.last_modified IS 'Day of last change the server gave.';
COMMENT ON COLUMN receipts.bytes IS 'Size in bytes.';

CREATE TABLE posts (
    channel VARCHAR, "number" BIGINT, posted_at TIMESTAMP, "text" VARCHAR, edited BOOLEAN, url VARCHAR, stable_hash VARCHAR,
    first_seen TIMESTAMP, last_seen TIMESTAMP, gone_on TIMESTAMP, source VARCHAR, document VARCHAR, locator VARCHAR
);
COMMENT ON TABLE posts IS 'Posts of public channels, one row per wording. Kept here for checking; the texts are not republished.';
COMMENT ON COLUMN posts.channel IS 'Name of the channel.';
COMMENT ON COLUMN posts."number" IS 'Number of the post in its channel.';
COMMENT ON COLUMN posts.posted_at IS 'When it was posted, as the channel says, UTC.';
COMMENT ON COLUMN posts."text" IS 'The words of the post.';
COMMENT ON COLUMN posts.edited IS 'True when the channel marks it as edited.';
COMMENT ON COLUMN posts.url IS 'Address of the post.';
COMMENT ON COLUMN posts.stable_hash IS 'Digest of what the post says; view counts and tokens do not change it.';
COMMENT ON COLUMN posts.first_seen IS 'When this wording was first read, UTC.';
COMMENT ON COLUMN posts.last_seen IS 'When this wording was last read in a document kept, UTC.';
COMMENT ON COLUMN posts.gone_on IS 'When posts around it were read and it was not there any more, UTC; NULL while it stands.';
COMMENT ON COLUMN posts.source IS 'Which source read it.';
COMMENT ON COLUMN posts.document IS 'SHA-256 of the document it was first read in.';
COMMENT ON COLUMN posts.locator IS 'Where in the document.';

CREATE TABLE candidates ("table" VARCHAR, cells VARCHAR, why VARCHAR, seen_on DATE, source VARCHAR, document VARCHAR, locator VARCHAR);
COMMENT ON TABLE candidates IS 'Rows a person may accept into a hand-kept table; nothing here is a fact of the ledger yet.';
COMMENT ON COLUMN candidates."table" IS 'Hand-kept table it is meant for.';
COMMENT ON COLUMN candidates.cells IS 'Its cells as JSON.';
COMMENT ON COLUMN candidates.why IS 'Why it was picked.';
COMMENT ON COLUMN candidates.seen_on IS 'Day it was first seen.';
COMMENT ON COLUMN candidates.source IS 'Which source found it.';
COMMENT ON COLUMN candidates.document IS 'SHA-256 of the document it was found in.';
COMMENT ON COLUMN candidates.locator IS 'Where in the document.';

CREATE TABLE rejections ("table" VARCHAR, line BIGINT, reason VARCHAR);
COMMENT ON TABLE rejections IS 'Rows and documents read but set aside: they are kept in the manual schema or the archive, and are no observation.';
COMMENT ON COLUMN rejections."table" IS 'Hand-kept table, or source.';
COMMENT ON COLUMN rejections.line IS 'Line of its file; 0 for a row or document of a source, which the reason names.';
COMMENT ON COLUMN rejections.reason IS 'Why.';

CREATE TABLE checks (name VARCHAR, series VARCHAR, period VARCHAR, edition VARCHAR, expected DOUBLE, found DOUBLE,
                     difference DOUBLE, tolerance DOUBLE, passed BOOLEAN, note VARCHAR);
COMMENT ON TABLE checks IS 'Accounting identities and guards evaluated over this ledger, passed or not.';
COMMENT ON COLUMN checks.name IS 'Which check.';
COMMENT ON COLUMN checks.series IS 'Series it is about.';
COMMENT ON COLUMN checks.period IS 'Period it is about.';
COMMENT ON COLUMN checks.edition IS 'Edition of the figures compared; identities hold only within one.';
COMMENT ON COLUMN checks.expected IS 'What the identity gives.';
COMMENT ON COLUMN checks.found IS 'What was printed.';
COMMENT ON COLUMN checks.difference IS 'found minus expected.';
COMMENT ON COLUMN checks.tolerance IS 'Largest difference that rounding of the printed figures explains.';
COMMENT ON COLUMN checks.passed IS 'Whether the difference is within the tolerance.';
COMMENT ON COLUMN checks.note IS 'What the check says.';

CREATE TABLE runs (started VARCHAR, command VARCHAR, outcome VARCHAR, seconds DOUBLE, digest VARCHAR, message VARCHAR);
COMMENT ON TABLE runs IS 'Builds before this one, failed ones too.';
COMMENT ON COLUMN runs.started IS 'UTC time the run began.';
COMMENT ON COLUMN runs.command IS 'What was run.';
COMMENT ON COLUMN runs.outcome IS 'published, or the name of the error.';
COMMENT ON COLUMN runs.seconds IS 'How long it took.';
COMMENT ON COLUMN runs.digest IS 'Digest of the inputs.';
COMMENT ON COLUMN runs.message IS 'First line of the error, when there was one.';

-- The hand-kept tables, typed, every column, one row per line of the file.
CREATE SCHEMA manual;

CREATE TABLE claim_checks (
    claim VARCHAR, view VARCHAR, as_of DATE, verdict VARCHAR, reasons VARCHAR[], rule VARCHAR, rule_hash VARCHAR,
    quantity DOUBLE, unit VARCHAR, wording VARCHAR, claim_value DOUBLE, claim_low DOUBLE, claim_high DOUBLE,
    period_start DATE, period_end DATE, reading VARCHAR, months DOUBLE, lag_days INTEGER,
    families VARCHAR[], estimates DOUBLE[], estimate_rows VARCHAR[], estimate_how VARCHAR[], grades VARCHAR[], bridged BOOLEAN[],
    branch VARCHAR, measured DOUBLE, measured_low DOUBLE, measured_high DOUBLE, se DOUBLE,
    lag_sd DOUBLE, lag_km2 DOUBLE, definition_sd DOUBLE, definition_km2 DOUBLE, digitising_km2 DOUBLE, span_low DOUBLE, span_high DOUBLE,
    width_from VARCHAR[], listed_only VARCHAR[],
    ratio DOUBLE, ratio_low DOUBLE, ratio_high DOUBLE,
    other_sources VARCHAR[], other_values DOUBLE[], other_verdicts VARCHAR[], other_rows VARCHAR[], inputs VARCHAR[]
);
COMMENT ON TABLE claim_checks IS 'Every statement judged by the published rule, twice: with what was known the day after it was made (then) and on this build''s day (now). Each row holds every number needed to redo it.';
COMMENT ON COLUMN claim_checks.claim IS 'The statement: id in the table claims.';
COMMENT ON COLUMN claim_checks.view IS 'then (with what was known the day after it was made) or now (on this build''s day).';
COMMENT ON COLUMN claim_checks.as_of IS 'Day up to which measurements were used.';
COMMENT ON COLUMN claim_checks.verdict IS 'overstated, consistent, understated, unverifiable or not_quantitative.';
COMMENT ON COLUMN claim_checks.reasons IS 'Codes that say why, or what a reader must know; in words on the page of the claim.';
COMMENT ON COLUMN claim_checks.rule IS 'Version of the rule.';
COMMENT ON COLUMN claim_checks.rule_hash IS 'SHA-256 of the file that holds the rule.';
COMMENT ON COLUMN claim_checks.quantity IS 'The number as stated.';
COMMENT ON COLUMN claim_checks.unit IS 'Its unit.';
COMMENT ON COLUMN claim_checks.wording IS 'What the words make of the number: printed, at_least, up_to, about or nearly; NULL when not judged.';
COMMENT ON COLUMN claim_checks.claim_value IS 'Area stated for the whole window, km2 (a pace a day times the days).';
COMMENT ON COLUMN claim_checks.claim_low IS 'Lowest area the words allow, km2.';
COMMENT ON COLUMN claim_checks.claim_high IS 'Highest area the words allow, km2; NULL when open ("more than").';
COMMENT ON COLUMN claim_checks.period_start IS 'First day of the window the verdict is about.';
COMMENT ON COLUMN claim_checks.period_end IS 'Last day of that window.';
COMMENT ON COLUMN claim_checks.reading IS 'Which reading of the days was kept: as_stated, to_the_day_before, whole_month or declared.';
COMMENT ON COLUMN claim_checks.months IS 'Length of the window in months.';
COMMENT ON COLUMN claim_checks.lag_days IS 'Days by which a map file is taken to lag what it shows.';
COMMENT ON COLUMN claim_checks.families IS 'Independent families that measured the window.';
COMMENT ON COLUMN claim_checks.estimates IS 'Their figures in km2, in the same order.';
COMMENT ON COLUMN claim_checks.estimate_rows IS 'Rows each figure rests on, in the same order, joined with semicolons.';
COMMENT ON COLUMN claim_checks.estimate_how IS 'How each figure was formed, in the same order.';
COMMENT ON COLUMN claim_checks.grades IS 'How good the pages behind each figure are, in the same order.';
COMMENT ON COLUMN claim_checks.bridged IS 'Whether a missing map file was bridged in a straight line, in the same order.';
COMMENT ON COLUMN claim_checks.branch IS 'log (compared by ratio) or additive (by difference).';
COMMENT ON COLUMN claim_checks.measured IS 'The families together, km2.';
COMMENT ON COLUMN claim_checks.measured_low IS 'Lower end of its 95 percent interval, km2.';
COMMENT ON COLUMN claim_checks.measured_high IS 'Upper end of its 95 percent interval, km2.';
COMMENT ON COLUMN claim_checks.se IS 'Standard error: of the log in the branch log, in km2 in the branch additive.';
COMMENT ON COLUMN claim_checks.lag_sd IS 'Of se, what the lag of recording brings: of the log in the branch log; in km2, with the definition in it, in the branch additive.';
COMMENT ON COLUMN claim_checks.lag_km2 IS 'The same in km2, one standard deviation upwards.';
COMMENT ON COLUMN claim_checks.definition_sd IS 'Of se, what the definition of held ground brings, of the log; NULL in the branch additive.';
COMMENT ON COLUMN claim_checks.definition_km2 IS 'The same in km2, one standard deviation upwards.';
COMMENT ON COLUMN claim_checks.digitising_km2 IS 'How exactly the line was drawn, km2; listed, never in the interval.';
COMMENT ON COLUMN claim_checks.span_low IS 'Smallest change in km2 over the days the map files may show; NULL without a map file.';
COMMENT ON COLUMN claim_checks.span_high IS 'Largest change in km2 over those days.';
COMMENT ON COLUMN claim_checks.width_from IS 'Components that set the width of the interval.';
COMMENT ON COLUMN claim_checks.listed_only IS 'Components that are listed and do not.';
COMMENT ON COLUMN claim_checks.ratio IS 'Stated over measured; NULL where a ratio has no meaning.';
COMMENT ON COLUMN claim_checks.ratio_low IS 'Lower end of the ratio.';
COMMENT ON COLUMN claim_checks.ratio_high IS 'Upper end of the ratio; NULL when open.';
COMMENT ON COLUMN claim_checks.other_sources IS 'Measurements the rule leaves out (circular, same family, not calibrated).';
COMMENT ON COLUMN claim_checks.other_values IS 'Their figures in km2, in the same order.';
COMMENT ON COLUMN claim_checks.other_verdicts IS 'What the verdict would read with each of them, in the same order.';
COMMENT ON COLUMN claim_checks.other_rows IS 'Rows each of them rests on, in the same order, joined with semicolons.';
COMMENT ON COLUMN claim_checks.inputs IS 'Ids of every row the verdict rests on, the statement first.';

CREATE TABLE links (
    link VARCHAR, kind VARCHAR, name VARCHAR, part VARCHAR, lists VARCHAR, first_day DATE, last_day DATE, window_low INTEGER, window_high INTEGER,
    k INTEGER, n INTEGER, n_other INTEGER, chance DOUBLE, any_by_chance DOUBLE, coverage DOUBLE,
    p_shift DOUBLE, p_redraw DOUBLE, p DOUBLE, p_windows_shift DOUBLE, p_windows_redraw DOUBLE, p_windows DOUBLE, p_families DOUBLE,
    alpha DOUBLE, k_needed INTEGER, detectable DOUBLE, effect DOUBLE, effect_low DOUBLE, effect_high DOUBLE, pace DOUBLE,
    shifts INTEGER, draws INTEGER, verdict VARCHAR, refused VARCHAR, reason VARCHAR, registered DATE, question_hash VARCHAR,
    exploratory BOOLEAN, tries INTEGER, inputs VARCHAR[]
);
COMMENT ON TABLE links IS 'Dates beside chance: each registered question by version of its lists and window (kind coincidence or event_study), and each act with the statements near it (kind near_dates). No row claims a link.';
COMMENT ON COLUMN links.link IS 'Id of the row: question/part/lists/window, or act/window.';
COMMENT ON COLUMN links.kind IS 'coincidence (two lists of dates), event_study (a daily series after a list of dates) or near_dates (statements around one act).';
COMMENT ON COLUMN links.name IS 'The registered question, or the act.';
COMMENT ON COLUMN links.part IS 'record, or after registration: the days later than the day the question was written down.';
COMMENT ON COLUMN links.lists IS 'raw, or declustered: dates at most five days after the one before count once.';
COMMENT ON COLUMN links.first_day IS 'First day of the record.';
COMMENT ON COLUMN links.last_day IS 'Last day of the record.';
COMMENT ON COLUMN links.window_low IS 'Days after a date of the second list from which a date of the first counts as near; negative is before.';
COMMENT ON COLUMN links.window_high IS 'Days up to which it counts.';
COMMENT ON COLUMN links.k IS 'Dates of the first list that are near; statements near the act; events used in a study.';
COMMENT ON COLUMN links.n IS 'Days of the first list; 1 for an act.';
COMMENT ON COLUMN links.n_other IS 'Days of the second list.';
COMMENT ON COLUMN links.chance IS 'What chance gives: mean K over all whole-week shifts; for an act the share of days of the record with a statement as near.';
COMMENT ON COLUMN links.any_by_chance IS 'Share of shifts with at least one near date.';
COMMENT ON COLUMN links.coverage IS 'Share of days of the record that lie in the window of the second list.';
COMMENT ON COLUMN links.p_shift IS 'Exact p by whole-week shifts of the first list.';
COMMENT ON COLUMN links.p_redraw IS 'p with the clusters of the first list redrawn.';
COMMENT ON COLUMN links.p IS 'The larger of the two.';
COMMENT ON COLUMN links.p_windows_shift IS 'max-T p over the windows of the question, by shifts.';
COMMENT ON COLUMN links.p_windows_redraw IS 'max-T p over the windows of the question, by redraw.';
COMMENT ON COLUMN links.p_windows IS 'The larger of the two: the p of the question on this version of its lists.';
COMMENT ON COLUMN links.p_families IS 'The larger p of the question''s versions, adjusted over all registered questions (Benjamini-Yekutieli): the p to print.';
COMMENT ON COLUMN links.alpha IS 'Registered level.';
COMMENT ON COLUMN links.k_needed IS 'Smallest K whose p is at or below the level; NULL when none is.';
COMMENT ON COLUMN links.detectable IS 'Minimum detectable effect at 80 percent power: the share of dates placed by the other list (coincidence, widest window) or km2 a day (event_study); NULL when none is.';
COMMENT ON COLUMN links.effect IS 'event_study: week after minus month before, km2 a day.';
COMMENT ON COLUMN links.effect_low IS 'Lower end of what 95 percent of the shifted lists give.';
COMMENT ON COLUMN links.effect_high IS 'Upper end of what 95 percent of the shifted lists give.';
COMMENT ON COLUMN links.pace IS 'event_study: mean pace of the record, km2 a day.';
COMMENT ON COLUMN links.shifts IS 'Whole-week shifts of the record; one over their number is the smallest p.';
COMMENT ON COLUMN links.draws IS 'Redraws of the clusters.';
COMMENT ON COLUMN links.verdict IS 'beyond chance, cannot tell or not tested; no link claimed for an act.';
COMMENT ON COLUMN links.refused IS 'Code of why there is no test.';
COMMENT ON COLUMN links.reason IS 'The same in words.';
COMMENT ON COLUMN links.registered IS 'Day the question was written down.';
COMMENT ON COLUMN links.question_hash IS 'SHA-256 of the file of the question.';
COMMENT ON COLUMN links.exploratory IS 'True when whoever wrote the question could have seen the data.';
COMMENT ON COLUMN links.tries IS 'Windows times versions of the lists of the question.';
COMMENT ON COLUMN links.inputs IS 'Ids of every act and statement in the lists.';
