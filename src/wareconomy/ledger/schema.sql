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
