-- The text of a period, as model.label writes it: 2025, 2025-03, 2025-01..2025-06, a day, or two days.
CREATE OR REPLACE TEMP MACRO period_text(from_day, until_day) AS CASE
    WHEN until_day IS NULL THEN strftime(from_day, '%Y-%m-%d') || '..'
    WHEN from_day = until_day THEN strftime(from_day, '%Y-%m-%d')
    WHEN day(from_day) <> 1 OR until_day <> last_day(until_day)
        THEN strftime(from_day, '%Y-%m-%d') || '..' || strftime(until_day, '%Y-%m-%d')
    WHEN month(from_day) = 1 AND month(until_day) = 12 AND year(from_day) = year(until_day) THEN strftime(from_day, '%Y')
    WHEN month(from_day) = 1 AND month(until_day) = 12
        THEN strftime(from_day, '%Y') || '..' || strftime(until_day, '%Y')
    WHEN last_day(from_day) = until_day THEN strftime(from_day, '%Y-%m')
    ELSE strftime(from_day, '%Y-%m') || '..' || strftime(until_day, '%Y-%m')
END;
