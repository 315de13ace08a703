"""schema.org ClaimReview of a checked statement, linked by `@id` to the dataset that tests it and to acts
of the same week.

Rating direction: worst 1, best 5, HIGHER IS TRUER (1 false, 2 mostly false, 3 half true, 4 mostly true, 5
true). A reversed scale was once published by a large newspaper; a test holds ours. The interval stands in
the explanation; what cannot be told has no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.rule import Rule
from wareconomy.publish import verdicts
from wareconomy.publish.language import refuse_causal

WORST, BEST = 1, 5
WORDS = {
    "consistent": "Consistent with independent measurement",
    "overstated": "Overstated",
    "understated": "Understated",
    "unverifiable": "Cannot be verified",
    "not_quantitative": "Not a measurable statement",
}


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
    check: Check, claim: Mapping[str, Any], rule: Rule, base: str = "", acts: Sequence[str] = ()
) -> dict[str, Any]:
    """The JSON-LD of one check; `base` is the address of the site ("" makes relative ids), `acts` acts near
    in time.
    """
    explanation = " ".join(verdicts.check_sentences(check, rule, claim["speaker"], claim["said_on"] or ""))
    rated: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": WORDS[check.verdict],
        "ratingExplanation": refuse_causal(explanation),
    }
    value = rating(check)
    if value is not None:
        rated |= {"ratingValue": value, "worstRating": WORST, "bestRating": BEST}
    appearance = {
        "@type": "CreativeWork",
        "url": claim["source_url"],
        "publisher": {"@type": "Organization", "name": claim["publisher"]},
    }
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{base}#claim-review-{check.claim}",
        "url": f"{base}claims/{check.claim}.html",
        "datePublished": check.as_of.isoformat(),
        "author": {"@type": "Organization", "name": "wareconomy"},
        "claimReviewed": claim["summary"],
        "itemReviewed": {
            "@type": "Claim",
            "@id": f"{base}#claim-{check.claim}",
            "author": {"@type": "Person", "name": claim["speaker"], "jobTitle": claim["role"]},
            "appearance": {key: item for key, item in appearance.items() if item},
        },
        "reviewRating": rated,
        "isBasedOn": [{"@type": "Dataset", "@id": f"{base}#dataset"}],
        "citation": check.rows(),
    }
    if claim["said_on"]:
        made["itemReviewed"]["datePublished"] = claim["said_on"]
    if acts:
        made["mentions"] = [{"@type": "Legislation", "@id": f"{base}#act-{name}"} for name in acts]
    return made
