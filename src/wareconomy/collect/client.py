"""Polite HTTP: one request at a time per host and not too fast, certificates always verified, redirects by hand.

    client = Client(policy)
    answer = client.fetch(ask, folder, Validators(etag='"a1"'))

`answer.body` is None when nothing came that is new: `unchanged` after a 304, `nothing` after a 204 or what the ask
calls absent. Whatever else is wrong is an error of the CollectError tree.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.util import Retry

from wareconomy.collect.ask import Ask
from wareconomy.collect.body import Body, spool
from wareconomy.collect.guard import GuardedAdapter
from wareconomy.collect.policy import Host, Policy
from wareconomy.collect.redact import PLACE, Secrets
from wareconomy.errors import AddressRefused, CollectError, RateLimited, Unreachable

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

REDIRECTS = {301, 302, 303, 307, 308}
MOST_HOPS = 5
NEVER_FORWARDED = {"authorization", "cookie", "proxy-authorization"}
RETRIED = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last answer said of its version."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came. `url` is where it came from in the end, fit to be written down."""

    status: int
    url: str
    hops: tuple[str, ...]
    media_type: str
    etag: str | None
    last_modified: str | None
    seconds: float
    body: Body | None

    @property
    def unchanged(self) -> bool:
        """True after a 304."""
        return self.status == 304


class Turns:
    """One request at a time per host, and a pause between two of them."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._free: dict[str, float] = {}
        self._sleep = sleep

    @contextmanager
    def turn(self, host: str, pace: float) -> Iterator[None]:
        """Wait for the host's turn; hold it for the length of the block."""
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            wait = self._free.get(host, 0.0) - time.monotonic()
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self._free[host] = time.monotonic() + pace


