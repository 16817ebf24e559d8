"""Statements made by hand, right and wrong, for tests at a node's public address.

Written from the published formats (RFC 8949, RFC 9052, RFC 9679) and shares nothing with the product:
a wrong byte can be put anywhere. Needs the Python package `cryptography`.
"""

import hashlib
import json
import time
import urllib.error
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


# --- Deterministic CBOR ----------------------------------------------------------------------


class Pairs(list):
    """A map written as it stands: neither sorted nor free of duplicates."""


class Tagged:
    """A tagged item."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


class Raw(bytes):
    """Bytes that are already CBOR."""


def head(major, number):
    """The shortest head."""
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("too large for CBOR")


def cbor(value):
    """RFC 8949 4.2.1: shortest heads, map keys in the order of their bytes."""
    if isinstance(value, Raw):
        return bytes(value)
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, Pairs):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value)
    if isinstance(value, (list, tuple)):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        entries = sorted((cbor(k), cbor(v)) for k, v in value.items())
        return head(5, len(entries)) + b"".join(k + v for k, v in entries)
    if isinstance(value, Tagged):
        return head(6, value.tag) + cbor(value.value)
    raise TypeError(type(value))


# --- Keys and signatures ---------------------------------------------------------------------


def derived_key(seed_file, context):
    """A key of the member or node whose seed is in the file: libsodium's crypto_kdf (BLAKE2b), number 1."""
    with open(seed_file, encoding="ascii") as file:
        master = bytes.fromhex(file.read().strip())
    salt = (1).to_bytes(8, "little") + bytes(8)
    person = context + bytes(8)
    seed = hashlib.blake2b(b"", digest_size=32, key=master, salt=salt, person=person).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def statement_key(seed_file):
    """A member's statement key."""
    return derived_key(seed_file, b"QLstmt__")


def public_bytes(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def thumbprint(key):
    """RFC 9679, for an Ed25519 key."""
    return hashlib.sha256(bytes.fromhex("a301012006215820") + public_bytes(key)).digest()


def sign(protected, payload, key, unprotected=None, tag=18):
    """A COSE_Sign1; `protected` and `payload` are encoded already."""
    signature = key.sign(cbor(["Signature1", protected, b"", payload]))
    return cbor(Tagged(tag, [protected, unprotected or {}, payload, signature]))


def entry_hash(statement):
    """The RFC 9162 leaf hash, in hexadecimal."""
    return hashlib.sha256(b"\x00" + statement).hexdigest()


class Member:
    """Somebody who signs statements for one ledger."""

    def __init__(self, member, origin, key):
        self.member, self.origin, self.key = member, origin, key

    def header(self, subject, kind="claim", **other):
        """The protected header as a dictionary; `origin`, `kid`, `alg`, `iat` may be replaced."""
        claims = {
            1: other.get("issuer", self.member),
            2: subject,
            3: other.get("origin", self.origin),
            6: other.get("iat", int(time.time())),
        }
        return {
            1: other.get("alg", -8),
            3: f"application/vnd.quota-ledger.{kind}+cbor",
            4: other.get("kid", thumbprint(self.key)),
            15: claims,
        }

    def statement(self, subject, body, kind="claim", **other):
        """A statement in the form that the ledger accepts."""
        key = other.pop("key", self.key)
        return sign(cbor(self.header(subject, kind, **other)), cbor(body), key)

    def approval(self, subject, body, kind):
        """Agreement to the encoded body of another one's statement: a COSE_Sign1 whose payload is left out."""
        protected = cbor(self.header(subject, f"{kind}.approval"))
        signature = self.key.sign(cbor(["Signature1", protected, b"", body]))
        return cbor(Tagged(18, [protected, {}, None, signature]))


def organisation(agency, other, name, country):
    """An organisation that two governments register."""
    body = cbor({"id": name, "location": country, "headquarters": country, "name": bytes(32)})
    approvals = [other.approval(name, body, "organisation")]
    return agency.statement(name, {"body": body, "approvals": approvals}, kind="organisation")


def claim(organisation, quantity=1, sku="h100-sxm", destination="KE", **other):
    """The body of a claim under a licence."""
    return {
        "authority": "LICENSE",
        "destination": destination,
        "parties": [{"role": "ultimate_consignee", "organisation": organisation}],
        "lines": [{"sku": sku, "quantity": quantity}],
        "exported": "2026-06-01",
        "evidence": [],
        **other,
    }


# --- HTTP ------------------------------------------------------------------------------------


class Answer:
    """What a node answered."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def problem(self):
        """The problem document, or {} if there is none."""
        try:
            document = json.loads(self.body)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def request(url, body=None, content_type="application/cose", accept="application/json", timeout=60):
    """One request; errors of HTTP are answers, errors of the connection are raised."""
    headers = {"Accept": accept}
    if body is not None:
        headers["Content-Type"] = content_type
    message = urllib.request.Request(url, data=body, headers=headers)
    try:
        with OPENER.open(message, timeout=timeout) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


# --- Checks, in the form that Tests/run counts ------------------------------------------------


class Checks:
    """Prints one line per check."""

    def __init__(self):
        self.failed = 0

    def expect(self, right, description, found=""):
        print(f"  {'pass' if right else 'FAIL'}  {description}" + ("" if right else f" ({found})"), flush=True)
        self.failed += not right
        return right
