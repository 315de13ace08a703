"""The command `territory` as people and machines run it, with maps, without them, and without the libraries."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.map_rig import advance, folder

import wareconomy
from wareconomy.cli import main
from wareconomy.errors import UsageError
from wareconomy.settings import Settings


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    days = advance(64)
    days[date(2025, 1, 20)] = days[date(2025, 1, 20)][:-60]
    return folder(tmp_path_factory.mktemp("maps"), days)


@pytest.fixture
def run(built_home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("WARECONOMY_HOME", str(built_home.root))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(["territory", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_months_from_maps_with_what_was_set_aside(run: Any, where: Path) -> None:
    code, out, err = run(str(where), "--no-store")
    assert code == 0
    assert [row["month"] for row in table(out)] == ["2025-01", "2025-02"]
    assert "set aside: deepstatemap_data_20250120.geojson: truncated map" in err
    assert "days without a map, left open: 2025-01-20" in err


def test_between_two_days_by_oblast_as_table_csv_and_json(run: Any, where: Path, tmp_path: Path) -> None:
    code, out, err = run(
        str(where), "--between", "2025-01-02", "2025-02-02", "--csv", str(tmp_path / "x.csv")
    )
    assert code == 0
    rows = table(out)
    assert {"UA-14", "UA-43"} <= {row["oblast"] for row in rows}
    assert len(table((tmp_path / "x.csv").read_text())) == len(rows)
    assert "share of the official area of the oblast" in err
    code, out, _ = run(
        str(where),
        "--between",
        "2025-01-02",
        "2025-02-02",
        "--oblast",
        "Donetsk",
        "--json",
        "--share-of",
        "claimed",
    )
    found = json.loads(out)
    assert [row["oblast"] for row in found["rows"]] == ["UA-14"]
    assert found["between"]["net_km2"] > 0
    assert found["publish_geometry"] is False
    assert found["set_aside"][0].startswith("deepstatemap_data_20250120")


def test_as_of_hides_later_maps(run: Any, where: Path) -> None:
    _, out, _ = run(str(where), "--by", "day", "--as-of", "2025-01-10", "-q")
    rows = table(out)
    assert (rows[0]["day"], rows[-1]["day"]) == ("2025-01-01", "2025-01-10")
    assert (rows[-1]["map_from"], rows[-1]["map_to"]) == ("2025-01-08", "2025-01-09")


def test_what_was_computed_is_kept_in_the_data_directory(run: Any, where: Path, built_home: Settings) -> None:
    run(str(where))
    assert list((built_home.processed / "territory").glob("deepstate-*.npz"))


def test_maps_charts_and_films_are_written_with_their_data(run: Any, where: Path, tmp_path: Path) -> None:
    span = ("--between", "2025-01-02", "2025-02-02")
    for name in ("a.png", "b.svg"):
        code, _, err = run(str(where), *span, "--map", str(tmp_path / name))
        assert code == 0, err
    run(str(where), "--between", "2025-01-02", "2025-01-05", "--map", str(tmp_path / "c.gif"))
    run(str(where), "--by", "month", "--map", str(tmp_path / "d.pdf"), "--chart", str(tmp_path / "e.svg"))
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{x}.{end}" for x, end in zip("abcde", ("png", "svg", "gif", "pdf", "svg"), strict=True)
    } | {f"{x}.csv" for x in "abcde"}
    code, _, err = run(str(where), *span, "--map", str(tmp_path / "x.bmp"))
    assert (code, ".svg" in err) == (2, True)


def test_places_that_changed_sides(run: Any, where: Path) -> None:
    code, out, err = run(str(where), "--between", "2025-01-01", "2025-03-01", "--by", "places")
    assert code == 0
    assert "GeoNames" in err
    columns = "id name oblast first last centre_in centre_out first_in first_out"
    assert list(table(out)[0]) == columns.split()


def test_the_largest_changes_and_where_they_were(run: Any, where: Path) -> None:
    code, out, _ = run(str(where), "--by", "largest")
    assert code == 0
    rows = table(out)
    assert len(rows) == 10
    assert {row["oblast"] for row in rows} == {"UA-14"}
    sizes = [abs(float(row["net_km2"])) for row in rows]
    assert sizes == sorted(sizes, reverse=True)


def test_kinds_of_doubt_are_told_apart(run: Any, where: Path) -> None:
    _, out, _ = run(str(where), "--between", "2025-01-10", "2025-02-10", "--json")
    found = json.loads(out)
    assert set(found["doubt"]) == {
        "digitising_km2",
        "lag_low_km2",
        "lag_high_km2",
        "lag_log_sd",
        "definition_factor",
    }
    assert found["doubt"]["lag_low_km2"] <= found["between"]["net_km2"] <= found["doubt"]["lag_high_km2"]
    assert any("three kinds, not one band" in note for note in found["notes"])


def test_no_stored_share_passes_a_hundred(run: Any) -> None:
    _, out, err = run("--by", "oblast", "--between", "2025-12-02", "2026-01-01")
    shares = {row["oblast"]: row["share_pct"] for row in table(out)}
    assert shares["UA-40"] == shares["UA-43"] == ""
    assert max(float(share) for share in shares.values() if share) < 100
    assert "no share of Sevastopol and Crimea" in err


def test_stored_figures_need_no_maps(run: Any) -> None:
    _, out, _ = run("--mapper", "deepstate")
    months = {row["month"]: float(row["net_km2"]) for row in table(out)}
    assert months["2025-11"] == pytest.approx(505.8, abs=0.05)
    assert months["2025-12"] == pytest.approx(445.5, abs=0.05)
    _, out, err = run("--by", "oblast", "--between", "2025-12-02", "2026-01-01")
    net = {row["name"]: float(row["net_km2"]) for row in table(out)}
    assert net["Sumy"] == pytest.approx(30.4, abs=0.05)
    assert net["Kharkiv"] == pytest.approx(-6.5, abs=0.05)
    assert "need the map files" in err
    _, out, _ = run("--by", "day", "--between", "2025-01-02", "2026-01-02")
    days = table(out)
    assert float(days[-1]["area_km2"]) - float(days[0]["area_km2"]) == pytest.approx(4333.1, abs=0.05)
    assert round(float(days[-1]["area_km2"])) == 116_219


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--map", "x.png"), "need the map files"),
        (("nowhere",), "no map file or folder"),
        (("--between", "2025-02-01", "2025-01-01"), "is not after"),
        (("--oblast", "Atlantis"), "no oblast"),
        (("--by", "month", "--oblast", "Sumy"), "no monthly change by oblast"),
        (("--by", "day", "--mapper", "isw"), "the ledger has no daily area"),
        (("--by", "places"), "need the map files"),
    ],
)
def test_a_question_that_cannot_be_answered(run: Any, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err


@pytest.mark.parametrize("gone", ["shapely", "pyproj"])
def test_without_the_libraries_stored_figures_answer_and_maps_say_what_to_install(
    built_home: Settings, where: Path, gone: str
) -> None:
    hide = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        f"u.find_spec = lambda name, *a: None if name == {gone!r} else find(name, *a)\n"
        f"sys.modules[{gone!r}] = None\n"
        "from wareconomy.cli import main; sys.exit(main(sys.argv[1:]))"
    )

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        import os

        return subprocess.run(
            [sys.executable, "-c", hide, "territory", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "WARECONOMY_HOME": str(built_home.root)},
        )

    stored = command("--by", "oblast")
    assert stored.returncode == 0, stored.stderr
    missing = command(str(where))
    assert missing.returncode == 8
    assert "pip install 'wareconomy[maps]'" in missing.stderr


def test_frames(built_home: Settings, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARECONOMY_HOME", str(built_home.root))
    frame = wareconomy.territory(where, by="day", between=("2025-01-02", "2025-01-31"))
    assert str(frame["day"].dtype).startswith("datetime64")
    assert frame.attrs["facts"]["maps"] == 63
    stored = wareconomy.territory(by="oblast", oblast="Sumy")
    assert list(stored["oblast"]) == ["UA-59"]
    with pytest.raises(UsageError, match="only in the map files"):
        wareconomy.territory(geometry=True)


def test_geometry_as_a_geodataframe(where: Path) -> None:
    pytest.importorskip("geopandas")
    found = wareconomy.territory(where, between=(date(2025, 1, 2), date(2025, 2, 2)), geometry=True)
    assert set(found["change"]) == {"gained", "lost"}
    assert found.crs.to_epsg() == 4326
    with pytest.raises(UsageError, match="two days"):
        wareconomy.territory(where, geometry=True)
