"""schema.org ClaimReview of a checked statement, linked by `@id` to the data set it was judged with and to
acts of the same week (both stand in the data package and in the report).

Rating direction: worst 1, best 5, HIGHER IS TRUER (1 false, 2 mostly false, 3 half true, 4 mostly true, 5
true). A reversed scale was once published by a large newspaper; a test holds ours. The interval stands in
the explanation; what cannot be told has no number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.rule import Rule
from wareconomy.publish import covered, identifiers, verdicts
from wareconomy.publish.language import refuse_causal

WORST, BEST = 1, 5
WORDS = {
    "consistent": "Consistent with independent measurement",
    "overstated": "Overstated",
    "understated": "Understated",
    "unverifiable": "Cannot be verified",
    "not_quantitative": "Not a measurable statement",
}

BODY = re.compile(
    r"Ministry|Staff|Force|Command|DeepState|TSN|officials|Service|Government|Office|Council|Administration"
)
"""Speakers that are no person."""


def rating(check: Check) -> int | None:
    """1 to 5, higher is truer; None where nothing can be told.

    Consistent 5; understated 3; overstated by the lower end of the ratio: below 1.5 is 3, below 3 is 2,
    from 3 up or with the sign contradicted (the whole measured interval at or below zero) 1.
    """
    made = check.judged
    if check.verdict == "consistent":
        return 5
    if check.verdict == "understated":
        return 3
    if check.verdict != "overstated" or made is None or made.measured is None:
        return None
    if made.measured.high <= 0 or made.ratio_low is None or made.ratio_low >= 3:
        return 1
    return 2 if made.ratio_low >= 1.5 else 3


def review(
    check: Check,
    claim: Mapping[str, Any],
    rule: Rule,
    dataset: str,
    acts: Sequence[str] = (),
    wires: Sequence[Mapping[str, Any]] = (),
    days: covered.Days = verdicts.NO_DAYS,
) -> dict[str, Any]:
    """The JSON-LD of one check.

    `dataset` is the `@id` of the data set it was judged with, `acts` names acts near in time (their `@id` is
    that of identifiers.act), `wires` are other pages that carry the statement, `days` those of covered.read. The
    `@id` of the review is its page, relative to the address the page has.
    """
    told = verdicts.check_sentences(check, rule, claim["speaker"], claim["said_on"] or "", days)
    explanation = " ".join(told)
    rated: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": WORDS[check.verdict],
        "ratingExplanation": refuse_causal(explanation),
    }
    value = rating(check)
    if value is not None:
        rated |= {"ratingValue": value, "worstRating": WORST, "bestRating": BEST}
    pages = [page for page in map(_appearance, (claim, *wires)) if len(page) > 1]
    item: dict[str, Any] = {
        "@type": "Claim",
        "@id": identifiers.claim(check.claim),
        "identifier": check.claim,
        "author": _author(claim),
        "appearance": pages,
    }
    if claim["said_on"]:
        item["datePublished"] = claim["said_on"]
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{check.claim}.html#review",
        "url": f"{check.claim}.html",
        "datePublished": check.as_of.isoformat(),
        "author": {"@type": "Organization", "name": "wareconomy"},
        "claimReviewed": claim["summary"],
        "itemReviewed": item,
        "reviewRating": rated,
        "isBasedOn": [{"@type": "Dataset", "@id": dataset}],
        "citation": check.rows(),
    }
    if acts:
        made["mentions"] = [{"@type": "Legislation", "@id": identifiers.act(name)} for name in acts]
    return made


def _author(claim: Mapping[str, Any]) -> dict[str, Any]:
    """A person with an office, or an institution that speaks for itself."""
    if BODY.search(claim["speaker"]):
        return {"@type": "Organization", "name": claim["speaker"]}
    return {"@type": "Person", "name": claim["speaker"], "jobTitle": claim["role"]}


def _appearance(row: Mapping[str, Any]) -> dict[str, Any]:
    """A page that carries the statement; only addresses of the web are given on."""
    url = row["source_url"] or ""
    publisher = {"@type": "Organization", "name": row["publisher"]} if row["publisher"] else None
    made = {
        "@type": "CreativeWork",
        "url": url if url.startswith(("http://", "https://")) else None,
        "publisher": publisher,
        "datePublished": row["published_on"],
    }
    return {key: item for key, item in made.items() if item}
