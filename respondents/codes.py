"""Invitation codes and receipts: 80 random bits that a person can type, and the digests stored of them.

A code is sixteen signs of Crockford's base 32 and a check sign (the number modulo 37), written in groups:
``7Q2M-K0TR-XW4E-9ZHB-C``. Reading forgives case, spaces, hyphens, and O/0, I/L/1.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
BITS = 80
SIGNS = 16
_READ = {sign: index for index, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


class BadCode(ValueError):
    """What was typed is not a code: a sign is missing, added or wrong."""


def encode(value: int) -> str:
    """The code of an 80-bit number, ungrouped.

    >>> encode(0), encode(2**80 - 1)
    ('00000000000000000', 'ZZZZZZZZZZZZZZZZ6')
    """
    signs = "".join(ALPHABET[(value >> shift) & 31] for shift in range(BITS - 5, -1, -5))
    return signs + CHECK_ALPHABET[value % 37]


def decode(typed: str) -> int:
    """The number of a code as a person typed it. Raises `BadCode`."""
    signs = [sign for sign in typed.upper() if sign not in " -\t\r\n\u00a0\u202f\u2011"]
    if len(signs) != SIGNS + 1 or any(sign not in _READ for sign in signs[:-1]):
        raise BadCode(typed)
    value = 0
    for sign in signs[:-1]:
        value = value << 5 | _READ[sign]
    check = CHECK_ALPHABET[value % 37]
    last = signs[-1]
    if last != check and not (last in _READ and ALPHABET[_READ[last]] == check):
        raise BadCode(typed)
    return value


def grouped(code: str) -> str:
    """As it is shown: four signs at a time, the check sign last."""
    return "-".join([*(code[at : at + 4] for at in range(0, SIGNS, 4)), code[SIGNS:]])


def new_code() -> str:
    return encode(secrets.randbits(BITS))


@lru_cache
def _key(purpose: str) -> bytes:
    """A key of its own for each purpose, from the secret that is never in the database."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"santesurvey:{purpose}".encode())
    return derive.derive(settings.COLLECTION_KEY.encode())


def code_digest(value: int) -> bytes:
    """What the database knows of an invitation code."""
    return hmac.digest(_key("invitation"), value.to_bytes(10, "big"), "sha256")


def ballot_digest(receipt: int) -> bytes:
    """What the database knows of a receipt while its answers are in the box."""
    return hmac.digest(_key("receipt"), receipt.to_bytes(10, "big"), "sha256")


def after_shuffle(digest: bytes) -> bytes:
    """What becomes of a ballot's digest at the shuffle.

    A copy of the box, in a backup or in the write-ahead log, then has nothing in common with the responses
    for whoever lacks the key.
    """
    return hmac.digest(_key("response"), digest, "sha256")


def receipt_digest(receipt: int) -> bytes:
    """What the database knows of a receipt once its answers are a response."""
    return after_shuffle(ballot_digest(receipt))


def draft_digest(key_id: bytes) -> bytes:
    """What the database knows of the key id of a draft."""
    return hmac.digest(_key("draft"), key_id, "sha256")


def draft_name(code: int, slug: str) -> bytes:
    """The name under which the page keeps the draft of *code* (its twin: frontend/src/respondent/vault.js)."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=slug.encode(), info=b"santesurvey draft name 1")
    return derive.derive(encode(code).encode())


def code_of_seed(seed: bytes, number: int) -> int:
    """The *number*-th code of a batch: the first 80 bits of HMAC-SHA256(seed, number)."""
    return int.from_bytes(hmac.digest(seed, number.to_bytes(4, "big"), hashlib.sha256)[:10], "big")


def seal(purpose: str, content: bytes) -> bytes:
    """Encrypt for the database with AES-256-GCM; the key is not in the database."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(f"seal:{purpose}")).encrypt(nonce, content, None)


def unseal(purpose: str, sealed: bytes | memoryview) -> bytes:
    content = bytes(sealed)
    return AESGCM(_key(f"seal:{purpose}")).decrypt(content[:12], content[12:], None)