class Patience(Retry):
    """urllib3's retry, which here refuses a wait longer than a run has and spreads its own waits."""

    longest = 60.0

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds to wait as the server says. Raises RateLimited when that is too long."""
        try:
            wait = super().get_retry_after(response)
        except Exception:  # a date or number nobody can read
            return None
        if wait is not None and wait > self.longest:
            raise RateLimited(f"the server asks us to wait {wait:.0f} s; the next run will ask again")
        return wait

    def get_backoff_time(self) -> float:
        """The usual growing wait, a quarter longer at most, so that many runs do not come back together."""
        return float(super().get_backoff_time()) * (1 + random.random() / 4)


class Client:
    """Fetches documents. One client serves many threads; each thread has its own connections."""

    def __init__(self, policy: Policy, turns: Turns | None = None) -> None:
        self.policy = policy
        self.secrets = Secrets()
        self.turns = turns or Turns()
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        kind = type("PatienceOf", (Patience,), {"longest": policy.longest_wait})
        self._retries: Retry = kind(
            total=policy.retries,
            backoff_factor=policy.backoff,
            status_forcelist=RETRIED,
            allowed_methods=None,
            redirect=False,
            raise_on_status=False,
            respect_retry_after_header=True,
        )

    def close(self) -> None:
        """Close every connection; call it when no thread fetches any more."""
        while self._sessions:
            self._sessions.pop().close()
        self._local = threading.local()

    def fetch(self, ask: Ask, folder: Path, validators: Validators | None = None) -> Answer:
        """Ask once (with retries), follow allowed redirects, and spool the body into `folder`."""
        started = time.monotonic()
        try:
            return self._fetch(ask, folder, validators or Validators(), started)
        except CollectError as error:
            raise type(error)(self.secrets.clean(str(error))) from None
        except requests.RequestException as error:
            raise Unreachable(self.secrets.clean(_reason(error, ask))) from None

    def _fetch(self, ask: Ask, folder: Path, validators: Validators, started: float) -> Answer:
        url = self.secrets.fill(ask.url)
        params: Mapping[str, str] | None = {key: self.secrets.fill(text) for key, text in ask.params.items()}
        method, body = ask.method, ask.body
        if body is not None and PLACE.search(body.decode("latin-1")):
            body = self.secrets.fill(body.decode("utf-8")).encode()
        headers = self._headers(ask, validators)
        secret = {key for key, text in ask.headers.items() if PLACE.search(text)}
        hops: list[str] = []
        home = first = _place(url)
        while True:
            here = _place(url)
            self._permit(url, first, ask)
            terms = self.policy.host(here[1])
            if here[:2] != home[:2]:
                headers = {
                    k: v for k, v in headers.items() if k.lower() not in NEVER_FORWARDED and k not in secret
                }
            headers["User-Agent"] = self.policy.agent(here[1])
            with self.turns.turn(f"{here[1]}:{here[2]}", terms.pace):
                response = self._send(method, url, params, headers, body, terms)
                try:
                    goal = response.headers.get("Location")
                    if response.status_code not in REDIRECTS or not goal:
                        return self._answer(response, ask, folder, hops, terms, started)
                finally:
                    response.close()
            hops.append(self.secrets.address(url))
            if len(hops) > MOST_HOPS:
                raise Unreachable(
                    f"more than {MOST_HOPS} redirects, the last to {self.secrets.address(goal)}"
                )
            url, params, home = urljoin(response.url, goal), None, here
            if response.status_code == 303 or (response.status_code in {301, 302} and method == "POST"):
                method, body = "GET", None

    def _headers(self, ask: Ask, validators: Validators) -> dict[str, str]:
        made = {"Accept-Encoding": "gzip, deflate", "Accept": ", ".join(ask.media) or "*/*"}
        made |= {key: self.secrets.fill(text) for key, text in ask.headers.items()}
        if validators.etag:
            made["If-None-Match"] = validators.etag
        if validators.last_modified:
            made["If-Modified-Since"] = validators.last_modified
        return made

    def _permit(self, url: str, first: tuple[str, str, int], ask: Ask) -> None:
        """The host is the ask's own or one it names, the scheme is no weaker, the port is a usual one."""
        scheme, host, port = _place(url)
        shown = self.secrets.address(url)
        if scheme not in {"http", "https"} or "@" in urlsplit(url).netloc:
            raise AddressRefused(f"{shown} is not a plain web address")
        if host != first[1] and not any(
            host == name or (name.startswith(".") and host.endswith(name)) for name in ask.hosts
        ):
            raise AddressRefused(
                f"the server redirects to {host}, which the source does not name; nothing was sent"
            )
        if first[0] == "https" and scheme == "http":
            raise AddressRefused(f"the server redirects to {shown}, which is not encrypted")
        if port not in {80, 443, first[2]} and not self.policy.allow_loopback:
            raise AddressRefused(f"the server redirects to port {port} of {host}")

    def _send(
        self, method: str, url: str, params: Any, headers: Any, body: bytes | None, terms: Host
    ) -> requests.Response:
        session = self._session()
        prepared = session.prepare_request(
            requests.Request(method, url, params=params or None, headers=headers, data=body)
        )
        return session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(terms.connect, terms.read),
            verify=terms.ca or True,
            proxies={},
        )

    def _session(self) -> requests.Session:
        found: requests.Session | None = getattr(self._local, "session", None)
        if found is None:
            found = requests.Session()
            found.trust_env = False
            found.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            adapter = GuardedAdapter(self._retries, self.policy.allow_loopback, self.policy.default.total)
            found.mount("http://", adapter)
            found.mount("https://", adapter)
            self._local.session = found
            self._sessions.append(found)
        return found

    def _answer(
        self,
        response: requests.Response,
        ask: Ask,
        folder: Path,
        hops: list[str],
        terms: Host,
        started: float,
    ) -> Answer:
        status = response.status_code
        kept = None
        if status not in {204, 304} and status not in ask.absent:
            path = folder / uuid.uuid4().hex
            try:
                kept = spool(response.raw, path, ask.max_bytes, time.monotonic() + terms.total)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        return Answer(
            status=status,
            url=self.secrets.address(response.url),
            hops=tuple(hops),
            media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            seconds=round(time.monotonic() - started, 3),
            body=kept,
        )


def _place(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return (
        parts.scheme.lower(),
        (parts.hostname or "").lower(),
        port or (443 if parts.scheme == "https" else 80),
    )


def _reason(error: requests.RequestException, ask: Ask) -> str:
    host = urlsplit(ask.url).hostname or ask.url
    if isinstance(error, requests.exceptions.SSLError):
        return (
            f"{host}: its certificate cannot be verified. If the state's own authority signs it, "
            f'name that bundle in wareconomy.toml: [hosts."{host}"] ca = "..."'
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"{host}: no connection in time"
    if isinstance(error, requests.exceptions.ReadTimeout):
        return f"{host}: no answer in time"
    if isinstance(error, requests.exceptions.ConnectionError):
        return f"{host}: no connection, or it broke before an answer"
    return f"{host}: {type(error).__name__}"
