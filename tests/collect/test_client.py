"""The client against a publisher that plays every trap."""

from __future__ import annotations

import gzip
import hashlib
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.collect import replay as traps
from tests.collect.conftest import FAST
from tests.collect.replay import Replay, Reply

from wareconomy import errors
from wareconomy.collect import accept, guard, policy
from wareconomy.collect.ask import Ask
from wareconomy.collect.client import Client, Validators

BODY = b"month,value\n2026-10,1.5\n"


@pytest.fixture
def fetch(tmp_path: Path, client: Client, publisher: Replay) -> Callable[..., Any]:
    """Fetch a path and judge what came."""

    def call(path: str = "/doc.csv", **facts: Any) -> tuple[Any, bytes]:
        who = facts.pop("client", client)
        validators = facts.pop("validators", None)
        facts.setdefault("media", ("text/csv",))
        ask = Ask("doc", publisher.url + path, **facts)
        answer = who.fetch(ask, tmp_path, validators)
        if answer.body is None:
            accept.status(answer.status, ask) if answer.status != 304 else None
            return answer, b""
        assert (
            accept.body(answer.body.path, answer.body.size, answer.media_type, ask, answer.status) is not None
        )
        data = answer.body.path.read_bytes()
        assert hashlib.sha256(data).hexdigest() == answer.body.sha256
        return answer, data

    return call


def test_a_document_comes_whole_with_who_we_are(fetch: Any, publisher: Replay) -> None:
    publisher.serve("/doc.csv", Reply(BODY))
    answer, data = fetch()
    assert (data, answer.media_type, answer.status) == (BODY, "text/csv", 200)
    headers = publisher.asked[-1][2]
    assert "wareconomy/" in headers["User-Agent"]
    assert "tests@example.org" in headers["User-Agent"]
    assert "python-requests" not in headers["User-Agent"]


def test_bytes_are_never_decoded(fetch: Any, publisher: Replay) -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?><ValCurs name="Рынок"></ValCurs>'.encode("cp1251")
    for media in (
        "application/xml; charset=windows-1251",
        "application/xml",
        "application/xml; charset=utf-8",
    ):
        publisher.serve("/x.xml", Reply(body, media=media))
        assert fetch("/x.xml", media=("application/xml",))[1] == body


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "deflate", "raw deflate", "two members"])
def test_packed_bodies_unpack(fetch: Any, publisher: Replay, packing: str) -> None:
    import zlib

    raw = zlib.compressobj(wbits=-15)
    packed = {
        "deflate": zlib.compress(BODY),
        "raw deflate": raw.compress(BODY) + raw.flush(),
        "two members": gzip.compress(BODY[:5]) + gzip.compress(BODY[5:]),
    }.get(packing, gzip.compress(BODY))
    name = "deflate" if "deflate" in packing else "gzip"
    publisher.serve("/doc.csv", Reply(packed, headers={"Content-Encoding": name}))
    assert fetch()[1] == BODY


