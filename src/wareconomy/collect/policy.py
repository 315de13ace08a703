"""How we behave towards each host: who we say we are, how fast we ask, how long we wait, which certificates we trust.

Defaults stand in `catalog/hosts.toml`; a data directory may override them in `wareconomy.toml` beside `data/`:

    [network]
    contact = "data-desk@example.org"       # printed in the User-Agent
    [hosts."rosstat.gov.ru"]
    ca = "certs/state-root.pem"             # relative to the data directory
    pace = 2.0                              # seconds between two requests
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from wareconomy import catalog
from wareconomy.errors import LedgerError

DEFAULTS = Path(catalog.__file__).parent / "hosts.toml"
OWN = "wareconomy.toml"
PROJECT = "open ledger of the war economy"


@dataclass(frozen=True, slots=True)
class Host:
    """One host's terms: seconds between requests, for a connection, for silence and for the whole answer."""

    pace: float = 0.5
    connect: float = 10.0
    read: float = 30.0
    total: float = 300.0
    ca: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the client has to know beside the question itself."""

    contact: str = ""
    user_agent: str = ""
    default: Host = field(default_factory=Host)
    hosts: Mapping[str, Host] = field(default_factory=dict)
    retries: int = 2
    backoff: float = 0.5
    longest_wait: float = 60.0
    allow_loopback: bool = False

    def host(self, name: str) -> Host:
        """The terms of a host: its own, else those of the nearest domain above it, else the default."""
        parts = name.lower().split(".")
        for cut in range(len(parts) - 1 or 1):
            found = self.hosts.get(".".join(parts[cut:]))
            if found:
                return found
        return self.default

    def agent(self, name: str) -> str:
        """The User-Agent for a host: a name, a version and whom to write to."""
        return self.host(name).user_agent or self.user_agent or _agent(self.contact)


def _agent(contact: str) -> str:
    from wareconomy import __version__

    # Several publishers answer only to "Mozilla"; crawlers say who they are in this form.
    return (
        f"Mozilla/5.0 (compatible; wareconomy/{__version__}; {PROJECT}{'; +' + contact if contact else ''})"
    )


def load(root: Path) -> Policy:
    """The policy of a data directory: defaults, then its own file, then the environment.

    WARECONOMY_CONTACT and WARECONOMY_USER_AGENT name us; WARECONOMY_ALLOW_LOOPBACK=1 is for tests.
    Raises LedgerError when a file has a key nobody knows.
    """
    body = _merge(_read(DEFAULTS), _read(root / OWN))
    network = dict(body.get("network", {}))
    names = {item.name for item in fields(Policy)} - {"default", "hosts", "allow_loopback"}
    shared = {key: network.pop(key) for key in list(network) if key in names}
    default = _host(network, "network", Host(), root)
    hosts = {
        name.lower(): _host(entry, f'hosts."{name}"', default, root)
        for name, entry in body.get("hosts", {}).items()
    }
    policy = Policy(default=default, hosts=hosts, **shared)
    return replace(
        policy,
        contact=os.environ.get("WARECONOMY_CONTACT", policy.contact),
        user_agent=os.environ.get("WARECONOMY_USER_AGENT", policy.user_agent),
        allow_loopback=os.environ.get("WARECONOMY_ALLOW_LOOPBACK") == "1",
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path}: {error}") from error


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    made = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(made.get(key), dict)
        made[key] = _merge(made[key], value) if both else value
    return made


def _host(entry: Mapping[str, Any], what: str, default: Host, root: Path) -> Host:
    known = {item.name for item in fields(Host)}
    extra = set(entry) - known
    if extra:
        raise LedgerError(
            f"{OWN}, [{what}]: unknown key {', '.join(sorted(extra))}; there are {', '.join(sorted(known))}"
        )
    made = replace(default, **entry)
    return replace(made, ca=str(root / made.ca)) if made.ca and "ca" in entry else made
