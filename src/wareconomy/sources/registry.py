"""Which sources there are: the built-in list, and those that other packages bring by entry point.

A package adds a source with three lines of its own pyproject.toml:

    [project.entry-points."wareconomy.sources"]
    my_source = "my_package.my_source:source"

Nothing is imported before a source is used; `digest` reads the code of a source and of what it imports from its own
package, so that rows read by unchanged code are never read again.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from wareconomy import catalog
from wareconomy.catalog import Catalog
from wareconomy.errors import UnknownName, WareconomyError, shorten
from wareconomy.sources.source import Source

GROUP = "wareconomy.sources"
PLAIN = (
    "cbr_reserves",
    "cbr_key_rate",
    "cbr_liquidity",
    "cbr_rates",
    "minfin_budget",
    "minfin_nwf_message",
    "minfin_nwf_table",
    "minfin_oil_gas",
    "nbu",
    "imf_reserves",
    "crea",
    "kiel",
    "deepstate_history",
    "deepstate_mirror",
    "isw_layers",
    "economist_isw",
    "nzz_liveuamap",
    "viina",
)
"""Sources whose module has their name."""
BUILT_IN: Mapping[str, str] = {
    **{name: f"wareconomy.sources.{name}:SOURCE" for name in PLAIN},
    "ru_law": "wareconomy.sources.pravo:SOURCE",
    "air_force_posts": "wareconomy.sources.air_force_table:SOURCE",
    "general_staff": "wareconomy.sources.claimed_losses:SOURCE",
    **{
        f"telegram_{name}": "wareconomy.sources.telegram_channels:CHANNELS"
        for name in ("tsn_ua", "euronews", "noel_reports", "mod_russia", "kpszsu", "minfin", "deepstate_ua")
    },
}
"""Source id to `module:object`; the object may be a tuple of sources."""
LIBRARIES = ("lxml", "python-calamine")
SHARED = ("wareconomy.model", "wareconomy.sources.source", "wareconomy.collect.ask")


# CPython 3.11 counts the depth of syntax trees for all threads together, and fails when two are made at once.
_PARSING = Lock()


@dataclass(frozen=True, slots=True)
class Registered:
    """A source by id, where its object is, and which package brings it."""

    id: str
    target: str
    origin: str = "wareconomy"

    def load(self) -> Source:
        """The object. Raises WareconomyError when it cannot be imported or is no source of that id."""
        module, _, name = self.target.partition(":")
        try:
            made = getattr(import_module(module), name or "source")
        except Exception as error:
            raise WareconomyError(
                f"source {self.id} of {self.origin} cannot be loaded: {type(error).__name__}: {shorten(str(error), 200)}"
            ) from error
        if isinstance(made, tuple):
            made = next((item for item in made if getattr(item, "id", "") == self.id), None)
        if not isinstance(made, Source) or made.id != self.id:
            raise WareconomyError(f"source {self.id} of {self.origin}: {self.target} is no source of that id")
        return made

    def record(self) -> str:
        """Key of `catalog/sources` that answers for its figures."""
        return str(getattr(self.load(), "record", self.id))

    def digest(self) -> str:
        """Digest of the code that reads its documents, and of the libraries behind it."""
        return code_digest(self.target.partition(":")[0])


@cache
def registered() -> dict[str, Registered]:
    """Every source by id; a built-in one keeps its id when a package claims it too."""
    made = {name: Registered(name, target) for name, target in BUILT_IN.items()}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda item: item.name):
        origin = point.dist.name if point.dist else "another package"
        made.setdefault(point.name, Registered(point.name, point.value, origin))
    return dict(sorted(made.items()))


@cache
def declared() -> Catalog:
    """The catalog, with the series and sources other packages declare beside their source objects.

    Such an object has `declares`: the same tables as the catalog's TOML files, {"sources": {...}, "series": {...}}.
    What the catalog has already stays as it is.
    """
    made = catalog.load()
    for item in registered().values():
        if item.id in BUILT_IN:
            continue
        try:
            more = getattr(item.load(), "declares", None)
        except WareconomyError:
            continue  # a refresh says so; the others are not disturbed
        if more:
            made = catalog.extended(made, more, item.origin)
    return made


def choose(names: Iterable[str]) -> list[Registered]:
    """Sources by name, all when none is named. UnknownName lists the nearest."""
    known = registered()
    wanted = list(dict.fromkeys(names)) or list(known)
    for name in wanted:
        if name not in known:
            raise UnknownName("source", name, known)
    return [known[name] for name in wanted]


def code_digest(module: str) -> str:
    """Digest of a module and of everything it imports from its own package, found without running it."""
    with _PARSING:
        return _code_digest(module)


@cache
def _code_digest(module: str) -> str:
    total = hashlib.sha256()
    for name in LIBRARIES:
        try:
            total.update(f"{name} {metadata.version(name)}\n".encode())
        except metadata.PackageNotFoundError:
            continue
    for path in sorted(_files(module)):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(module: str) -> set[Path]:
    top = module.partition(".")[0]
    found: dict[str, Path] = {}
    waiting = [module, *SHARED]
    while waiting:
        name = waiting.pop()
        if name in found or name.partition(".")[0] not in {top, "wareconomy"}:
            continue
        # The command line, publishing and the like never shape what a document says.
        if name.partition(".")[0] == "wareconomy" and not name.startswith(
            ("wareconomy.sources.", "wareconomy.model", "wareconomy.collect.ask")
        ):
            continue
        path = _origin(name)
        if path is None:
            continue
        found[name] = path
        waiting.extend(_imports(path, name))
    return set(found.values())


def _origin(name: str) -> Path | None:
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _imports(path: Path, module: str) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            base = ".".join(part for part in (above if node.level else "", node.module or "") if part)
            yield base
            yield from (f"{base}.{item.name}" for item in node.names)
