"""What can be wrong with a map file: one named error for each fault. A faulty map is set aside, the others go on.

MapError (an InputError, exit code 3)
├── EmptyMap            no bytes, or no polygon in them
├── TruncatedMap        the text ends in the middle
├── NotAMap             JSON or geometry of another shape; an error page served as data
├── MapTooLarge         more bytes or vertices than a map of the front can have
├── MapTooDeep          nested deeper than GeoJSON ever is
├── NotANumber          NaN, infinity or text where a coordinate belongs
├── WrongProjection     metres, or a declared system other than WGS84 longitude and latitude
├── SwappedAxes         latitude before longitude
├── ElsewhereMap        a polygon that is not in or near Ukraine
├── UnknownStatus       a class of area that no rule knows; nothing defaults
├── UndatedMap          no day in the name or the record
├── DuplicateDay        a second, different map of one day
└── MapJump             more area gained or lost than any front moves; kept out until a person looks
"""

from __future__ import annotations

from wareconomy.errors import Finding, InputError, shorten


class MapError(InputError):
    """A map that cannot be measured as it is. `finding` says where, by which rule, and what to do."""

    rule = "map"

    def __init__(self, where: str, problem: str, advice: str = "", value: str = "") -> None:
        self.finding = Finding(where, 0, "", value, self.rule, f"{problem}. {advice}".strip(". ") + ".")
        super().__init__([self.finding])
        self.args = (str(self),)

    def __str__(self) -> str:
        value = f" {shorten(self.finding.value)!r}" if self.finding.value else ""
        return f"{self.finding.file}: {self.rule}:{value} {self.finding.advice}"


class EmptyMap(MapError):
    """No bytes, or no polygon in them."""

    rule = "empty map"


class TruncatedMap(MapError):
    """The text ends in the middle."""

    rule = "truncated map"


class NotAMap(MapError):
    """JSON or geometry of another shape."""

    rule = "not a map"


class MapTooLarge(MapError):
    """More bytes or vertices than a map of the front can have."""

    rule = "map too large"


class MapTooDeep(MapError):
    """Nested deeper than GeoJSON ever is."""

    rule = "map too deep"


class NotANumber(MapError):
    """A coordinate that is no finite number."""

    rule = "coordinate not a number"


class WrongProjection(MapError):
    """Coordinates that are not WGS84 longitude and latitude in degrees."""

    rule = "wrong coordinate system"


class SwappedAxes(MapError):
    """Latitude before longitude."""

    rule = "latitude and longitude swapped"


class ElsewhereMap(MapError):
    """A polygon that is not in or near Ukraine."""

    rule = "outside the region"


class UnknownStatus(MapError):
    """A class of area that no rule knows."""

    rule = "unknown status class"


class UndatedMap(MapError):
    """No day in the name or the record."""

    rule = "map without a day"


class DuplicateDay(MapError):
    """A second, different map of one day."""

    rule = "second map of one day"


class MapJump(MapError):
    """More area gained or lost than any front moves."""

    rule = "jump in area"


def restore(rule: str, where: str, value: str, advice: str) -> MapError:
    """The error a stored finding came from."""
    kind = next((item for item in MapError.__subclasses__() if item.rule == rule), MapError)
    return kind(where, advice, value=value)
