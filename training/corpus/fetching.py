"""Pages from addresses that people type or that sitemaps name: fetched politely, bounded, from public places only.

One at a time, by the rules of the host's robots.txt. Every address that a name resolves to must be public, the
connection goes to the very address that was looked at, and each redirect is looked at again: what stands behind a
firewall, or on this machine, cannot be reached by way of VoiceLab.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urljoin
from urllib.robotparser import RobotFileParser

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from training.corpus.reading.document import MAXIMUM_BYTES, ReadError

AGENT = "VoiceLab"
HEADERS = {
    "User-Agent": f"{AGENT} (imports a client's own published copy)",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
PORTS = {"http": 80, "https": 443}
REDIRECTS = 5
SILENCE_SECONDS, WHOLE_SECONDS = 10.0, 60.0
"""How long a server may say nothing, and how long one page may take in all."""
MAXIMUM_ROBOTS = 512 * 1024
SHUT = "User-agent: *\nDisallow: /"
LONGEST_PAUSE = 5.0
LONGEST_ADDRESS = 2_000
TRANSLATED = [
    ipaddress.ip_network(net)
    for net in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
]
"""IPv6 addresses that lead to IPv4 ones: mapped, NAT64, 6to4, Teredo, compatible."""


class FetchError(ReadError):
    """An address that cannot, or must not, be fetched; the message says why."""


@dataclass(frozen=True)
class Fetched:
    """A page as it came: where it was in the end, a name for it, and its bytes."""

    url: str
    name: str
    raw: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    reason: str
    headers: Mapping[str, str]
    raw: bytes


class Fetcher:
    """Fetches one page after another. `private` lifts the limits on addresses and ports, for intranets and tests."""

    def __init__(self, *, private: bool = False, pause: float = 0.5) -> None:
        self.private, self.pause = private, pause
        self.robots: dict[str, RobotFileParser | FetchError] = {}
        self.fetched_at: dict[str, float] = {}

    def fetch(self, address: str) -> Fetched:
        """The page at the address, redirects followed. Raises `FetchError`."""
        place = parsed(address, private=self.private)
        for _ in range(REDIRECTS + 1):
            self.ask_leave(place)
            answer = self.get(place, MAXIMUM_BYTES)
            if onward := onward_from(answer):
                place = parsed(urljoin(place.url, onward), private=self.private)
                continue
            if answer.status != 200:
                raise FetchError(f"the server answers {answer.status} {answer.reason}".rstrip() + ".")
            return Fetched(place.url, name_of(place), unpacked(answer.raw))
        raise FetchError("it leads from one address to the next without end.")

    def ask_leave(self, place: Url) -> None:
        """Wait as long as the host wishes. Raises `FetchError` where its robots.txt says no."""
        host = place.netloc or ""
        key = f"{place.scheme}://{host}"
        if key not in self.robots:
            try:
                self.robots[key] = self.rules_of(place)
            except FetchError as error:  # of five hundred pages on a dead host, only the first waits for it
                self.robots[key] = error
        rules = self.robots[key]
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(AGENT, place.url):
            raise FetchError(f"the robots.txt of {host} asks programs not to fetch it.")
        wished = float(rules.crawl_delay(AGENT) or 0)
        since = time.monotonic() - self.fetched_at.get(host, float("-inf"))
        time.sleep(max(0.0, min(max(self.pause, wished), LONGEST_PAUSE) - since))
        self.fetched_at[host] = time.monotonic()

    def rules_of(self, place: Url) -> RobotFileParser:
        """The host's robots.txt (RFC 9309): none, or one that is not for us, leaves all open or all shut."""
        rules, at = RobotFileParser(), parsed(urljoin(place.url, "/robots.txt"), private=self.private)
        for _ in range(REDIRECTS + 1):
            answer = self.get(at, MAXIMUM_ROBOTS, cut=True)
            if not (onward := onward_from(answer)):
                break
            at = parsed(urljoin(at.url, onward), private=self.private)
        if answer.status >= 500:
            raise FetchError(f"the robots.txt of {place.netloc} cannot be read now. Try again later.")
        text = answer.raw.decode(errors="replace") if answer.status == 200 else ""
        rules.parse((SHUT if answer.status in (401, 403) else text).splitlines())
        return rules

    def get(self, place: Url, limit: int, *, cut: bool = False) -> Answer:
        """One request, to an address that was looked at. More than `limit` bytes are refused, or with `cut` left."""
        connection = self.connected(place)
        # Against a server that drips: its every byte comes in time, and its page never.
        end = time.monotonic() + WHOLE_SECONDS
        guard = threading.Timer(WHOLE_SECONDS, hang_up, [connection.sock])
        guard.daemon = True
        guard.start()
        try:
            headers = {**HEADERS, "Host": place.netloc or ""}
            connection.request("GET", place.request_uri, headers=headers, preload_content=False)
            response = connection.getresponse()
            raw = bytearray()
            while len(raw) <= limit and (part := response.read1(65_536)):
                raw += part
            if time.monotonic() >= end:  # where we hung up looks like the end of the page
                raise TimeoutError
            if len(raw) > limit and not cut:
                raise FetchError(f"it is larger than {limit // 2**20} MB.")
            return Answer(response.status, response.reason or "", response.headers, bytes(raw[:limit]))
        except (HTTPError, OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            if isinstance(error, FetchError):
                raise
            raise FetchError(f"{place.host} broke off, or took longer than {WHOLE_SECONDS:.0f} seconds.") from error
        finally:
            guard.cancel()
            connection.close()

    def connected(self, place: Url) -> HTTPConnection:
        """A connection to the first of the host's addresses that answers, all of them looked at before."""
        host, port = (place.host or "").strip("[]"), place.port or PORTS[place.scheme or ""]
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"there is no server called {host}.") from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not self.private and not all(map(is_public, addresses)):
            raise FetchError(f"{host} is inside a private network, where VoiceLab fetches nothing.")
        problem = ""
        for address in addresses[:3]:
            connection = HTTPConnection(address, port, timeout=SILENCE_SECONDS)
            if place.scheme == "https":
                context = ssl.create_default_context()
                connection = HTTPSConnection(
                    address, port, timeout=SILENCE_SECONDS, ssl_context=context, server_hostname=host
                )
            try:
                connection.connect()
                return connection
            except (HTTPError, OSError) as error:
                connection.close()
                certificate = isinstance(error.__cause__ or error, ssl.SSLError) or "certificate" in str(error).lower()
                problem = f"{host} shows no valid certificate." if certificate else f"{host} does not answer."
        raise FetchError(problem)