def test_large_packed_bodies_unpack_whole(fetch: Any, publisher: Replay) -> None:
    body = b"a,b\n" + b"0" * (3 * (1 << 20)) + bytes(range(256)) * 5000
    publisher.serve("/doc.csv", Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"}))
    assert fetch()[1] == body


def test_a_known_version_is_not_sent_again(fetch: Any, publisher: Replay) -> None:
    publisher.serve("/doc.csv", Reply(BODY, versioned=True))
    answer, _ = fetch()
    again, _ = fetch(validators=Validators(answer.etag))
    assert again.unchanged
    assert again.body is None


WALLS: dict[str, tuple[Reply, type[errors.CollectError]]] = {
    "region block, 503": (Reply(traps.WAF.encode(), 503, "text/html"), errors.BotWall),
    "region block, 200": (Reply(traps.WAF.encode(), 200, "text/html"), errors.BotWall),
    "region block in windows-1251": (Reply(traps.WAF.encode("cp1251"), 200, "text/html"), errors.BotWall),
    "browser check as data": (Reply(traps.BROWSER_CHECK.encode(), 200, "text/csv"), errors.BotWall),
    "login page": (Reply(traps.LOGIN.encode(), 200, "text/html"), errors.LoginPage),
    "401": (Reply(b"who?", 401, "text/plain"), errors.LoginPage),
    "403": (Reply(b"no", 403, "text/plain"), errors.Blocked),
    "html on 200": (Reply(b"<!DOCTYPE html><html><body>News</body></html>"), errors.HtmlInstead),
    "404": (Reply(b"gone", 404, "text/plain"), errors.WrongStatus),
    "500": (Reply(b"oops", 500, "text/plain"), errors.Unreachable),
    "json for csv": (Reply(b"[1, 2]", 200, "application/json"), errors.WrongMedia),
    "arcgis error": (Reply(b'{"error":{"code":400,"message":"Invalid"}}', 200, "text/csv"), errors.ErrorObject),
    "world bank error": (Reply(b'[{"message":[{"id":"120","value":"x"}]}]', 200, "text/csv"), errors.ErrorObject),
    "validation error": (Reply(b'{"message":"Block Code"}', 200, "text/csv"), errors.ErrorObject),
    "soap fault": (Reply(b"<soap:Envelope><soap:Fault>x</soap:Fault></soap:Envelope>"), errors.ErrorObject),
    "empty": (Reply(b""), errors.StubPage),
    "cut, length given": (Reply(BODY * 50, cut=100), errors.CutBody),
    "cut inside a chunk": (Reply(play=traps.chunked_cut), errors.CutBody),
    "cut gzip": (Reply(gzip.compress(BODY * 50)[:-9], headers={"Content-Encoding": "gzip"}), errors.CutBody),
    "cut json": (Reply(b'{"a": [1, 2', 200, "text/csv"), errors.CutBody),
    "cut xml": (Reply(b'<?xml version="1.0"?><a><b>1</b', 200, "text/csv"), errors.CutBody),
    "cut pdf": (Reply(b"%PDF-1.4 ...", 200, "text/csv"), errors.CutBody),
    "cut zip": (Reply(traps.zip_of([("a.csv", BODY * 100)])[:-30]), errors.CutBody),
    "endless": (Reply(play=traps.endless), errors.TooLarge),
    "dripping": (Reply(play=traps.dripping), errors.Unreachable),
    "endless headers": (Reply(play=traps.half_headers), errors.Unreachable),
    "gzip bomb": (Reply(traps.gzip_bomb(60), headers={"Content-Encoding": "gzip"}), errors.TooLarge),
    "zip bomb": (Reply(traps.zip_of([("a.csv", b"0" * (50 << 20))])), errors.TooLarge),
    "brotli": (Reply(b"xx", headers={"Content-Encoding": "br"}), errors.WrongMedia),
    "xml entities": (Reply(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), errors.Unsafe),
    "redirect to loopback name": (Reply(status=302, headers={"Location": "http://localhost:1/x"}), errors.AddressRefused),
    "redirect to metadata": (
        Reply(status=302, headers={"Location": "http://169.254.169.254/latest"}), errors.AddressRefused),
    "redirect to a file": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), errors.AddressRefused),
    "redirect in a circle": (Reply(status=302, headers={"Location": "/doc.csv"}), errors.Unreachable),
}  # fmt: skip


@pytest.mark.parametrize("name", WALLS)
def test_what_is_no_document_has_a_name(fetch: Any, publisher: Replay, name: str) -> None:
    reply, kind = WALLS[name]
    publisher.serve("/doc.csv", reply)
    started = time.monotonic()
    with pytest.raises(errors.CollectError) as caught:
        fetch(max_bytes=1_000_000)
    assert type(caught.value) is kind, caught.value
    assert time.monotonic() - started < 6


