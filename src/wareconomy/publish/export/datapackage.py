"""The papers beside the data: datapackage.json (Data Package 2.0), dataset.jsonld (schema.org),
CITATION.cff, LICENSES.md.

All four come from one description of the files, so they cannot disagree; none of them holds a clock time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wareconomy
from wareconomy.ledger import query
from wareconomy.publish import identifiers
from wareconomy.publish.export import resources
from wareconomy.publish.export.resources import Resource

if TYPE_CHECKING:
    import duckdb

Notes = Mapping[tuple[str, str, str], str]
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TITLE = "wareconomy: a dated, sourced ledger of war-economy facts"
CREDIT = "wareconomy contributors"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TYPES = {"DOUBLE": "number", "BIGINT": "integer", "INTEGER": "integer", "DATE": "date", "BOOLEAN": "boolean"}
KEYWORDS = ("public finance", "war economy", "Russia", "Ukraine", "vintages", "provenance")


@dataclass(frozen=True, slots=True)
class File:
    """A data file of the package; `resource` is None for the workbook, which holds several."""

    path: Path
    kind: str
    resource: Resource | None


def write(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    files: Sequence[File],
    made: Sequence[Resource],
    as_of: date,
    digest: str,
) -> list[Path]:
    """Write the four papers for `files`; the tables of `made` must still stand in the connection."""
    sources = query.records(con, "SELECT * FROM sources ORDER BY source")
    package = describe(con, files, made, sources, as_of, digest)
    texts = {
        "datapackage.json": _json(package),
        "dataset.jsonld": _json(dataset(con, package, as_of)),
        "CITATION.cff": citation(package, as_of),
        "LICENSES.md": licences(sources, as_of),
    }
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def version(as_of: date, digest: str) -> str:
    """Package version, as-of day and start of the input digest, as one semantic version."""
    build = "".join(letter for letter in digest[:12] if letter.isascii() and letter.isalnum())
    return f"{wareconomy.__version__}+{as_of:%Y%m%d}" + (f".{build}" if build else "")


def describe(
    con: duckdb.DuckDBPyConnection,
    files: Sequence[File],
    made: Sequence[Resource],
    sources: Sequence[dict[str, Any]],
    as_of: date,
    digest: str,
) -> dict[str, Any]:
    """The Data Package descriptor."""
    notes = resources.comments(con)
    names = {item.name for item in made}
    return {
        "$schema": PROFILE,
        "name": "wareconomy",
        "id": identifiers.dataset(as_of, digest),
        "title": f"{TITLE}, as known on {as_of.isoformat()}",
        "description": (
            "Public documents on the war economy of Russia and Ukraine as dated facts: every figure "
            "carries its period, the day the public could know it, and the line of the document it was "
            "read from. A missing value is empty, never zero. In CSV and XLSX an apostrophe (') stands "
            "before a text cell that begins with =, +, -, @, a tab or a line break and is not a plain "
            "number: no spreadsheet takes it for a formula then; Parquet and JSON hold the text as it is. "
            "Lists in CSV and XLSX are joined with semicolons. Of a source whose terms do not let text be "
            "given on, only figures with credit are here."
        ),
        "version": version(as_of, digest),
        "created": f"{as_of.isoformat()}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "licenses": [LICENCE],
        "contributors": [{"title": CREDIT, "roles": ["creator", "compiler"]}],
        "sources": [_source(item) for item in sources],
        "inputDigest": digest,
        "asOf": as_of.isoformat(),
        "resources": [_resource(con, item, names, notes) for item in files],
    }


def _source(item: dict[str, Any]) -> dict[str, Any]:
    made = {"title": f"{item['title']} ({item['publisher']})"}
    return made | ({"path": item["url"]} if item["url"] else {})


def _resource(con: duckdb.DuckDBPyConnection, item: File, names: set[str], notes: Notes) -> dict[str, Any]:
    data = item.path.read_bytes()
    entry: dict[str, Any] = {
        "name": item.path.stem if item.kind == "csv" else f"{item.path.stem}-{item.kind}",
        "path": item.path.name,
        "title": f"{item.resource.title if item.resource else 'All tables as one workbook'}",
        "description": resources.about(item.resource, notes)
        if item.resource
        else "One sheet per table; read README first.",
        "type": "table" if item.kind == "csv" else "file",
        "format": item.kind,
        "mediatype": MEDIA[item.kind],
    }
    if item.kind in ("csv", "json"):
        entry["encoding"] = "utf-8"
    if item.kind == "csv" and item.resource:
        entry["dialect"] = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True}
        entry["schema"] = schema(con, item.resource, names, notes)
    return entry | {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def schema(con: duckdb.DuckDBPyConnection, item: Resource, names: set[str], notes: Notes) -> dict[str, Any]:
    """The Table Schema of a resource; links point only at tables that are in the package."""
    links = [
        {"fields": [name], "reference": {"resource": target, "fields": [column]}}
        for name, (target, column) in item.links.items()
        if not target or target in names
    ]
    made: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in resources.fields(con, item, notes)],
        "missingValues": [""],
        "primaryKey": list(item.key),
    }
    return made | ({"foreignKeys": links} if links else {})


def _field(column: resources.Field) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if column.required:
        limits["required"] = True
    if column.values:
        limits["enum"] = list(column.values)
    about = column.about + (" Several are separated by semicolons." if column.type.endswith("[]") else "")
    made: dict[str, Any] = {
        "name": column.name,
        "type": TYPES.get(column.type, "string"),
        "title": column.name.replace("_", " ").capitalize(),
        "description": about.strip(),
    }
    return made | ({"constraints": limits} if limits else {})


def dataset(con: duckdb.DuckDBPyConnection, package: dict[str, Any], as_of: date) -> dict[str, Any]:
    """The package as a schema.org Dataset, for dataset search engines."""
    first = con.execute("SELECT min(period_start) FROM export_observations").fetchall()[0][0]
    measured = query.records(con, "SELECT series, title, unit FROM export_series ORDER BY series")
    acts = query.records(con, identifiers.ACTS, {"day": as_of})
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": package["id"],
        "name": package["title"],
        "description": package["description"],
        "version": package["version"],
        "dateModified": as_of.isoformat(),
        "license": LICENCE["path"],
        "creator": {"@type": "Organization", "name": CREDIT},
        "isAccessibleForFree": True,
        "keywords": package["keywords"],
        "temporalCoverage": f"{first.isoformat() if first else as_of.isoformat()}/{as_of.isoformat()}",
        "spatialCoverage": [{"@type": "Place", "name": name} for name in ("Russia", "Ukraine")],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "propertyID": row["series"],
                "name": row["title"],
                "unitText": row["unit"],
            }
            for row in measured
        ],
        "mentions": [identifiers.legislation(row) for row in acts],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": item["title"],
                "contentUrl": item["path"],
                "encodingFormat": item["mediatype"],
                "contentSize": f"{item['bytes']} B",
                "sha256": item["hash"].removeprefix("sha256:"),
            }
            for item in package["resources"]
        ],
    }


def citation(package: dict[str, Any], as_of: date) -> str:
    """CITATION.cff 1.2.0; strings are JSON strings, which YAML reads alike."""

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    return "\n".join(
        [
            "cff-version: 1.2.0",
            "type: dataset",
            f"title: {text(package['title'])}",
            'message: "Please cite this dataset, and the publisher of each figure you print."',
            f"version: {text(package['version'])}",
            f"date-released: {as_of.isoformat()}",
            "license: CC-BY-4.0",
            "authors:",
            f"  - name: {text(CREDIT)}",
            "identifiers:",
            "  - type: other",
            f"    value: {text(package['id'])}",
            '    description: "Made from the as-of day and the digest of the inputs"',
            "keywords:",
            *(f"  - {text(word)}" for word in package["keywords"]),
            "",
        ]
    )


def licences(sources: Sequence[dict[str, Any]], as_of: date) -> str:
    """LICENSES.md: the code, what the project compiled, and what each publisher lets one do."""

    def cell(value: Any) -> str:
        text = " ".join(str(value or "").split())
        return text.translate({ord(mark): f"\\{mark}" for mark in "\\|[]<>*_`"})

    lines = [
        f"# Licences of this package (as known on {as_of.isoformat()})",
        "",
        "- **Code** that made it: MIT.",
        f"- **Compilation** (selection, coding, notes, derived figures): {LICENCE['title']} "
        f"({LICENCE['path']}). "
        f'Credit "{CREDIT}" and the as-of day.',
        "- **Third parties**: a figure keeps the terms of its publisher, listed below. Credit the "
        "publisher next to it. `open`: its open licence applies. `figures with credit`: single figures and "
        "what is derived from them. `local only`: only figures with credit are here, none of the source's "
        "text.",
        "",
        "| source | title | publisher | terms | licence |",
        "|---|---|---|---|---|",
    ]
    for item in sources:
        lines.append(
            "| "
            + " | ".join(cell(item[key]) for key in ("source", "title", "publisher", "terms", "licence"))
            + " |"
        )
    return "\n".join([*lines, ""])
