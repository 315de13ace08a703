"""In which oblast each populated place of VIINA lies, from the properties of the project's own places' file.

Names of oblasts are spelt in several ways in English; each spelling leads to one ISO 3166-2 code. A name
that no spelling covers is Malformed: a place is never counted in a guessed oblast.
"""

from __future__ import annotations

import re

from wareconomy.sources import wire
from wareconomy.sources.source import Malformed

SPELLINGS = {
    "UA-05": "vinnytsia vinnytsya vinnitsa",
    "UA-07": "volyn volhynia volyns'ka",
    "UA-09": "luhansk luhans'k lugansk",
    "UA-12": "dnipropetrovsk dnipropetrovs'k dnepropetrovsk",
    "UA-14": "donetsk donets'k",
    "UA-18": "zhytomyr zhitomir",
    "UA-21": "zakarpattia zakarpattya transcarpathia",
    "UA-23": "zaporizhzhia zaporizhzhya zaporizhia zaporizhzhy zaporizhya",
    "UA-26": "ivano-frankivsk ivano-frankivs'k",
    "UA-30": "kyivcity kievcity kyivmisto mistokyiv",
    "UA-32": "kyiv kiev kyyiv",
    "UA-35": "kirovohrad kirovograd",
    "UA-40": "sevastopol sevastopol' misto-sevastopol",
    "UA-43": "crimea krym autonomousrepublicofcrimea avtonomnarespublikakrym republicofcrimea",
    "UA-46": "lviv l'viv",
    "UA-48": "mykolaiv mykolayiv nikolaev",
    "UA-51": "odesa odessa",
    "UA-53": "poltava",
    "UA-56": "rivne rovno",
    "UA-59": "sumy",
    "UA-61": "ternopil ternopil'",
    "UA-63": "kharkiv kharkov",
    "UA-65": "kherson",
    "UA-68": "khmelnytskyi khmelnytskyy khmel'nyts'kyy khmelnytsky khmelnitsky",
    "UA-71": "cherkasy cherkassy",
    "UA-74": "chernihiv chernigov",
    "UA-77": "chernivtsi chernovtsy",
}
CODES = {spelling: code for code, spellings in SPELLINGS.items() for spelling in spellings.split()}
NAME_KEYS = ("ADM1_NAME", "adm1_name", "ADM1_EN")
ENDINGS = re.compile(r"(oblast'?|region|oblasts)$")


def code(name: str) -> str | None:
    """ISO 3166-2 code of an oblast's name, None when no spelling covers it."""
    plain = re.sub(r"[\s.]", "", name.lower().replace("’", "'").replace("ʼ", "'"))
    return CODES.get(plain) or CODES.get(ENDINGS.sub("", plain))


def oblasts(source: str, data: bytes) -> dict[int, str]:
    """Place (geonameid) to oblast. Raises Malformed when a place has no number, no oblast or stands twice."""
    value = wire.json_of(source, data, 80_000_000)
    features = value.get("features") if isinstance(value, dict) else None
    if not isinstance(features, list) or not features or len(features) > 60_000:
        raise Malformed(source, "not a list of populated places")
    found: dict[int, str] = {}
    for index, feature in enumerate(features):
        where = f"/features/{index}"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise Malformed(source, "a place without properties", where)
        number = wire.bounded(source, _whole(properties.get("geonameid")), where, 1, 999_999_999)
        name = next((properties[key] for key in NAME_KEYS if isinstance(properties.get(key), str)), None)
        area = code(name) if name else None
        if area is None:
            raise Malformed(
                source, f"a place in {str(name)[:60]!r}, no oblast we know", where, "add the spelling"
            )
        if number != int(number) or int(number) in found:
            raise Malformed(source, f"the place {number} stands twice or is no number", where)
        found[int(number)] = area
    return found


def _whole(value: object) -> object:
    """A place's number may be written as text or as a float ("461727.0")."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(\.0)?", value):
        return int(value.split(".")[0])
    return value