def test_marks_sizes_and_refusals(fetch: Any, publisher: Replay) -> None:
    publisher.serve("/doc.csv", Reply(BODY))
    with pytest.raises(errors.NoMarker):
        fetch(marker=b"federal budget")
    with pytest.raises(errors.StubPage):
        fetch(min_bytes=500)
    with pytest.raises(errors.ErrorObject):
        fetch(refuse=(b"2026-10",))
    with pytest.raises(errors.WrongMedia):
        fetch(first=(b"PK\x03\x04",))
    assert fetch(first=(b"month",), marker=b"2026", min_bytes=5)[1] == BODY
    publisher.serve("/doc.csv", Reply(b"\xef\xbb\xbf" + BODY))
    assert fetch(first=(b"month",))[1].endswith(BODY)


def test_nothing_published_is_no_failure_and_no_document(fetch: Any, publisher: Replay) -> None:
    publisher.serve("/doc.csv", Reply(status=204, media=""))
    assert fetch()[0].body is None
    publisher.serve("/doc.csv", Reply(b"", 404, "text/plain"))
    assert fetch(absent=(404,))[0].body is None


def test_a_page_may_hold_the_word_captcha(fetch: Any, publisher: Replay) -> None:
    page = b'<!DOCTYPE html><html><script src="captcha.js"></script><table class="data"></table></html>'
    publisher.serve("/p", Reply(page, media="text/html"))
    assert fetch("/p", media=("text/html",), marker=b'class="data"')[1] == page


def test_429_is_waited_for_and_a_long_wait_is_not(fetch: Any, publisher: Replay) -> None:
    slow_down = Reply(b"slow down", 429, "text/plain", {"Retry-After": "1"})
    publisher.serve("/doc.csv", slow_down, Reply(BODY))
    started = time.monotonic()
    assert fetch()[1] == BODY
    assert time.monotonic() - started >= 1
    publisher.serve("/doc.csv", replace(slow_down, headers={"Retry-After": "3600"}), Reply(BODY))
    with pytest.raises(errors.RateLimited):
        fetch()
    publisher.serve("/doc.csv", replace(slow_down, headers={}))
    with pytest.raises(errors.RateLimited):
        fetch()


def test_one_request_at_a_time_and_a_pause_between(
    tmp_path: Path, publisher: Replay, request: pytest.FixtureRequest
) -> None:
    publisher.latency = 0.02
    publisher.serve("/doc.csv", Reply(BODY))
    client = Client(replace(FAST, default=replace(FAST.default, pace=0.05)))
    request.addfinalizer(client.close)
    started = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: client.fetch(Ask("a", publisher.url + "/doc.csv"), tmp_path), range(5)))
    assert publisher.most_busy == 1
    assert time.monotonic() - started >= 4 * 0.05 + 5 * 0.02


