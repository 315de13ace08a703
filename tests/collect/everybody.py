"""Every built-in source's publisher on loopback, from the fixtures of its own tests, moved to days that fit together."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote

import requests
from tests.collect.replay import Replay, Reply
from tests.sources import handed

from wareconomy.collect.ask import Ask
from wareconomy.collect.client import Client
from wareconomy.collect.policy import Host, Policy
from wareconomy.sources import registry
from wareconomy.sources.source import Document

DAY = date(2031, 3, 15)
"""The day of the refreshes: the fiscal fixtures are of that month, the others are moved to it."""
YESTERDAY = DAY - timedelta(days=1)
ISO = re.compile(rb"\d{4}-\d{2}-\d{2}")
Body = bytes | None
Papers = Mapping[str, Callable[[Ask], Body]]


class Here(Client):
    """A client whose requests all reach the replay server; which hosts it may ask, and how, it judges by their own
    names and addresses, as ever."""

    def __init__(self, server: Replay) -> None:
        pace = Host(pace=0.0, connect=5, read=10, total=10)
        super().__init__(Policy(contact="tests@example.org", default=pace, retries=0, allow_loopback=True))
        self.server = server

    def _send(
        self, method: str, url: str, params: Any, headers: Any, body: bytes | None, terms: Host
    ) -> requests.Response:
        asked = requests.Request(method, url, params=params or None, headers=headers).prepare()
        response = super()._send(method, self.server.url + place(asked), None, headers, body, terms)
        response.url = asked.url or url
        return response


def place(asked: requests.PreparedRequest) -> str:
    """The path on the replay server that stands for a request: its whole address, and the method of a SOAP service."""
    return "/" + quote(f"{asked.url} {asked.headers.get('SOAPAction', '')!s}".strip(), safe="")


def serve(server: Replay, ask: Ask, body: bytes | None) -> None:
    """One document at the address of its ask; None is a document that does not exist."""
    asked = requests.Request(ask.method, ask.url, params=dict(ask.params) or None, headers=dict(ask.headers))
    media = ask.media[0] if ask.media else "application/octet-stream"
    reply = Reply(b"not here", 404, "text/plain") if body is None else Reply(body, 200, media, versioned=True)
    server.serve(place(asked.prepare()), reply)


class Everybody:
    """The server, the asks by source and name, and the bodies that answer them."""

    def __init__(self, server: Replay) -> None:
        self.server = server
        self.asks: dict[tuple[str, str], Ask] = {}
        self.made: dict[tuple[str, str], Body] = {}

    def serve(self, day: date) -> None:
        """The asks of a day get their answers; those asked before get the same bytes."""
        self.asks.update(_served(self.server, day, self.made))


@contextmanager
def everybody() -> Iterator[Everybody]:
    """The server with all documents of all sources."""
    with Replay() as server:
        made = Everybody(server)
        made.serve(DAY)
        yield made


def _served(
    server: Replay, day: date, made: dict[tuple[str, str], Body]
) -> Iterator[tuple[tuple[str, str], Ask]]:
    moment = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    for name, target in registry.BUILT_IN.items():
        source = registry.Registered(name, target).load()
        waiting = list(source.asks(day))
        while waiting:
            ask = waiting.pop(0)
            # Made once: a workbook and an archive hold the time at which they were made.
            body = made.setdefault((name, ask.name), bodies()[name](ask))
            serve(server, ask, body)
            yield (name, ask.name), ask
            if body:
                url = requests.Request("GET", ask.url, params=dict(ask.params) or None).prepare().url or ""
                waiting.extend(source.follow(Document(ask.name, body, "", url, moment)))


def fixture(name: str) -> bytes:
    """The bytes of a fixture."""
    return (handed.FIXTURES / name).read_bytes()


def moved(data: bytes, to: date = YESTERDAY) -> bytes:
    """The same with every ISO day moved by as much, the newest to `to`."""
    days = [date.fromisoformat(found.decode()) for found in ISO.findall(data)]
    shift = to - max(days)
    return ISO.sub(lambda found: (date.fromisoformat(found[0].decode()) + shift).isoformat().encode(), data)


def _padded(data: bytes, size: int) -> bytes:
    """A JSON document as large as a real one: blanks after its first bracket."""
    return data[:1] + b" " * (size - len(data)) + data[1:]


def _named(**files: str) -> Callable[[Ask], Body]:
    """Fixtures by the name of the ask, with `_` for `-`."""
    return lambda ask: fixture(files[ask.name.replace("-", "_")])


def _rates(ask: Ask) -> bytes:
    if ask.name == "rates-day":
        return fixture("cbr_rates/daily.xml")
    data = fixture("cbr_rates/dynamic.xml")
    code = {"rates-usd": b"R01235", "rates-eur": b"R01239", "rates-cny": b"R01375"}[ask.name]
    return data.replace(b"R01375", code)


def press_list() -> bytes:
    """The press list without the second release, of which there is no page."""
    older = rb'<div class="news"><a href="[^"]*id_4=40100-.*?</div>'
    data, count = re.subn(older, b"", fixture("minfin_budget/press_list.html"))
    assert count == 1
    return data


def _mirror() -> bytes:
    """The Ministry's channel, as a source of its messages and as a channel: with the head of every preview."""
    return fixture("minfin_budget/mirror.html").replace(
        b"<body>", b'<body><div class="tgme_channel_info"></div>', 1
    )


