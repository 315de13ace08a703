"""Running a command and saying what it cost: wall time, CPU time, peak memory, and how quiet the machine was."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PROC = Path("/proc")
PAGE = resource.getpagesize()
TICK = os.sysconf("SC_CLK_TCK")
LOOP = "for _ in range(4_000_000): pass"
NOISY = 1.4
LIBRARIES = ("duckdb", "pandas", "pandera", "matplotlib", "numpy", "jinja2", "typst", "xlsxwriter")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took. Memory is in MB (2**20 bytes): of the largest process, and of all of them together at the
    worst moment. `together` counts pages that processes share once (PSS); `resident` counts them in each (RSS).
    """

    seconds: float
    cpu: float = 0.0
    largest: float = 0.0
    together: float = 0.0
    resident: float = 0.0
    processes: int = 0


def timed(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Wall and processor time of one run, its output thrown away. Raises CalledProcessError when it fails.

    Processes that a command leaves to others to end (the workers of a build) are not in the processor time.
    """
    before = processor()
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=dict(env))
    return Cost(time.perf_counter() - start, processor() - before)


def processor() -> float:
    """Seconds of processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watched(command: Sequence[str], env: Mapping[str, str], every: float = 0.02) -> Cost:
    """One run with its processes sampled through /proc (Linux); elsewhere only the largest child is known."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(env), start_new_session=True)
    largest: dict[int, float] = {}
    ticks: dict[int, int] = {}
    together = resident = 0.0
    while child.poll() is None:
        shares, residents = [], []
        for pid in _session(child.pid):
            try:
                words = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
                ticks[pid] = int(words[11]) + int(words[12])
                rollup = (PROC / str(pid) / "smaps_rollup").read_text()
            except OSError:
                continue  # it ended meanwhile
            residents.append(int(words[21]) * PAGE / 2**20)
            shares.append(_kilobytes(rollup, "Pss:") / 1024)
            largest[pid] = max(residents[-1], largest.get(pid, 0.0))
        together, resident = max(together, sum(shares)), max(resident, sum(residents))
        time.sleep(every)
    seconds = time.perf_counter() - start
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    if not largest:
        unit = 1 if sys.platform == "darwin" else 1024
        largest[child.pid] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 2**20
    cpu = sum(ticks.values()) / TICK
    return Cost(seconds, cpu, max(largest.values()), together, resident, len(largest))


def _session(leader: int) -> list[int]:
    """Processes of a session: the command and everything it started."""
    found: list[int] = []
    if not PROC.is_dir():
        return found
    for entry in os.scandir(PROC):
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == leader:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _kilobytes(text: str, name: str) -> int:
    line = next((line for line in text.splitlines() if line.startswith(name)), f"{name} 0 kB")
    return int(line.split()[1])


def calibrate() -> float:
    """How busy the machine is: wall time of a small loop on two cores over the processor time it used, about 1 when quiet.

    A ratio, so that a machine that is busy all the time does not pass for a slow quiet one.
    """
    before = processor()
    start = time.perf_counter()
    pair = [subprocess.Popen([sys.executable, "-S", "-c", LOOP]) for _ in range(2)]
    for process in pair:
        process.wait()
    seconds = time.perf_counter() - start
    return seconds / max((processor() - before) / 2, 0.001)


def noise(loops: Sequence[float]) -> str:
    """One sentence about the calibration loops taken between the runs."""
    low, middle, high = min(loops), statistics.median(loops), max(loops)
    verdict = "quiet" if middle <= NOISY else "NOISY: repeat at a quieter moment"
    return (
        f"calibration loop on two cores, wall over processor time: lowest {low:.2f}, median {middle:.2f}, "
        f"highest {high:.2f} ({len(loops)} loops): {verdict}"
    )


def machine() -> str:
    """Cores, system, Python and the libraries that matter."""
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} absent")
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"{', '.join(versions)}; load {load:.1f} at the start"
    )


def footprint(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """Inode, size and times (modified, changed) of everything below a folder: equal means that nothing was written."""
    seen = {}
    for path in [folder, *folder.rglob("*")]:
        facts = path.lstat()
        seen[str(path)] = (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    return seen
