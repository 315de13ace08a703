"""One pandera schema per hand-kept table, built from its declaration, and findings a person can act on.

pandera judges the shape of each frame (required cells, categories, units, ranges, date order, keys); relations
between tables are checked here too. Conversion failures come earlier, from `sources.convert`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.catalog import Catalog, Column, Table
from wareconomy.errors import Finding
from wareconomy.model import partial_date, period
from wareconomy.sources.manual import ManualTable

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

DATED = {"date", "partial_date", "month", "year", "period"}
ADVICE = {
    "required": "this cell may not be blank",
    "repeated key": "another row has the same key; keep one, or tell them apart in the key columns",
}


def schema(table: Table, today: date) -> pa.DataFrameSchema:
    """The pandera schema of a table: one column each, with named checks, and the key as a frame check."""
    import pandera.pandas as pa

    columns = {
        name: pa.Column(
            nullable=True,
            required=True,
            checks=_checks(column, table, today),
            dtype={"number": "float64", "integer": "Int64"}.get(column.type),
        )
        for name, column in table.columns.items()
    }
    key = list(table.key)
    relations = [
        pa.Check(lambda frame: ~frame.duplicated(key, keep="first"), name="repeated key", ignore_na=False),
        *(
            _order(table, column)
            for column in table.columns.values()
            if column.not_before or column.not_after
        ),
        *(
            _day_given(column)
            for column in table.columns.values()
            if column.since not in (None, column.name) and not column.undated
        ),
    ]
    return pa.DataFrameSchema(columns, checks=relations, strict=True, name=table.name)


def _checks(column: Column, table: Table, today: date) -> list[Any]:
    import pandera.pandas as pa

    checks: list[Any] = []
    if column.required:
        checks.append(pa.Check(lambda values: values.notna(), name="required", ignore_na=False))
    if column.values and column.type != "list":
        rule = "unit" if column.type == "unit" else "category"
        checks.append(pa.Check.isin(list(column.values), name=rule, error=rule))
    if column.min is not None or column.max is not None:
        low = column.min if column.min is not None else -1e300
        high = column.max if column.max is not None else 1e300
        checks.append(pa.Check.in_range(low, high, name="range", error="range"))
    if column.type in DATED:
        checks.append(
            pa.Check(
                lambda values: _plausible(values, table.start, "9999-12-31"), name="too early", ignore_na=True
            )
        )
        if not column.future:
            limit = today.isoformat()
            checks.append(
                pa.Check(lambda values: _plausible(values, "0001", limit), name="future", ignore_na=True)
            )
    return checks


def _plausible(values: pd.Series, first: str, last: str) -> pd.Series:
    """True where the earliest day the text may mean lies between two ISO days (dates are ISO text by now)."""
    fits = [first <= (str(text) + "-01-01")[:10] <= last for text in values]
    return values.__class__(fits, index=values.index)


def _order(table: Table, column: Column) -> Any:
    import pandera.pandas as pa

    other = column.not_before or column.not_after
    assert other is not None
    early, late = (other, column.name) if column.not_before else (column.name, other)

    def ordered(frame: pd.DataFrame) -> pd.Series:
        known = frame[early].notna() & frame[late].notna()
        fits = [
            not present or _last_day(after) >= partial_date(str(before).split("..")[0]).start
            for present, before, after in zip(known, frame[early], frame[late], strict=True)
        ]
        return known.__class__(fits, index=frame.index)

    return pa.Check(ordered, name=f"order:{column.name}:{early}:{late}", ignore_na=False)


def _day_given(column: Column) -> Any:
    import pandera.pandas as pa

    def given(frame: pd.DataFrame) -> pd.Series:
        return frame[column.name].isna() | frame[column.since].notna()

    return pa.Check(given, name=f"undated:{column.name}:{column.since}", ignore_na=False)


def _last_day(text: Any) -> date:
    end = period(str(text)).end
    return end or date.max


def validate(tables: Mapping[str, ManualTable], catalog: Catalog, today: date) -> list[Finding]:
    """Every finding over all tables, in the order of files, lines and columns; empty when all is well."""
    findings: list[Finding] = []
    for table in tables.values():
        findings.extend(table.findings)
        if table.lines:
            findings.extend(_shape(table, today))
    for table in tables.values():
        findings.extend(_references(table, tables))
    return sorted(dict.fromkeys(findings), key=lambda item: (item.file, item.line, item.column))


def _shape(table: ManualTable, today: date) -> list[Finding]:
    import pandera.pandas as pa
    from pandera.config import config_context

    frame = table.frame()
    unfit = {(finding.line, finding.column) for finding in table.findings}
    try:
        with config_context(validation_enabled=True):
            schema(table.spec, today).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    found: dict[tuple[int, str, str], Finding] = {}
    for case in cases.itertuples():
        rule, column, row = str(case.check), str(case.column or ""), case.index
        if row is None or row != row:
            found[0, column, rule] = Finding(
                table.spec.file, 0, column, "", rule, "the whole column breaks this rule"
            )
            continue
        line = table.lines[int(row)]
        finding = _finding(table, rule, column, int(row), line)
        if (line, finding.column) not in unfit:
            found[line, finding.column, finding.rule] = finding
    return list(found.values())


def _finding(table: ManualTable, rule: str, column: str, row: int, line: int) -> Finding:
    spec = table.spec
    if rule == "repeated key":
        names = "+".join(spec.key)
        value = "|".join(table.printed[name][row] for name in spec.key)
        return Finding(spec.file, line, names, value, rule, ADVICE[rule])
    if rule.startswith("order:"):
        _, column, early, late = rule.split(":")
        value = table.printed[column][row]
        return Finding(spec.file, line, column, value, "date order", f"{late} must not lie before {early}")
    if rule.startswith("undated:"):
        _, column, day = rule.split(":")
        advice = f"say in {day} from which day this could be known: a view as of an earlier day leaves it out"
        return Finding(spec.file, line, column, table.printed[column][row], "undated", advice)
    declared = spec.columns.get(column)
    value = table.printed[column][row] if column in table.printed else ""
    if declared is None:
        return Finding(spec.file, line, column, value, rule, "see the table's template")
    name = "unit" if declared.type == "unit" else "category"
    advice = {
        name: f"must be one of {', '.join(declared.values)}",
        "range": f"outside {declared.min} to {declared.max}: a slipped decimal or unit?",
        "too early": f"before {spec.start}: check the century",
        "future": "lies in the future; only what has happened is recorded here",
        **ADVICE,
    }.get(rule, "see the table's template: wareconomy check --template " + spec.name)
    return Finding(spec.file, line, column, value, rule, advice)


def _references(table: ManualTable, tables: Mapping[str, ManualTable]) -> list[Finding]:
    findings = []
    for reference in table.spec.references:
        target = tables.get(reference.table)
        if target is None or reference.to not in target.printed or reference.column not in table.printed:
            continue
        if not target.whole:
            continue  # the row meant may be one of those that could not be read
        known = {*target.printed[reference.to], *reference.allow}
        for line, text in zip(table.lines, table.printed[reference.column], strict=True):
            if text and text not in known:
                advice = f"no row of {target.spec.file} has {reference.to} = {text!r}"
                findings.append(Finding(table.spec.file, line, reference.column, text, "reference", advice))
    return findings
