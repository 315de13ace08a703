"""The sources that come with the program: listed, loadable, declared, and polite."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest

from wareconomy import catalog
from wareconomy.sources import battlefield, fiscal, registry

TODAY = date(2026, 11, 22)


def test_every_source_is_registered_under_its_name() -> None:
    objects = {source.id: source for source in (*fiscal.SOURCES, *battlefield.SOURCES)}
    assert set(registry.BUILT_IN) == set(objects)
    for name, target in registry.BUILT_IN.items():
        assert registry.Registered(name, target).load() is objects[name]


@pytest.mark.parametrize("name", sorted(registry.BUILT_IN))
def test_every_source_is_declared_and_asks_plainly(name: str) -> None:
    item = registry.Registered(name, registry.BUILT_IN[name])
    assert item.record() in catalog.load().sources
    asks = list(item.load().asks(TODAY))
    assert len({ask.name for ask in asks}) == len(asks)
    for ask in asks:
        parts = urlsplit(ask.url)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert ask.marker or ask.first or ask.media, ask.name


def test_digests_differ_where_the_code_does() -> None:
    digests = {name: registry.Registered(name, target).digest() for name, target in registry.BUILT_IN.items()}
    assert digests["cbr_rates"] != digests["kiel"]
    assert digests["telegram_kpszsu"] == digests["telegram_minfin"]
