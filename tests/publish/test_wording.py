"""No sentence this program writes claims a cause, wherever it is printed and in whatever language."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wareconomy import catalog
from wareconomy.cli import main
from wareconomy.ledger import changes, query
from wareconomy.publish import answers, charts, explain, verdicts
from wareconomy.publish.language import causal, causal_words, refuse_causal

COMMANDS = (
    ("claims",),
    ("claims", "check", "C154"),
    ("claims", "check", "C154", "--review"),
    ("claims", "contradictions"),
    ("claims", "counts"),
    ("claims", "rule"),
    ("links", "ru-228-fz-2026"),
    ("links", "ru-l088"),
    ("links", "test"),
    ("links", "test", "sme-tax-security-zone"),
    ("links", "test", "pace-after-acts"),
    ("study", "--category", "vat", "--topic", "buffer_zone"),
    ("study", "--series", "ru.nwf.liquid", "--from", "2022-01-01"),
    ("diff", "2026-07-03", "2026-07-05"),
    ("sources",),
    ("chart",),
)


@pytest.fixture
def quoted(ledger_path: Path) -> list[str]:
    """Cells of hand-kept rows that hold such words themselves: what a source wrote, printed as it wrote it."""
    made = []
    with query.connect(ledger_path) as con:
        for table in catalog.load().tables:
            for row in query.records(con, f'SELECT * FROM manual."{table}"'):
                made += [text for text in row.values() if isinstance(text, str) and causal(text)]
        for name in ("observations", "series", "sources"):
            for row in query.records(con, f"SELECT * FROM {name}"):
                made += [text for text in row.values() if isinstance(text, str) and causal(text)]
    return sorted(set(made), key=len, reverse=True)


def own(text: str, quoted: list[str]) -> str:
    """A text without the cells that are quoted in it."""
    plain = " ".join(text.split())
    for cell in quoted:
        plain = plain.replace(" ".join(cell.split()), "")
    return plain


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_claims_no_cause(
    command: tuple[str, ...],
    quoted: list[str],
    ledger_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    processed = tmp_path / "data" / "processed"
    processed.mkdir(parents=True)
    (tmp_path / "data" / "raw" / "manual").mkdir(parents=True)
    (processed / "wareconomy.duckdb").symlink_to(ledger_path)
    monkeypatch.setenv("WARECONOMY_HOME", str(tmp_path))
    assert main(command) == 0
    text = own(capsys.readouterr().out, quoted)
    assert text
    assert causal(text) is None
    assert "NaN" not in text
    assert " nan " not in text


def test_explanations_and_changes_claim_no_cause(ledger_path: Path, quoted: list[str]) -> None:
    day = date(2026, 10, 31)
    with query.connect(ledger_path) as con:
        names = [
            "claims:C154",
            "acts:L119",
            "ru.budget.balance@2025",
            "territory.occupied.deepstate@2026-01-01",
        ]
        names += [
            row[0]
            for row in con.execute(
                "SELECT observation FROM observations USING SAMPLE 20 ROWS (reservoir, 7)"
            ).fetchall()
        ]
        for name in names:
            found: Any = explain.explain(con, name, day)
            assert causal(own(json.dumps(found, default=str, ensure_ascii=False), quoted)) is None, name
        for first, last in (("2026-07-03", "2026-07-05"), ("2025-12-28", "2026-01-05")):
            for item in changes.between(con, date.fromisoformat(first), date.fromisoformat(last)):
                assert causal(own(str(item), quoted)) is None


def test_charts_claim_no_cause(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        for day in (date(2025, 12, 31), date(2026, 10, 31)):
            for chart in charts.build(con, day):
                for text in (chart.title, chart.subtitle, chart.alt, *chart.notes):
                    assert causal(text) is None, chart.id


def test_fixed_words_claim_no_cause() -> None:
    for text in (*verdicts.REASONS.values(), *verdicts.VERDICTS.values(), *answers.VERDICTS.values()):
        assert causal(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "It rose because of the law.",
        "The law was signed in response to the statement.",
        "The strike led to a tax.",
        "Das Gesetz wurde unterzeichnet, weil er sprach.",
        "Aufgrund der Rede stieg die Steuer.",
        "Die Rede löste aus, was folgte.",
        "Закон подписан из-за заявления.",
        "Заявление привело к закону.",
        "Закон підписано у відповідь на заяву.",
        "Заява спричинила закон.",
    ],
)
def test_the_gate_knows_four_languages(text: str) -> None:
    assert causal(text)
    with pytest.raises(Exception, match="claims a cause"):
        refuse_causal(text)


@pytest.mark.parametrize(
    "text",
    [
        "The dates lie near one another. No link is claimed.",
        "Beide Tage liegen in derselben Woche.",
        "Обе даты приходятся на одну неделю.",
        "Обидві дати припадають на один тиждень.",
    ],
)
def test_the_gate_lets_dates_pass(text: str) -> None:
    assert causal(text) is None


def test_the_words_are_data_in_four_languages() -> None:
    assert set(causal_words()) == {"en", "de", "ru", "uk"}
    assert all(len(words) >= 15 for words in causal_words().values())