def parsed(address: str, *, private: bool = False) -> Url:
    """The address in its parts. Raises `FetchError` for one that VoiceLab never asks, before anything is looked up."""
    if len(address) > LONGEST_ADDRESS:
        raise FetchError(f"its address is longer than {LONGEST_ADDRESS:,} characters.")
    try:
        place = parse_url(address.strip())
    except (LocationParseError, ValueError) as error:
        raise FetchError(f"{address[:200]} is no address.") from error
    if place.scheme not in PORTS or not place.host:
        raise FetchError(f"{address[:200]} is no address of a page; write it as https://example.com/blog.")
    if place.auth:
        raise FetchError("an address with a name or password in it is not fetched.")
    if place.port and place.port not in PORTS.values() and not private:
        raise FetchError(f"only ports 80 and 443 are asked, not {place.port}.")
    return place._replace(fragment=None)


def is_public(address: str) -> bool:
    """Whether the internet at large finds this address."""
    found = ipaddress.ip_address(address)
    translated = found.version == 6 and any(found in net for net in TRANSLATED)
    return found.is_global and not found.is_multicast and not found.is_reserved and not translated


def onward_from(answer: Answer) -> str:
    """Where a redirect leads; "" for an answer that is none."""
    return answer.headers.get("Location", "") if answer.status in (301, 302, 303, 307, 308) else ""


def unpacked(raw: bytes) -> bytes:
    """The bytes of a file that is kept as gzip, as large sitemaps are."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    with suppress(zlib.error):
        found = zlib.decompressobj(31).decompress(raw, MAXIMUM_BYTES + 1)
        if len(found) > MAXIMUM_BYTES:
            raise FetchError(f"it would unpack to more than {MAXIMUM_BYTES // 2**20} MB.")
        return found
    return raw


def name_of(place: Url) -> str:
    """The last part of the path says what a page is about; the start page is named after its host."""
    parts = [part for part in unquote(place.path or "").replace("\0", "").split("/") if part.strip()]
    return " ".join((parts[-1] if parts else place.host or "page").split())[:200]


def hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
