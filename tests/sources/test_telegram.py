"""Public channels: posts as written, hashes that ignore what changes on every read, paging, deletions; the night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.sources.battlefield_help import FIXTURES, document, posts, readings, rows

from wareconomy import catalog
from wareconomy.sources.air_force_night import figures
from wareconomy.sources.air_force_words import Counted, count_inline, normal
from wareconomy.sources.source import Document, Malformed, Post, Reading
from wareconomy.sources.telegram import altered, vanished
from wareconomy.sources.telegram_channels import CHANNELS

CHANNEL = {item.channel: item for item in CHANNELS}
NOEL, FORCE = CHANNEL["noel_reports"], CHANNEL["kpszsu"]
PAGE = (FIXTURES / "telegram/page.html").read_text("utf-8")
URL = "https://t.me/s/noel_reports"
AT = datetime(2026, 4, 9, 10, tzinfo=UTC)


def page(text: str = PAGE, name: str = "latest", url: str = URL, at: datetime = AT) -> Document:
    return document(text.encode(), name, url, at)


def night(text: str, posted: str = "2026-06-24T05:44:38+00:00", edited: bool = False) -> dict[str, Reading]:
    post = Post("kpszsu", 1, datetime.fromisoformat(posted), text, edited, "", "", "post 1")
    return {row.series.removeprefix("strikes.night."): row for row in figures(post)}


def test_texts_of_channels_stay_local() -> None:
    assert {catalog.load().sources[channel.id].terms for channel in CHANNELS} == {"local only"}
    assert set(CHANNEL) == {
        "TSN_ua",
        "euronews",
        "noel_reports",
        "mod_russia",
        "kpszsu",
        "minfin",
        "DeepStateUA",
    }


def test_posts_are_read_as_written() -> None:
    made = {post.number: post for post in posts(NOEL, page())}
    assert list(made) == [431, 433, 434, 436, 437], "service posts are no posts, albums leave gaps"
    assert made[431].text == '⚡️ First line!\nBold and a link "quoted" words'
    assert made[431].posted_at == datetime(2026, 4, 9, 7, 1, 44, tzinfo=UTC)
    assert made[433].posted_at == datetime(2026, 4, 9, 8, tzinfo=UTC), "not the length of the video"
    assert made[434].text == ""
    assert made[436].text == "Own words of the answer"
    assert [post.number for post in made.values() if post.edited] == [436]
    assert made[431].url == "https://t.me/noel_reports/431"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.58M", "1.59M"),
        ("eyJjIjotMTAw", "eyJjIjotMTAx"),
        ("113.75ms", "98.1ms"),
        ("token=abc", "token=def"),
        ("40/E29AA1", "41/E29AA1"),
        ("&nbsp;words", " words"),
    ],
)
def test_what_changes_on_every_read_does_not_change_the_hash(old: str, new: str) -> None:
    assert old in PAGE
    before, after = posts(NOEL, page()), posts(NOEL, page(PAGE.replace(old, new)))
    assert [post.stable_hash for post in before] == [post.stable_hash for post in after]
    assert altered(before, after) == []


def test_changed_words_change_the_hash_with_or_without_a_mark() -> None:
    before, after = posts(NOEL, page()), posts(NOEL, page(PAGE.replace("First line", "Another line")))
    assert [(old.number, new.text[:12]) for old, new in altered(before, after)] == [
        (431, "⚡️ Another l"[:12])
    ]


def test_forwarding_and_media_are_part_of_what_is_said() -> None:
    before = posts(NOEL, page())
    for old, new in (("Other channel", "Third channel"), ("tgme_widget_message_photo_wrap", "other")):
        assert len(altered(before, posts(NOEL, page(PAGE.replace(old, new))))) == 1


def test_deleted_posts_are_noticed_within_the_page_only() -> None:
    before = posts(NOEL, page())
    assert [post.number for post in vanished(before, [post for post in before if post.number != 434])] == [
        434
    ]
    assert vanished(before, [post for post in before if post.number > 433]) == [], (
        "older ones are on another page"
    )
    assert vanished(before, []) == []


def test_pages_lead_both_ways() -> None:
    older, newer = NOEL.older(page()), NOEL.newer(page())
    assert older is not None
    assert newer is not None
    assert (older.name, dict(older.params)) == ("before-431", {"before": "431"})
    assert (newer.name, dict(newer.params)) == ("after-438", {"after": "438"})
    first = page((FIXTURES / "telegram/first_page.html").read_text("utf-8"))
    assert NOEL.older(first) is None, "canonical is the page itself and leads nowhere"


def test_refresh_goes_back_over_its_span_and_since_as_far_as_asked() -> None:
    assert [ask.name for ask in NOEL.follow(page())] == ["before-431"]
    assert list(NOEL.follow(page(at=datetime(2026, 4, 10, tzinfo=UTC)))) == []
    (ask,) = NOEL.asks(date(2026, 4, 10), date(2026, 4, 1))
    (back,) = NOEL.follow(page(name=ask.name, at=datetime(2026, 5, 1, tzinfo=UTC)))
    assert back.name == "before-431-since-2026-04-01"
    assert [ask.name for ask in NOEL.follow(page(name="after-430"))] == ["after-438"]


def test_an_empty_page_has_no_posts_and_leads_nowhere() -> None:
    empty = page((FIXTURES / "telegram/empty.html").read_text("utf-8"))
    assert rows(NOEL, empty) == []
    assert (NOEL.older(empty), NOEL.newer(empty), list(NOEL.follow(empty))) == (None, None, [])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (page((FIXTURES / "telegram/contact.html").read_text("utf-8")), "not the preview"),
        (page(url="https://t.me/noel_reports"), "switched off"),
        (page(PAGE[:3_000]), "cut off"),
        (page(PAGE.replace("noel_reports/433", "other/433")), "another channel"),
        (page(PAGE.replace("noel_reports/433", "noel_reports/x")), "a post named"),
        (page(PAGE.replace("noel_reports/433", "noel_reports/431")), "stands twice"),
        (page(PAGE.replace('datetime="2026-04-09T08:00:00+00:00"', "")), "times of posting"),
        (page(PAGE.replace("2026-04-09T08:00:00+00:00", "2026-04-09T08:00:00")), "times of posting"),
        (page(PAGE.replace("<main", '<!-- data-post="x/1" --><main')), "posts in the bytes"),
        (page(PAGE.replace("First line", "<b>" * 300 + "deep")), "."),
        (document(b"\xff\xfe" + PAGE.encode(), "latest", URL), "UTF-8"),
    ],
)
def test_other_pages_are_named(found: Document, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(NOEL, found)


def test_entities_of_a_document_type_are_not_read() -> None:
    hostile = PAGE.replace("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    made = posts(NOEL, page(hostile.replace("First line", "First &x; line")))
    assert "root:" not in made[0].text


def test_a_report_of_the_night_is_read_from_its_page() -> None:
    found = document(
        "telegram/kpszsu.html", "latest", "https://t.me/s/kpszsu", datetime(2027, 1, 1, 8, tzinfo=UTC)
    )
    made = readings(FORCE, found)
    assert {period for _, period in made} == {"2026-12-31..2027-01-01"}
    values = {
        series.removeprefix("strikes.night."): (row.value, row.status) for (series, _), row in made.items()
    }
    assert values == {
        "drones.launched": (62, "P"),
        "drones.intercepted": (53, "P"),
        "missiles.launched": (None, "M"),
        "missiles.intercepted": (1, "P"),
        "loitering_munitions.launched": (3, "P"),
        "loitering_munitions.intercepted": (3, "P"),
        "hit_locations": (11, "P"),
        "debris_locations": (5, "P"),
    }
    floor = made["strikes.night.missiles.launched", "2026-12-31..2027-01-01"]
    assert (floor.low, floor.printed) == (6, "4")
    assert {series for series, _ in made} <= catalog.load().series.keys()
    assert {row.known_on for row in made.values()} == {date(2027, 1, 1)}


REPORT = (
    "ЗБИТО/ПОДАВЛЕНО {headline}\nУ ніч на 24 червня (з 18:00 23 червня) противник атакував {came} із напрямків: Орел.\n\n"
    "Повітряний напад відбивали авіація.\n\nЗа попередніми даними, станом на 08:30, протиповітряною обороною "
    "збито/подавлено {down}.\n\nЗафіксовано влучання 6 ударних БпЛА на 5 локаціях, а також падіння уламків на 6 локаціях."
)


@pytest.mark.parametrize(
    ("headline", "came", "down", "expected"),
    [
        ("95 ВОРОЖИХ БПЛА", "101 ударним БпЛА типу Shahed", "95 ворожих БпЛА", {"drones": (101, 95)}),
        (
            "13 ЦІЛЕЙ",
            "двома протикорабельними ракетами Циркон/Онікс, шістьма балістичними ракетами Іскандер-М/С-400 та 14 БпЛА",
            "одну протикорабельну ракету Циркон/Онікс, шість балістичних ракет Іскандер-М/С-400 та 6 БпЛА",
            {"missiles": (8, 7), "drones": (14, 6)},
        ),
        (
            "РАКЕТУ Х-59 ТА 13 ВОРОЖИХ БПЛА",
            "балістичною ракетою Іскандер-М, керованою авіаційною ракетою Х-59 та 15 ударними БпЛА",
            "керовану авіаційну ракету Х-59 та 13 ворожих БпЛА",
            {"missiles": (2, 1), "drones": (15, 13)},
        ),
        (
            "15 ЦІЛЕЙ",
            "трьома керованими авіаційною ракетою Х-59/69, 20 ударними БпЛА (в т.ч. реактивними), баражуючими боєприпасами "
            "“Бандероль” та дронами-імітаторами",
            "12 БпЛА, 3 керовані авіаційні ракети Х-59/69, протирадіолокаційною ракетою Х-31 не досягла цілі",
            {"missiles": (3, 3), "drones": (20, 12)},
        ),
    ],
)
def test_numbers_are_digits_words_or_a_singular(
    headline: str, came: str, down: str, expected: dict[str, tuple[int, int]]
) -> None:
    made = night(REPORT.format(headline=headline, came=came, down=down))
    found = {
        kind: (made[f"{kind}.launched"].value, made[f"{kind}.intercepted"].value)
        for kind in ("missiles", "drones", "loitering_munitions")
        if f"{kind}.launched" in made
    }
    assert found == expected


def test_a_massive_strike_counts_its_list_once() -> None:
    made = night(
        "ЗБИТО/ПОДАВЛЕНО 21 ЦІЛЬ: 1 РАКЕТУ ТА 20 ВОРОЖИХ БПЛА\nУ ніч на 24 червня (з 18:00 23 червня), противник "
        "завдав удару із застосуванням ударних БпЛА, ракет.\n\n"
        "Усього зафіксовано 34 засоби повітряного нападу – 4 ракети і 30 БпЛА:\n\n"
        "- 3 крилаті ракети Х-101 (район пуску – Вологодська обл.);\n- 1 балістична ракета С-400;\n- 30 ударних БпЛА, "
        'баражуючих боєприпасів "Бандероль";\n\nПовітряний напад відбивали.\n\nстаном на 09:00 збито/подавлено '
        "21 ціль – 1 ракету та 20 безпілотників:\n\n- 1 крилату ракету Х-101;\n- 20 ворожих БпЛА.\n\n"
        "Зафіксовано влучання на 3 локаціях."
    )
    assert {name: row.value for name, row in made.items()} == {
        "missiles.launched": 4,
        "missiles.intercepted": 1,
        "drones.launched": 30,
        "drones.intercepted": 20,
        "hit_locations": 3,
    }


@pytest.mark.parametrize(
    ("headline", "came", "down", "said"),
    [
        ("96 ВОРОЖИХ БПЛА", "101 БпЛА", "95 БпЛА", "96 brought down by the headline, 95"),
        ("95 ЦІЛЕЙ", "101 БпЛА", "94 ціль – 1 ракету та 94 БпЛА", "brought down by the text"),
        ("95 БПЛА", "91 БпЛА", "95 БпЛА", "more drones brought down than came"),
        ("95 БПЛА", "невідомим", "95 БпЛА", "not in a known form"),
    ],
)
def test_a_report_that_contradicts_itself_has_no_values(
    headline: str, came: str, down: str, said: str
) -> None:
    made = night(REPORT.format(headline=headline, came=came, down=down))
    assert made
    assert {(row.value, row.status) for row in made.values()} == {(None, "M")}
    assert all(said in (row.note or "") for row in made.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("двадцятьма двома ракетами", Counted(0, 1, 2)),
        ("1 024 ракетами", Counted(0, 1, 2)),
        ("понад 200 ракетами", Counted(0, 1, 200)),
        ("близько 30 ракет", Counted(0, 1, 2)),
        ("балістичними ракетами С-400", Counted(0, 1, 2)),
        ("п’ятьма ракетами Х-59/69", Counted(5, 0, 0)),
        ("36 крилатими/авіаційними ракетами", Counted(36, 0, 0)),
    ],
)
def test_a_number_that_is_not_plain_is_a_floor(text: str, expected: Counted) -> None:
    assert count_inline(normal(text)) == {"missiles": expected}


def test_other_posts_and_other_nights_give_no_figures() -> None:
    text = REPORT.format(headline="95 БПЛА", came="101 БпЛА", down="95 БпЛА")
    assert night("Повітряна тривога!") == {}
    assert night(text, "2026-09-24T05:44:38+00:00") == {}, "a report quoted months later is not of that night"
    assert night(text.replace("24 червня", "31 червня")) == {}
    assert night(text * 80) == {}


def test_an_edited_report_became_known_when_it_was_read() -> None:
    text = REPORT.format(headline="95 БПЛА", came="101 БпЛА", down="95 БпЛА")
    assert {row.known_on for row in night(text, edited=True).values()} == {None}
    assert replace(posts(NOEL, page())[0], edited=True).stable_hash == posts(NOEL, page())[0].stable_hash
