"""Which addresses may be talked to, checked on the address that is connected to and not on a name alone.

A publisher's name may resolve to our own network (by mistake, by a redirect, or by an answer that changes between
the check and the connection). So the name is resolved here, every address judged, and the socket opened to the
address that was judged.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import Retry

from wareconomy.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
EMBEDDED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


def allowed(text: str, allow_loopback: bool = False) -> bool:
    """True for a public address. Loopback, private, link-local (metadata), shared and reserved ones are not."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in EMBEDDED[0]:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    if address.is_loopback:
        return allow_loopback
    return address.is_global and not (address.is_multicast or address.is_reserved)


def resolve(host: str, port: int, allow_loopback: bool = False) -> list[tuple[int, str]]:
    """Family and address of every answer for a name. Raises AddressRefused when any of them is not public."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    made = list(dict.fromkeys((int(family), str(where[0])) for family, _, _, _, where in found))
    for _, address in made:
        if not allowed(address, allow_loopback):
            raise AddressRefused(
                f"{host} leads to {address}, which is not a public address; nothing was sent"
            )
    return made


class _Guarded:
    """Mixed into urllib3's connections: judge, then connect; and give up on headers that never end."""

    allow_loopback = False
    header_seconds = 60.0

    def _new_conn(self) -> socket.socket:
        me: Any = self
        try:
            places = resolve(me._dns_host, me.port, self.allow_loopback)
        except OSError as error:
            raise NameResolutionError(me.host, me, error) from error  # type: ignore[arg-type]
        last: OSError | None = None
        for family, address in places:
            made = socket.socket(family, socket.SOCK_STREAM)
            try:
                for option in me.socket_options or ():
                    made.setsockopt(*option)
                if isinstance(me.timeout, (int, float)):
                    made.settimeout(me.timeout)
                made.connect((address, me.port))
                return made
            except OSError as error:
                made.close()
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(me, f"{me.host} did not answer within {me.timeout} s") from last
        raise NewConnectionError(me, f"{me.host} cannot be reached: {last}") from last

    def getresponse(self) -> Any:
        me: Any = self
        late = threading.Event()
        timer = threading.Timer(self.header_seconds, _hang_up, [me.sock, late])
        timer.daemon = True
        timer.start()
        try:
            made = super().getresponse()  # type: ignore[misc]
        finally:
            timer.cancel()
        if late.is_set():
            made.close()
            raise TimeoutError(f"the headers did not end within {self.header_seconds:.0f} s")
        return made


def _hang_up(held: socket.socket | None, late: threading.Event) -> None:
    late.set()
    try:
        if held:
            held.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


class GuardedAdapter(HTTPAdapter):
    """The transport of every request: guarded connections, and the retries it is given."""

    def __init__(self, retries: Retry, allow_loopback: bool, header_seconds: float = 60.0) -> None:
        facts = {"allow_loopback": allow_loopback, "header_seconds": header_seconds}
        plain = type("PlainConnection", (_Guarded, HTTPConnection), facts)
        secure = type("SecureConnection", (_Guarded, HTTPSConnection), facts)
        self._pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        super().__init__(max_retries=retries)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """One pool manager whose connections are guarded."""
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        manager.pool_classes_by_scheme = self._pools
        self.poolmanager = manager
