"""Where the portal may send to: https, a host that the operator named, and an address on the public internet.

A webhook is a way to make the portal call something (server-side request forgery): so the host must stand in
`WEBHOOK_HOSTS`, every address its name has now must be public, and the connection is made to the address that was
looked at, never to what the name says a moment later.
"""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

HTTPS_PORT = 443
# Addresses of IPv6 that hold another one of IPv4, which they may lead to: NAT64, 6to4, Teredo.
_CARRIERS = [ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
# Never of the public internet, though the standard library calls them global: site-local (RFC 3879), for examples
# (RFC 9637), and the relays of 6to4 (RFC 7526).
_OTHERS = [ipaddress.ip_network(n) for n in ("fec0::/10", "3fff::/20", "192.88.99.0/24")]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """The portal does not send there. The message is a sentence for the screen."""


@dataclass(frozen=True)
class Target:
    """An address taken apart. `secure` is false only in a trial on this machine."""

    host: str
    port: int
    path: str
    secure: bool


def target_of(address: str, *, hosts: Collection[str], on_loopback: bool) -> Target:
    """Take an address apart, or say why it is not used. Asks no name server."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotAllowed("This is no address. It begins with https:// and a host’s name.") from None
    host = (parts.hostname or "").lower()
    secure = parts.scheme == "https"
    if not host or (not secure and not (on_loopback and parts.scheme == "http")):
        raise NotAllowed("The address must begin with https:// and a host’s name.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("Leave out names, passwords and anything after a “#”.")
    if any(mark <= " " or mark == "\x7f" for mark in address) or not address.isascii():
        raise NotAllowed("An address has no spaces and only plain letters: write others in their encoded form.")
    if host not in {one.lower() for one in hosts}:
        raise NotAllowed(f"The portal does not send to {host}. An operator of the portal can add it to the list.")
    if port is not None and port != HTTPS_PORT and not on_loopback:
        raise NotAllowed("Leave out the port: the portal sends to the usual one only.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or (HTTPS_PORT if secure else 80), path, secure)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and of one machine there."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    if any(address in network for network in _OTHERS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def check(address: Address, *, on_loopback: bool) -> None:
    """Refuse an address that is not public; in a trial this machine's own are the only others."""
    if not is_public(address) and not (on_loopback and address.is_loopback):
        raise NotAllowed(f"Its name leads to {address}, which is not on the public internet.")


def resolve(target: Target, *, on_loopback: bool) -> list[str]:
    """Every address of the host now, each of them checked: one that is not public spoils them all."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for one in addresses:
        check(ipaddress.ip_address(one.partition("%")[0]), on_loopback=on_loopback)
    return addresses
