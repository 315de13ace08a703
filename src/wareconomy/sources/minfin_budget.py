"""Federal budget of Russia by the Ministry of Finance: open data by month and the preliminary releases, one source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from wareconomy.sources import minfin, minfin_open_data, minfin_release, texts
from wareconomy.sources.source import Ask, Document, Reading


class Budget:
    """Both are prints of the same figures, so they are vintages of one source."""

    id = "minfin_budget"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The open-data catalogue, the press list and the mirror. Older releases are handed in as files."""
        yield from minfin_open_data.asks()
        yield from minfin.press_asks("budget")

    def follow(self, document: Document) -> Iterable[Ask]:
        """The newest file of the catalogue; the newest release."""
        if minfin_open_data.is_data(document):
            return
        if minfin_open_data.is_catalogue(document) or _is_passport_page(document):
            yield from minfin_open_data.follow(document)
        else:
            yield from minfin.follow(document, minfin_release.SLUG, "budget", self.id)

    def read(self, document: Document) -> Iterator[Reading]:
        """Figures of the CSV or of a release; catalogues and lists hold none."""
        if minfin_open_data.is_data(document):
            yield from minfin_open_data.read(document)
        elif not minfin_open_data.is_catalogue(document) and not _is_passport_page(document):
            yield from minfin_release.read(document)


def _is_passport_page(document: Document) -> bool:
    return texts.kind(document) == "html" and "/opendata/" in document.url.lower()


SOURCE = Budget()
