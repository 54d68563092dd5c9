"""Sealing what bidders send: authenticated encryption with a key per tender. Pure; knows no model.

Each tender has its own random 256-bit key. Content is sealed with AES-256-GCM, and the tender, the bidder and the part
are authenticated with it, so that a sealed part cannot be moved to another bid, swapped or edited unnoticed. The
tender's key is itself wrapped with a key derived from the portal's SECRET_KEY by HKDF.

What this protects: a database dump, a backup, the files on disk, the log and every screen of the buyer and of the
administrators before bids are opened. What it does NOT protect against: whoever operates the running code holds
SECRET_KEY and can unwrap the key. `KeyScheme.PORTAL` names this scheme in the stored key, so that a later release can
add one in which two of several openers must each bring a share, beside the tenders sealed under this one.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class BrokenSeal(Exception):
    """The content was changed, belongs to another place, or was sealed with another key."""


@dataclass(frozen=True)
class Context:
    """Where a sealed part belongs. It is authenticated, not stored: opening needs the same three again."""

    tender: str
    bidder: str
    part: str

    def encoded(self) -> bytes:
        return "|".join((self.tender, self.bidder, self.part)).encode()


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def seal(key: bytes, content: bytes, context: Context) -> bytes:
    """A fresh nonce, then the ciphertext with its tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, context.encoded())


def unseal(key: bytes, sealed: bytes, context: Context) -> bytes:
    """The content; BrokenSeal unless key, content and context are the ones it was sealed with."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encoded())
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal("This sealed content is damaged or does not belong here.") from error


def wrap(key: bytes, secret: str, tender: str) -> bytes:
    """A tender's key, sealed under the portal's secret."""
    return seal(_wrapping_key(secret, tender), key, Context(tender, "", "key"))


def unwrap(wrapped: bytes, secrets: list[str], tender: str) -> bytes:
    """The tender's key. Older secrets are tried after the present one, so that SECRET_KEY can be rotated."""
    for secret in secrets:
        try:
            return unseal(_wrapping_key(secret, tender), wrapped, Context(tender, "", "key"))
        except BrokenSeal:
            continue
    raise BrokenSeal("None of the portal's secrets opens this tender's key.")


def _wrapping_key(secret: str, tender: str) -> bytes:
    derivation = HKDF(SHA256(), KEY_BYTES, salt=tender.encode(), info=b"psp-portal tender key 1")
    return derivation.derive(secret.encode())