def test_a_server_that_is_down_is_unreachable(tmp_path: Path, client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(errors.Unreachable):
            client.fetch(Ask("a", f"http://127.0.0.1:{taken.getsockname()[1]}/"), tmp_path)
    with pytest.raises(errors.Unreachable):
        client.fetch(Ask("a", "http://no-such-host.invalid/"), tmp_path)


def test_redirects_go_only_to_hosts_the_source_names(fetch: Any, publisher: Replay) -> None:
    with traps.replay() as other:
        other.serve("/new.csv", Reply(BODY))
        goal = f"http://localhost:{other.port}/new.csv"
        publisher.serve("/doc.csv", Reply(status=301, headers={"Location": goal}))
        with pytest.raises(errors.AddressRefused, match="does not name"):
            fetch()
        answer, data = fetch(
            hosts=("localhost",), headers={"Authorization": "Basic abcdef", "X-Plain": "yes"}
        )
        assert data == BODY
        assert answer.url == goal
        assert len(answer.hops) == 1
        headers = other.asked[-1][2]
        assert "Authorization" not in headers
        assert headers["X-Plain"] == "yes"


def test_loopback_is_refused_unless_a_test_allows_it(fetch: Any, publisher: Replay) -> None:
    publisher.serve("/doc.csv", Reply(BODY))
    strict = Client(replace(FAST, allow_loopback=False))
    with pytest.raises(errors.AddressRefused, match="not a public address"):
        fetch(client=strict)
    assert publisher.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.5.5", "169.254.169.254", "100.100.100.200", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not guard.allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "185.71.65.1"])
def test_addresses_that_are_public(address: str) -> None:
    assert guard.allowed(address)


def test_the_address_judged_is_the_address_connected_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name that answers with a public address first and a private one later gains nothing: it is asked once."""
    answers = iter([[(2, 1, 6, "", ("93.184.216.34", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    asked, tried = [], []

    def look_up(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return next(answers)

    def connect(self: socket.socket, place: Any) -> None:
        tried.append(place[0])
        raise OSError(101, "unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    client = Client(replace(FAST, allow_loopback=False, retries=1))
    with pytest.raises(errors.AddressRefused):  # the retry's answer is judged anew
        client.fetch(Ask("a", "http://rebind.example/"), tmp_path)
    assert tried == ["93.184.216.34"]
    assert asked == ["rebind.example"] * 2


def test_certificates_are_verified_and_a_host_may_have_its_own_bundle(
    tmp_path: Path, client: Client, certificate: tuple[Path, Path]
) -> None:
    key, ca = certificate
    with traps.replay() as made:
        made.serve("/doc.csv", Reply(BODY))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca, key)
        made.server.socket = context.wrap_socket(made.server.socket, server_side=True)
        url = f"https://localhost:{made.port}/doc.csv"
        with pytest.raises(errors.Unreachable, match="certificate cannot be verified"):
            client.fetch(Ask("a", url), tmp_path)
        trusting = Client(replace(FAST, hosts={"localhost": replace(FAST.default, ca=str(ca))}))
        answer = trusting.fetch(Ask("a", url), tmp_path)
        trusting.close()
        assert answer.body is not None
        assert answer.body.path.read_bytes() == BODY


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a self-signed certificate for localhost."""
    import shutil
    import subprocess

    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("tls")
    key, ca = folder / "key.pem", folder / "ca.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(ca)],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, ca


def test_secrets_reach_the_server_and_nothing_else(
    fetch: Any, publisher: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "pa/ss word+1234"
    monkeypatch.setenv("EXAMPLE_KEY", secret)
    facts: dict[str, Any] = {
        "params": {"apikey": "{env:EXAMPLE_KEY}"},
        "headers": {"X-Key": "{env:EXAMPLE_KEY}"},
    }
    publisher.serve("/doc.csv", Reply(BODY))
    answer, _ = fetch(**facts)
    assert publisher.asked[-1][2]["X-Key"] == secret
    assert "pa%2Fss" in publisher.asked[-1][1]
    assert "apikey=***" in answer.url
    echo = Reply(f'{{"error": "bad key {secret}"}}'.encode(), 200, "text/csv")
    publisher.serve("/doc.csv", echo)
    with pytest.raises(errors.CollectError) as caught:
        fetch(**facts)
    client = Client(FAST)
    client.secrets.fill("{env:EXAMPLE_KEY}")
    assert secret not in client.secrets.clean(str(caught.value))
    with pytest.raises(errors.SecretMissing, match="NOBODY_SET_THIS"):
        fetch(params={"k": "{env:NOBODY_SET_THIS}"})


def test_policy_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wareconomy.toml").write_text(
        '[network]\ncontact = "desk@example.org"\nretries = 1\n[hosts."rosstat.gov.ru"]\nca = "certs/root.pem"\npace = 3\n'
    )
    made = policy.load(tmp_path)
    assert made.host("www.rosstat.gov.ru").ca == str(tmp_path / "certs" / "root.pem")
    assert made.host("www.cbr.ru").pace == 0.8
    assert made.host("example.org").pace == 0.5
    assert "desk@example.org" in made.agent("example.org")
    monkeypatch.setenv("WARECONOMY_CONTACT", "night@example.org")
    assert "night@example.org" in policy.load(tmp_path).agent("example.org")
    (tmp_path / "wareconomy.toml").write_text('[hosts."a.b"]\nverify = false\n')
    with pytest.raises(errors.LedgerError, match="unknown key verify"):
        policy.load(tmp_path)