def _ministry(release: str) -> Callable[[Ask], Body]:
    def body(ask: Ask) -> bytes:
        if ask.name.endswith("press-list"):
            return press_list()
        return _mirror() if ask.name.endswith("mirror") else fixture(release)

    return body


def budget_table() -> bytes:
    """The open-data file of the budget by month."""
    return fixture("minfin_budget/data.csv")


def _budget(ask: Ask) -> Body:
    files = {"budget-catalogue": "list.csv", "budget-passport": "meta.csv", "budget-by-month": "data.csv"}
    if ask.name in files:
        return fixture(f"minfin_budget/{files[ask.name]}")
    return _ministry("minfin_budget/release.html")(ask)


def _fund_table(ask: Ask) -> bytes:
    if ask.name == "fund-table-page":
        return fixture("minfin_nwf_table/page.html")
    rows = handed.fund_table()
    rows[2][2:] = [
        "Октябрь 2030",
        *(date(2030 + month // 13, (month - 1) % 12 + 1, 1) for month in (11, 12, 13, 14)),
    ]
    return handed.workbook({"ФНБ": rows})


def _nbu(ask: Ask) -> bytes:
    if ask.name == "rate-usd":
        return fixture("nbu/rate.json")
    if ask.name == "rate-eur":
        return fixture("nbu/rate.json").replace(b'"USD"', b'"EUR"').replace(b"44.3199", b"48.1")
    month = ask.name.removeprefix("reserves-").replace("-", "")
    items = [item for item in json.loads(fixture("nbu/reserves.json")) if item["dt"].startswith(month)]
    return json.dumps(items, ensure_ascii=False).encode()


def _kiel(ask: Ask) -> bytes:
    if ask.name == "tracker-page":
        return fixture("kiel/page.html")
    book = handed.tracker()
    for row in book["Bilateral Assistance, MAIN DATA"][1:]:
        row[4] += 12 * 9 - 2  # month 1 is January 2022
    random = Random(1)
    book["Sources"] = [[f"{random.getrandbits(120):030x}"] for _ in range(1500)]  # the real one has megabytes
    return handed.workbook(book)


def _acts(ask: Ask) -> bytes:
    body = json.loads(fixture("ru_law/laws.json"))
    if ask.name != "acts-federal-laws":
        body |= {"items": [], "itemsTotalCount": 0, "pagesTotalCount": 0}
    return json.dumps(body, ensure_ascii=False).encode()


def _history(ask: Ask) -> bytes:
    if ask.name.startswith("map-"):
        return _padded(fixture("deepstate_history/body.geojson"), 25_000)
    if ask.name.startswith("areas-"):
        return fixture("deepstate_history/areas.json")
    data = fixture("deepstate_history/public.json")
    entries = json.loads(moved(data))
    for entry in entries:
        entry["id"] = int(datetime.fromisoformat(entry["createdAt"]).timestamp())
    return json.dumps(entries).encode()


def _map_of_the_day(ask: Ask) -> Body:
    if ask.name != f"map-{YESTERDAY}":
        return None
    name = "deepstatemap_data_20251202"
    data = fixture(f"deepstate_mirror/{name}.geojson").replace(b"20251202", f"{YESTERDAY:%Y%m%d}".encode())
    return _padded(data, 31_000)


def _isw(ask: Ask) -> bytes:
    if ask.name == "web-map":
        return fixture("isw_layers/web_map.json")
    if ask.name.endswith("-layer"):
        service = ask.url.partition("/services/")[2].partition("/")[0]
        return fixture("isw_layers/layer.json").replace(b"VIEW_RussiaCoTinUkraine_V3", service.encode())
    empty = ask.name.startswith("gains-")
    return fixture("isw_layers/empty.geojson" if empty else "isw_layers/page.geojson")


def _places(ask: Ask) -> bytes:
    if ask.name == "places":
        return _padded(fixture("viina/places.geojson"), 1_000_001)
    table = fixture("viina/control_latest_2024.csv")
    for old, new in (("20240101", "20310313"), ("20240102", "20310314"), ("2024-02-01", "2031-03-14")):
        table = table.replace(old.encode(), new.encode())
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        box.writestr("control_latest_2031.csv", table)
        box.writestr("read_me.txt", Random(1).randbytes(12_000))
    return packed.getvalue()


def _losses(ask: Ask) -> bytes:
    entries = json.loads(fixture(f"general_staff/{ask.name}.json"))
    shift = (YESTERDAY - date.fromisoformat(entries[-1]["date"])).days
    for entry in entries:
        entry["date"] = (date.fromisoformat(entry["date"]) + timedelta(days=shift)).isoformat()
        entry["day"] += shift
    return json.dumps(entries, indent=1).encode()


def _channel(name: str) -> Callable[[Ask], Body]:
    return lambda ask: moved(fixture("telegram/page.html")).replace(b"noel_reports", name.encode())


def bodies() -> Papers:
    """By source: the body of an ask."""
    return {
        "cbr_reserves": _named(reserves_weekly="cbr_reserves/weekly.xml", reserves_monthly="cbr_reserves/monthly.xml"),
        "cbr_key_rate": _named(key_rate="cbr_key_rate/plain.xml"),
        "cbr_liquidity": _named(liquidity="cbr_liquidity/fields_of_2023.xml"),
        "cbr_rates": _rates,
        "minfin_budget": _budget,
        "minfin_nwf_message": _ministry("minfin_nwf_message/message.html"),
        "minfin_nwf_table": _fund_table,
        "minfin_oil_gas": _ministry("minfin_oil_gas/sale.html"),
        "nbu": _nbu,
        "imf_reserves": _named(reserves="imf_reserves/reserves.csv"),
        "crea": _named(fossil_recent="crea/counter.json"),
        "kiel": _kiel,
        "ru_law": _acts,
        "deepstate_history": _history,
        "deepstate_mirror": _map_of_the_day,
        "isw_layers": _isw,
        "economist_isw": lambda ask: moved(fixture("economist_isw/area.csv")),
        "nzz_liveuamap": lambda ask: moved(fixture("nzz_liveuamap/territory.csv")),
        "viina": _places,
        "air_force_posts": lambda ask: moved(fixture("air_force_posts/2026.csv")),
        "general_staff": _losses,
        "telegram_tsn_ua": _channel("TSN_ua"),
        "telegram_euronews": _channel("euronews"),
        "telegram_noel_reports": _channel("noel_reports"),
        "telegram_mod_russia": _channel("mod_russia"),
        "telegram_kpszsu": lambda ask: moved(fixture("telegram/kpszsu.html")),
        "telegram_minfin": lambda ask: _mirror(),
        "telegram_deepstate_ua": _channel("DeepStateUA"),
    }  # fmt: skip
