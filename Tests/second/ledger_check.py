#!/usr/bin/env python3
"""Checks what a quota ledger says, in one file, with nothing of the product.

A second implementation, written from the published formats: Python's standard library and, for one call
that checks an Ed25519 signature, the package `cryptography`. It is an oracle for the first one and an example
for a third: README.md beside it says what each part is for and how to do the same in another language.

    ledger_check.py receipt FILE --policy FILE [--genesis FILE]
    ledger_check.py total FILE --policy FILE [--country C] [--limit L] [--period P]
    ledger_check.py checkpoint FILE --policy FILE
    ledger_check.py consistency --old FILE --new FILE [--proof FILE] --policy FILE
    ledger_check.py audit (--folder FOLDER | --url ADDRESS) --policy FILE [--state FILE] [--total FILE]...

Exit codes: 0 proven, 1 disproven, 2 wrong usage, 3 could not tell (a file or an address could not be read).
"""

import argparse
import base64
import hashlib
import itertools
import json
import os
import re
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections import Counter

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Disproven(Exception):
    """What was given is wrong; the text says where and why."""


class Unreadable(Exception):
    """Nothing is known, because something could not be read."""


def require(condition, problem):
    if not condition:
        raise Disproven(problem)


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# --- Deterministic CBOR (RFC 8949 4.2.1) -----------------------------------------------------

DEPTH_MAX, ITEMS_MAX = 32, 1 << 20


class Tagged:
    """A tagged item."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


def head(major, number):
    """The shortest head."""
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("too large for CBOR")


def encode(value):
    """The one encoding of a value: shortest heads, map keys in the order of their bytes."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, (list, tuple)):
        return head(4, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(
            k + v for k, v in sorted((encode(k), encode(v)) for k, v in value.items())
        )
    if isinstance(value, Tagged):
        return head(6, value.tag) + encode(value.value)
    raise TypeError(type(value))


class Decoder:
    """Reads one item; refuses every second spelling, floats, indefinite lengths and excess of depth or items."""

    def __init__(self, data, what):
        self.data, self.at, self.what, self.items = data, 0, what, 0

    def fail(self, problem):
        raise Disproven(f"{self.what}: CBOR at byte {self.at}: {problem}")

    def take(self, count):
        if count > len(self.data) - self.at:
            self.fail("the data ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, extra):
        if extra < 24:
            return extra
        if extra > 27:
            self.fail("an indefinite length or a reserved head")
        size = 1 << extra - 24
        value = int.from_bytes(self.take(size), "big")
        if value < (24 if size == 1 else 1 << 4 * size):
            self.fail("a number that is not in its shortest form")
        return value

    def item(self, depth=0):
        self.items += 1
        if depth > DEPTH_MAX or self.items > ITEMS_MAX:
            self.fail("too deep or too many items")
        first = self.take(1)[0]
        major, extra = first >> 5, first & 31
        if major == 7:
            if first not in (0xF4, 0xF5, 0xF6):
                self.fail("a float or a simple value that the ledger does not use")
            return {0xF4: False, 0xF5: True, 0xF6: None}[first]
        number = self.number(extra)
        if major < 2:
            return number if major == 0 else -1 - number
        if major == 2:
            return self.take(number)
        if major == 3:
            try:
                return self.take(number).decode("utf-8")
            except UnicodeDecodeError:
                self.fail("text that is not UTF-8")
        if major == 6:
            return Tagged(number, self.item(depth + 1))
        if number > len(self.data) - self.at:
            self.fail("more items than bytes")
        return [self.item(depth + 1) for _ in range(number)] if major == 4 else self.map(number, depth)

    def map(self, count, depth):
        result, last = {}, b""
        for _ in range(count):
            start = self.at
            key = self.item(depth + 1)
            spelling = self.data[start : self.at]
            if isinstance(key, bool) or not isinstance(key, (int, str)):
                self.fail("a map key that is neither a number nor text")
            if spelling <= last:
                self.fail("map keys that are repeated or not in order")
            last = spelling
            result[key] = self.item(depth + 1)
        return result


def decode(data, what):
    """The value whose one encoding `data` is."""
    decoder = Decoder(bytes(data), what)
    value = decoder.item()
    if decoder.at != len(data):
        decoder.fail("bytes after the end")
    return value


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64


def is_one(value):
    return is_number(value) and value == 1


def is_digest(value):
    return isinstance(value, bytes) and len(value) == 32


def is_map(value):
    return isinstance(value, dict)


def is_bytes(value):
    return isinstance(value, bytes)


def is_algorithm(value):
    """EdDSA or Ed25519."""
    return value in (-8, -19)


def is_text(value):
    return isinstance(value, str) and 0 < len(value.encode()) <= 1024


def fields(value, what, required, optional=()):
    """Checks that a map has exactly these fields; `required` and `optional` map a name to a test."""
    require(isinstance(value, dict), f"{what}: expected a map")
    tests = {**required, **dict(optional)}
    for name in value:
        require(name in tests, f"{what}: there is no field {name!r}")
    for name in required:
        require(name in value, f"{what}: the field {name!r} is missing")
    for name, item in value.items():
        require(tests[name](item), f"{what}: the field {name!r} has the wrong form")
    return value


# --- Ed25519: canonical S, canonical A of prime order, R not of small order, no cofactor ------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
# The y of the eight points of small order: the identity, one point of order 2, two of order 4, four of order 8.
ORDER_8_Y = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL_Y = {1, P - 1, 0, ORDER_8_Y, P - ORDER_8_Y}


def add(a, b):
    """RFC 8032 5.1.4, extended coordinates."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    m, n = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def is_neutral(point):
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def point(data):
    """The point with this encoding, or None: RFC 8032 5.1.3, second spellings refused."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P == P - u:
        x = x * pow(2, (P - 1) // 4, P) % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


KNOWN_KEYS = {}


def is_key(data):
    """The registration rule: 32 bytes, canonical, on the curve, of prime order, not the identity."""
    if not is_digest(data):
        return False
    if data not in KNOWN_KEYS:
        found = point(data)
        KNOWN_KEYS[data] = found is not None and not is_neutral(found) and is_neutral(times(ORDER, found))
    return KNOWN_KEYS[data]


def is_signed(key, signature, message):
    """Whether `signature` is the strict signature of `message` by `key`."""
    if len(signature) != 64 or not is_key(key):
        return False
    if int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    if (int.from_bytes(signature[:32], "little") & (1 << 255) - 1) % P in SMALL_Y:
        return False
    try:
        # OpenSSL computes enc(S·B − h·A) and compares it with R byte by byte: no cofactor, no second spelling.
        Ed25519PublicKey.from_public_bytes(key).verify(bytes(signature), message)
        return True
    except InvalidSignature:
        return False


def thumbprint(key):
    """RFC 9679, for an Ed25519 key."""
    return sha256(bytes.fromhex("a301012006215820"), key)


# --- RFC 9162 tree ---------------------------------------------------------------------------

EMPTY_TREE = sha256()


def leaf_hash(data):
    return sha256(b"\x00", data)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def tree_root(hashes):
    """The root over leaf hashes, by halving complete subtrees from the left."""
    if not hashes:
        return EMPTY_TREE
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


def climb(fn, sn, path, what, own, other=None):
    """The walk of RFC 9162 2.1.3.2 and 2.1.4.2: gives both hashes at the end."""
    for hash_ in path:
        require(sn != 0, f"{what}: the path is too long")
        if fn & 1 or fn == sn:
            own = node_hash(hash_, own)
            other = other and node_hash(hash_, other)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        elif other:
            other = node_hash(other, hash_)
        else:
            own = node_hash(own, hash_)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, f"{what}: the path is too short")
    return own, other


def inclusion_root(index, size, leaf, path, what):
    """The root to which a path leads; the exact length of the path is checked first."""
    require(index < size, f"{what}: leaf {index} is not in a tree of size {size}")
    shift = (index ^ (size - 1)).bit_length()
    require(
        len(path) == shift + bin(index >> shift).count("1"),
        f"{what}: the path has another length than index and size ask for",
    )
    return climb(index, size - 1, path, what, leaf)[0]


def check_consistency(m, old_root, n, new_root, path, what):
    """RFC 9162 2.1.4.2."""
    require(0 < m <= n, f"{what}: the sizes {m} and {n} are not in order")
    if m == n:
        require(not path, f"{what}: trees of one size need no path")
        require(old_root == new_root, f"{what}: two roots for one size {n}: whoever signed both is guilty")
        return
    require(path, f"{what}: the path is empty")
    hashes = ([old_root] if m & (m - 1) == 0 else []) + path
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    own, other = climb(fn, sn, hashes[1:], what, hashes[0], hashes[0])
    require(own == old_root, f"{what}: the path does not lead to the earlier root")
    require(other == new_root, f"{what}: the path does not lead to the later root")


# --- State map: Jellyfish parameters, formats.md section 3 -----------------------------------

EMPTY_MAP = b"SPARSE_MERKLE_PLACEHOLDER_HASH__"


def map_leaf(path, value_hash):
    return sha256(b"JMT::LeafNode", path, value_hash)


def map_inner(left, right):
    return sha256(b"JMT::IntrnalNode", left, right)


def bit(path, depth):
    return path[depth // 8] >> 7 - depth % 8 & 1


def map_root(entries):
    """The root over a dictionary from key bytes to value bytes."""

    def root(leaves, depth):
        if not leaves:
            return EMPTY_MAP
        if len(leaves) == 1:
            return map_leaf(*leaves[0])
        middle = next((i for i, leaf in enumerate(leaves) if bit(leaf[0], depth)), len(leaves))
        return map_inner(root(leaves[:middle], depth + 1), root(leaves[middle:], depth + 1))

    return root(sorted((sha256(key), sha256(value)) for key, value in entries.items()), 0)


class MapProof:
    """`[1, key, value / null, terminal / null, depth, bitmap, [* bstr32]]`."""

    def __init__(self, data, what="map proof"):
        item = decode(data, what)
        require(
            isinstance(item, list) and len(item) == 7 and is_one(item[0]), f"{what}: expected seven items, version 1"
        )
        _, self.key, self.value, self.terminal, self.depth, self.bitmap, self.siblings = item
        require(isinstance(self.key, bytes), f"{what}: the key is no byte string")
        require(self.value is None or isinstance(self.value, bytes), f"{what}: the value is neither bytes nor null")
        if self.terminal is not None:
            good = isinstance(self.terminal, list) and len(self.terminal) == 2 and all(map(is_digest, self.terminal))
            require(good, f"{what}: the terminal is neither [path, value hash] nor null")
        require(is_number(self.depth) and self.depth <= 256, f"{what}: the depth is not 0 to 256")
        good = isinstance(self.bitmap, bytes) and len(self.bitmap) == (self.depth + 7) // 8
        require(good, f"{what}: the bitmap has another length than the depth asks for")
        self.left_out = [bool(bit(self.bitmap, i)) for i in range(self.depth)]
        spare = int.from_bytes(self.bitmap, "big") & (1 << 8 * len(self.bitmap) - self.depth) - 1
        require(spare == 0, f"{what}: spare bits of the bitmap are set")
        good = isinstance(self.siblings, list) and all(map(is_digest, self.siblings))
        require(
            good and len(self.siblings) == self.depth - sum(self.left_out),
            f"{what}: not as many siblings as depth and bitmap say",
        )
        require(EMPTY_MAP not in self.siblings, f"{what}: an empty sibling is listed instead of left out")
        require(
            self.depth == 0 or not self.left_out[0],
            f"{what}: the first sibling is empty, so the leaf would stand higher",
        )

    def check(self, root, what="map proof"):
        """Checks that the key has the value, or is absent, under `root`."""
        path = sha256(self.key)
        if self.value is not None:
            require(self.terminal is None, f"{what}: a present key has no terminal")
            current = map_leaf(path, sha256(self.value))
        elif self.terminal is not None:
            other = self.terminal[0]
            require(other != path, f"{what}: the terminal is the key itself")
            same = all(bit(other, i) == bit(path, i) for i in range(self.depth))
            require(same, f"{what}: the terminal does not stand where the key would")
            current = map_leaf(*self.terminal)
        else:
            current = EMPTY_MAP
        listed = iter(self.siblings)
        for i in range(self.depth):
            sibling = EMPTY_MAP if self.left_out[i] else next(listed)
            current = map_inner(sibling, current) if bit(path, self.depth - 1 - i) else map_inner(current, sibling)
        require(current == root, f"{what}: the path does not lead to the map root of the header")


# --- C2SP: base64, notes, keys, checkpoints, policies, tlog-proofs ---------------------------

DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}")
NOTE_BYTES_MAX, SIGNATURES_MAX = 1 << 20, 100


def unbase64(text, what, length=None):
    """RFC 4648 section 4 with padding; one spelling only."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Disproven(f"{what}: not base64") from None
    require(base64.b64encode(data).decode() == text, f"{what}: a second spelling of base64")
    require(length is None or len(data) == length, f"{what}: {len(data)} bytes instead of {length}")
    return data


def decimal(text, what):
    require(DECIMAL.fullmatch(text) and int(text) < 1 << 63, f"{what}: {text!r} is not a decimal number")
    return int(text)


def is_key_name(name):
    return name != "" and "+" not in name and not any(unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc") for c in name)


class NoteKey:
    """A verifier key `name+hash+base64(type || key)`; types 1 (log) and 4 (cosigner) are known."""

    def __init__(self, text):
        parts = text.split("+", 2)
        require(len(parts) == 3, f"the key {text!r} is not name+hash+key")
        self.name, hash_, key = parts
        require(is_key_name(self.name), f"the key {text!r} has no proper name")
        data = unbase64(key, f"the key of {self.name}", 33)
        self.type, self.key = data[0], data[1:]
        require(self.type in (1, 4), f"the key of {self.name} is of type {self.type}, not 1 or 4")
        require(is_key(self.key), f"the key of {self.name} is no acceptable Ed25519 key")
        self.id = sha256(self.name.encode(), b"\n", data)[:4]
        require(self.id.hex() == hash_, f"the key of {self.name} does not fit its hash {hash_}")

    def timestamp(self, signature, text):
        """The time that a signature states (0 for a log's), or None if the signature does not hold."""
        if self.type == 1:
            return 0 if is_signed(self.key, signature, text) else None
        if len(signature) != 72:
            return None
        when = int.from_bytes(signature[:8], "big")
        message = b"cosignature/v1\ntime %d\n" % when + text
        return when if when < 1 << 63 and is_signed(self.key, signature[8:], message) else None


class Note:
    """A signed note: text, and signatures as (name, key ID, bytes)."""

    def __init__(self, data, what="note"):
        require(len(data) <= NOTE_BYTES_MAX, f"{what}: too long")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Disproven(f"{what}: not UTF-8") from None
        require(not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", whole), f"{what}: control characters")
        text, empty, lines = whole.rpartition("\n\n")
        require(empty and text, f"{what}: no empty line between text and signatures")
        self.text = (text + "\n").encode()
        require(lines.endswith("\n"), f"{what}: the last line does not end")
        self.signatures = [self.line(line, what) for line in lines[:-1].split("\n")]
        require(len(self.signatures) <= SIGNATURES_MAX, f"{what}: more than {SIGNATURES_MAX} signatures")

    @staticmethod
    def line(line, what):
        match = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
        require(match and is_key_name(match[1]), f"{what}: {line[:40]!r} is no signature line")
        data = unbase64(match[2], f"{what}: the signature by {match[1]}")
        require(len(data) > 4, f"{what}: the signature by {match[1]} is too short")
        return match[1], data[:4], data[4:]


class Checkpoint:
    """Origin, size and root of a note's text, with the note."""

    def __init__(self, note, what="checkpoint"):
        lines = note.text.decode().split("\n")[:-1]
        require(len(lines) >= 3 and lines[0], f"{what}: expected origin, size and root")
        require(all(lines[3:]), f"{what}: an empty extension line")
        self.note, self.origin = note, lines[0]
        self.size = decimal(lines[1], f"{what}: size")
        self.root = unbase64(lines[2], f"{what}: root", 32)


class Policy:
    """A C2SP tlog-policy. What is wrong with it leaves everything unknown, hence `Unreadable`.

    `end` is the size of the tree beyond which it does not count, for the validators of an epoch that is over.
    """

    def __init__(self, data, end=None):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        self.end = end
        self.used = set()
        try:
            require(re.fullmatch(rb"[\x09\x0a\x20-\x7e\x80-\xff]*", data), "a character that a policy may not hold")
            require(data.endswith(b"\n"), "the last line does not end")
            for number, line in enumerate(data.split(b"\n"), 1):
                words = [] if re.match(rb"[ \t]*(#|$)", line) else re.split("[ \t]+", line.decode("utf-8").strip(" \t"))
                if words:
                    self.read(words, f"line {number}")
            require(self.logs, "there is no log")
            require(self.quorum is not None, "there is no quorum line")
        except (Disproven, UnicodeDecodeError) as problem:
            raise Unreadable(f"the trust policy: {problem}") from None

    def read(self, words, what):
        reader = {"log": self.log, "witness": self.witness, "group": self.group, "quorum": self.set_quorum}.get(
            words[0]
        )
        require(reader, f"{what}: there is no {words[0]!r} line")
        reader(words[1:], what)

    def log(self, words, what):
        require(len(words) in (1, 2), f"{what}: expected log <vkey> [<url>]")
        key = NoteKey(words[0])
        require(key.type == 1, f"{what}: not a log key")
        require(key.key not in [other.key for other in self.logs], f"{what}: a log key is repeated")
        self.logs.append(key)

    def witness(self, words, what):
        require(len(words) in (2, 3), f"{what}: expected witness <name> <vkey> [<url>]")
        name, key = self.new_name(words[0], what), NoteKey(words[1])
        require(key.type == 4, f"{what}: not a cosigner key")
        require(key.key not in [other.key for other in self.witnesses.values()], f"{what}: a witness key is repeated")
        self.witnesses[name] = key

    def group(self, words, what):
        require(len(words) >= 3, f"{what}: expected group <name> <threshold> <member>...")
        name, members = self.new_name(words[0], what), words[2:]
        for member in members:
            require(member in self.witnesses or member in self.groups, f"{what}: there is no {member!r} above")
            require(member not in self.used, f"{what}: {member!r} is in two groups")
            self.used.add(member)
        wanted = {"any": "1", "all": str(len(members))}.get(words[1], words[1])
        need = decimal(wanted, f"{what}: threshold")
        require(0 < need <= len(members), f"{what}: threshold {need} of {len(members)} members")
        self.groups[name] = (need, members)

    def new_name(self, name, what):
        require(
            name != "none" and name not in self.witnesses and name not in self.groups,
            f"{what}: the name {name!r} is taken",
        )
        return name

    def set_quorum(self, words, what):
        require(len(words) == 1 and self.quorum is None, f"{what}: expected one quorum line with one name")
        require(
            words[0] == "none" or words[0] in self.witnesses or words[0] in self.groups,
            f"{what}: there is no {words[0]!r} above",
        )
        self.quorum = words[0]

    def is_met(self, signed, name=None):
        """Whether the witnesses in `signed` make the quorum."""
        name = name or self.quorum
        if name in self.groups:
            need, members = self.groups[name]
            return sum(self.is_met(signed, member) for member in members) >= need
        return name == "none" or name in signed

    def log_keys(self, origin):
        return [key for key in self.logs if key.name == origin]

    def require_within(self, size, what):
        good = self.end is None or size <= self.end
        require(good, f"{what}: signed by the validators of an epoch that ended at size {self.end}")


class Signed:
    """A checkpoint that the policy accepts: who signed, and since when a quorum has."""

    def __init__(self, data, policy, what="checkpoint"):
        self.note = data if isinstance(data, Note) else Note(data, what)
        self.checkpoint = Checkpoint(self.note, what)
        logs = policy.log_keys(self.checkpoint.origin)
        require(logs, f"{what}: the policy lists no log {self.checkpoint.origin!r}")
        known = {(key.name, key.id): (key, None) for key in logs}
        known |= {(key.name, key.id): (key, name) for name, key in policy.witnesses.items()}
        self.logs, self.witnesses = [], {}
        for name, key_id, signature in self.note.signatures:
            key, witness = known.get((name, key_id), (None, None))
            if key is None:
                continue
            when = key.timestamp(signature, self.note.text)
            require(when is not None, f"{what}: the signature by the known key {name} does not hold")
            if witness is None:
                self.logs.append(key)
            else:
                self.witnesses[witness] = max(when, self.witnesses.get(witness, 0))
        require(self.logs, f"{what}: no log key of the policy signed it")
        policy.require_within(self.checkpoint.size, what)
        missing = f"of the policy's witnesses only these signed: {', '.join(sorted(self.witnesses)) or 'none'}"
        require(policy.is_met(self.witnesses), f"{what}: the quorum {policy.quorum!r} is not met: {missing}")
        times_ = sorted(set(self.witnesses.values()), reverse=True)
        quorate = (t for t in times_ if policy.is_met([w for w, s in self.witnesses.items() if s >= t]))
        self.time = next(quorate, None)

    def sentences(self):
        names = ", ".join(f"{name} ({utc(when)})" for name, when in sorted(self.witnesses.items()))
        yield f"Checkpoint: {self.checkpoint.origin}, size {self.checkpoint.size}, root {self.checkpoint.root.hex()}."
        yield f"Signed by {len(set(key.id for key in self.logs))} trusted log keys; cosigned by {names or 'nobody'}."


def utc(seconds):
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (ValueError, OverflowError):
        return f"second {seconds}"


class TlogProof:
    """A `.tlog-proof` file: extra, index, path and note."""

    def __init__(self, data, what="proof"):
        require(len(data) <= NOTE_BYTES_MAX, f"{what}: too long")
        top, empty, note = data.partition(b"\n\n")
        require(empty, f"{what}: no empty line before the checkpoint")
        try:
            lines = top.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Disproven(f"{what}: not ASCII") from None
        require(lines[0] == "c2sp.org/tlog-proof@v1", f"{what}: not a tlog-proof")
        self.extra, rest = None, lines[1:]
        if rest and rest[0].startswith("extra "):
            self.extra = unbase64(rest.pop(0)[6:], f"{what}: extra")
        require(rest and rest[0].startswith("index "), f"{what}: no index line")
        self.index = decimal(rest[0][6:], f"{what}: index")
        self.path = [unbase64(line, f"{what}: path", 32) for line in rest[1:]]
        require(len(self.path) <= 63, f"{what}: the path is too long")
        self.note = Note(note, f"{what}: checkpoint")


# --- Statements (COSE_Sign1, RFC 9943) -------------------------------------------------------

STATEMENT_BYTES_MAX, RECEIPT_BYTES_MAX, RECEIPTS_MAX = 65_535, 4_096, 64
MEMBER = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
SUBJECT = re.compile(r"[\x21-\x7e]{1,128}")
ORIGIN = re.compile(r"[\x21-\x2a\x2c-\x7e]{1,128}")
YEAR_10000 = 253_402_300_800
CONTENT_TYPE = re.compile(r"application/vnd\.quota-ledger\.([a-z]+)(\.approval)?\+cbor")


class Kind:
    """What the ledger fixes for a kind of statement."""

    def __init__(self, rank, approvals=False, subject=None, own=False, record="body", rules=False, node=False):
        self.rank = rank  # Its place in a block.
        self.approvals = approvals  # Whether the payload is {body, approvals} instead of the body itself.
        self.subject = subject  # The field of the body that the subject must equal; None if it is free.
        self.own = own  # Whether the subject belongs to the issuer, so that its key in the state map names the issuer.
        self.record = record  # What stands under its key: "body" and issuer, "leaf" hash only, or what the "rules" say.
        self.rules = rules  # Whether rules that are not applied here decide about a part of what it does.
        self.node = node  # Whether a node makes it, and signs with its log key.


KINDS = {
    "genesis": Kind(0, approvals=True, subject="origin", record="leaf"),
    "member": Kind(1, approvals=True, subject="id"),  # Never a leaf: inside genesis and proposals.
    "suspension": Kind(2, own=True, record="rules", rules=True),
    "proposal": Kind(3, approvals=True, own=True, record="rules", rules=True),
    "vote": Kind(4, approvals=True, own=True, record="leaf", rules=True),
    "organisation": Kind(5, approvals=True, subject="id", rules=True),
    "facility": Kind(6, subject="id", rules=True),
    "storage": Kind(7, own=True, rules=True),
    "inventory": Kind(8, approvals=True, subject="country", rules=True),
    "claim": Kind(9, own=True, record="rules", rules=True),
    "event": Kind(10, approvals=True, own=True, record="leaf", rules=True),
    "cancel": Kind(11, subject="claim", own=True, record="leaf", rules=True),
    "ready": Kind(12, own=True, rules=True, node=True),
    "evidence": Kind(13, rules=True, node=True),
}


def sign1(data, what):
    """The four items of a tagged COSE_Sign1, the protected header decoded as well."""
    item = decode(data, what)
    require(isinstance(item, Tagged) and item.tag == 18, f"{what}: not a tagged COSE_Sign1")
    parts = item.value
    require(isinstance(parts, list) and len(parts) == 4, f"{what}: expected four items")
    protected, unprotected, payload, signature = parts
    require(isinstance(protected, bytes) and protected, f"{what}: the protected header is no byte string")
    require(isinstance(unprotected, dict), f"{what}: the unprotected header is no map")
    require(payload is None or isinstance(payload, bytes), f"{what}: the payload is neither bytes nor null")
    require(isinstance(signature, bytes) and len(signature) == 64, f"{what}: the signature is not 64 bytes")
    return protected, decode(protected, f"{what}: protected header"), unprotected, payload, signature


def to_be_signed(protected, payload):
    return encode(["Signature1", protected, b"", payload])


class SignerHeader:
    """The protected header that statements and approvals share."""

    def __init__(self, header, what, approval=False):
        fields(header, f"{what}: protected header", {1: is_algorithm, 3: is_text, 4: is_digest, 15: is_map})
        self.kind, self.kid = self.kind_of(header[3], what, approval), header[4]
        claims = {
            1: lambda v: isinstance(v, str) and MEMBER.fullmatch(v),
            2: lambda v: isinstance(v, str) and SUBJECT.fullmatch(v),
            3: lambda v: isinstance(v, str) and ORIGIN.fullmatch(v),
            6: lambda v: is_number(v) and v < YEAR_10000,
        }
        fields(header[15], f"{what}: claims", claims)
        self.issuer, self.subject, self.origin, self.time = (header[15][label] for label in (1, 2, 3, 6))

    def kind_of(self, content_type, what, approval):
        match = CONTENT_TYPE.fullmatch(content_type)
        require(
            match and bool(match[2]) == approval and match[1] in KINDS,
            f"{what}: the content type {content_type!r} is none of the ledger's",
        )
        return match[1]


class Approval(SignerHeader):
    """Somebody's signature over the body of another one's statement: COSE_Sign1 with detached payload."""

    def __init__(self, data, what):
        self.protected, header, unprotected, payload, self.signature = sign1(data, what)
        require(
            unprotected == {} and payload is None,
            f"{what}: an approval has no unprotected header and a detached payload",
        )
        super().__init__(header, what, approval=True)

    def is_signed(self, body, key):
        return is_signed(key, self.signature, to_be_signed(self.protected, body))


class Statement(SignerHeader):
    """A signed statement as the log holds it, its receipts apart."""

    def __init__(self, data, what="statement", with_receipts=False):
        self.protected, header, unprotected, self.payload, self.signature = sign1(data, what)
        self.receipts = []
        if with_receipts and unprotected:
            fields(unprotected, f"{what}: unprotected header", {394: lambda v: isinstance(v, list)})
            self.receipts = unprotected[394]
            good = all(isinstance(item, bytes) for item in self.receipts) and 0 < len(self.receipts) <= RECEIPTS_MAX
            require(good, f"{what}: header 394 is no list of 1 to {RECEIPTS_MAX} byte strings")
        else:
            require(not unprotected, f"{what}: the unprotected header is not empty")
        require(isinstance(self.payload, bytes), f"{what}: the payload is missing")
        super().__init__(header, what)
        self.bytes = encode(Tagged(18, [self.protected, {}, self.payload, self.signature]))
        require(len(self.bytes) <= STATEMENT_BYTES_MAX, f"{what}: longer than an entry may be")
        self.leaf = leaf_hash(self.bytes)
        self.content(f"{what}: payload")

    def content(self, what):
        kind, value = KINDS[self.kind], decode(self.payload, what)
        self.body, self.approvals = self.payload, []
        if kind.approvals:
            fields(
                value, what, {"body": is_bytes, "approvals": lambda v: isinstance(v, list) and all(map(is_bytes, v))}
            )
            self.body = value["body"]
            self.approvals = [Approval(data, f"{what}: approval {i}") for i, data in enumerate(value["approvals"])]
            value = decode(self.body, f"{what}: body")
            names = [approval.issuer for approval in self.approvals]
            require(names == sorted(set(names)), f"{what}: approvers are repeated or not in order")
            for approval in self.approvals:
                same = (approval.kind, approval.subject, approval.origin) == (self.kind, self.subject, self.origin)
                require(same, f"{what}: the approval of {approval.issuer} is of another statement")
        require(
            isinstance(value, dict) and all(isinstance(key, str) for key in value),
            f"{what}: the body is no map with text keys",
        )
        if self.kind == "vote":
            on = value.get("on")
            require(
                isinstance(on, list) and all(map(is_text, on)) and "/".join(on) == self.subject,
                f"{what}: 'on' is not the subject",
            )
        elif self.kind == "evidence":
            member, pair = evidence_pair(value, what)
            require(self.subject == f"{pair[0][0]}.{member}", f"{what}: epoch and member are not the subject")
        elif kind.subject:
            require(value.get(kind.subject) == self.subject, f"{what}: the body's {kind.subject!r} is not the subject")
        else:
            require(IDENTIFIER.fullmatch(self.subject), f"{what}: the subject is no identifier")
        self.value = value

    @property
    def key(self):
        """The key of the state map that records the statement."""
        if self.kind == "genesis":
            return encode(["genesis"])
        return encode([self.kind, self.issuer, self.subject] if KINDS[self.kind].own else [self.kind, self.subject])

    @property
    def name(self):
        return f"{self.kind} '{self.subject}' by {self.issuer}"

    def is_signed(self, key):
        return is_signed(key, self.signature, to_be_signed(self.protected, self.payload))


# --- Votes -----------------------------------------------------------------------------------

NOTARIZE, NULLIFY, FINALIZE = 1, 2, 3
MEMBERS_MAX, VIEW_MAX = 256, 1 << 62


def is_vote(item):
    """`[epoch, kind, view, proposal or null, member, signature]`; a vote to give a view up names no proposal."""
    if not (isinstance(item, list) and len(item) == 6 and all(is_number(item[place]) for place in (0, 1, 2, 4))):
        return False
    _, kind, view, proposal, member, signature = item
    good = kind in (NOTARIZE, NULLIFY, FINALIZE) and 0 < view <= VIEW_MAX and member < MEMBERS_MAX
    good = good and (proposal is None if kind == NULLIFY else is_digest(proposal))
    return good and is_bytes(signature) and len(signature) == 64


def vote_message(chain, vote):
    """The 97 bytes that a vote signs."""
    epoch, kind, view, proposal = vote[:4]
    numbers = epoch.to_bytes(8, "big") + bytes([kind]) + view.to_bytes(8, "big")
    return b"QLEDGER-VOTE-V1\0" + chain + numbers + (proposal or bytes(32))


def evidence_pair(body, what):
    """The member that a body of evidence names, and two votes that nobody casts who keeps the rules."""
    is_pair = lambda v: isinstance(v, list) and len(v) == 2 and all(map(is_vote, v))  # noqa: E731
    fields(body, what, {"member": is_text, "votes": is_pair})
    first, second = body["votes"]
    require([first[n] for n in (0, 2, 4)] == [second[n] for n in (0, 2, 4)], f"{what}: votes of two places")
    kinds, differ = (first[1], second[1]), first[3] != second[3]
    good = kinds == (NULLIFY, FINALIZE) or (differ and kinds == (NOTARIZE, FINALIZE))
    if kinds in ((NOTARIZE, NOTARIZE), (FINALIZE, FINALIZE)):
        good = first[3] < second[3]
    require(good, f"{what}: the votes do not contradict each other, or are not in order")
    return body["member"], (first, second)


def check_evidence(body, chain, cards, what):
    """Checks that the validator which the votes name, among the cards of their epoch, signed both."""
    member, pair = evidence_pair(body, what)
    cards = sorted(cards, key=lambda card: card["id"])
    place = pair[0][4]
    require(place < len(cards) and cards[place]["id"] == member, f"{what}: {member} is not validator {place}")
    key = cards[place]["node"]["vote"]
    good = all(is_signed(key, vote[5], vote_message(chain, vote)) for vote in pair)
    require(good, f"{what}: {member} did not sign both votes")


# --- Receipts (RFC 9942) ---------------------------------------------------------------------


class Receipt:
    """One validator's statement that a leaf is in a tree; the protected claims repeat what the path says."""

    def __init__(self, data, what):
        require(len(data) <= RECEIPT_BYTES_MAX, f"{what}: too long")
        self.protected, header, unprotected, payload, self.signature = sign1(data, what)
        require(payload is None, f"{what}: the payload is not detached")
        tests = {1: is_algorithm, 4: is_digest, 15: is_map, 395: is_one}
        fields(header, f"{what}: protected header", tests)
        claims = {1: is_text, 2: is_text, 6: is_number, -70001: is_text, -70002: is_number, -70003: is_number}
        fields(header[15], f"{what}: claims", claims)
        self.kid = header[4]
        self.issuer, self.subject, self.time, self.origin, self.size, self.index = (
            header[15][label] for label in claims
        )
        fields(unprotected, f"{what}: unprotected header", {396: is_map})
        fields(
            unprotected[396],
            f"{what}: header 396",
            {-1: lambda v: isinstance(v, list) and len(v) == 1 and isinstance(v[0], bytes)},
        )
        proof = decode(unprotected[396][-1][0], f"{what}: inclusion proof")
        good = isinstance(proof, list) and len(proof) == 3 and is_number(proof[0]) and is_number(proof[1])
        require(
            good and isinstance(proof[2], list) and all(map(is_digest, proof[2])),
            f"{what}: the inclusion proof is not [size, index, [* hash]]",
        )
        require(0 < len(proof[2]) <= 63, f"{what}: the path is empty or too long")
        require(
            proof[:2] == [self.size, self.index], f"{what}: the signed claims say another size or index than the path"
        )
        self.path = proof[2]

    def check(self, statement, keys, what):
        """The root that the receipt's signer signed; `keys` maps a thumbprint to a key."""
        require(
            self.origin == statement.origin, f"{what}: of ledger {self.origin}, the statement is for {statement.origin}"
        )
        require(self.subject == statement.subject, f"{what}: its subject {self.subject!r} is not the statement's")
        root = inclusion_root(self.index, self.size, statement.leaf, self.path, what)
        good = is_signed(keys[self.kid], self.signature, to_be_signed(self.protected, root))
        require(good, f"{what}: its key did not sign the root to which the path leads")
        return root


def enough(count):
    """n - floor((n - 1) / 3)."""
    return count - (count - 1) // 3 if count else 0


def check_receipt(data, policy, genesis=None):
    """Says that a statement is in the ledger, or why that is not shown."""
    statement = Statement(data, with_receipts=True)
    keys = {thumbprint(key.key): key.key for key in policy.log_keys(statement.origin)}
    require(keys, f"the policy lists no log {statement.origin!r}")
    need, problems, agreed = enough(len(keys)), [], {}
    for number, data in enumerate(statement.receipts):
        what = f"receipt {number}"
        try:
            receipt = Receipt(data, what)
            if receipt.kid not in keys:
                problems.append(f"{what}: the policy does not list its key")
                continue
            root = receipt.check(statement, keys, what)
            agreed.setdefault((root, receipt.size, receipt.index), {})[receipt.kid] = receipt
        except Disproven as problem:
            problems.append(str(problem))
    place, signers = max(agreed.items(), key=lambda item: len(item[1]), default=(None, {}))
    require(
        len(signers) >= need,
        f"{len(signers)} of {len(keys)} trusted log keys signed one root, {need} are needed; " + "; ".join(problems),
    )
    policy.require_within(place[1], "receipts")
    when = sorted((receipt.time for receipt in signers.values()), reverse=True)[need - 1]
    lines = [
        f"The {statement.name} is leaf {place[2]} of {place[1]} in {statement.origin}.",
        f"Checked: {len(signers)} of {len(keys)} trusted log keys ({need} needed) signed the root to which the paths lead.",
        f"The root is {place[0].hex()}.",
    ]
    if genesis is None:
        lines.append("Not checked: the issuer's own signature; the log keys' holders vouch for it (give --genesis).")
    else:
        members = Genesis(genesis).members
        require(
            statement.issuer in members, f"{statement.issuer} is no founder of the genesis statement that was given"
        )
        key = members[statement.issuer]["statementKey"]
        require(
            statement.kid == thumbprint(key) and statement.is_signed(key),
            f"the signature of {statement.issuer} does not hold",
        )
        lines.append(f"Checked: {statement.issuer} signed it, with the key of the genesis statement.")
    lines += [f"Left out: {problem}." for problem in problems]
    lines.append("Not checked: what later leaves did about it.")
    return lines, when


# --- Opened values ---------------------------------------------------------------------------

DISCLOSURE, OPENINGS_MAX = "quota-ledger/disclosure@v1", 256


def salted_digests(value, name=None):
    """Every 32 bytes of a body that stand under a name, with the name, in the order of the body."""
    if is_digest(value):
        return [(name, value)] if name is not None else []
    if isinstance(value, list):
        return [found for item in value for found in salted_digests(item, name)]
    if isinstance(value, dict):
        return [
            found for key, item in value.items() for found in salted_digests(item, key if isinstance(key, str) else None)
        ]
    return []


def is_opening(value):
    """[salt, field, value]."""
    if not isinstance(value, list) or len(value) != 3:
        return False
    salt, field, text = value
    return (
        isinstance(salt, bytes) and len(salt) == 16
        and isinstance(field, str) and 0 < len(field.encode()) <= 128
        and isinstance(text, str) and len(text.encode()) <= 1 << 20
    )  # fmt: skip


def check_disclosure(data, policy, genesis=None):
    """Says that opened values belong to a statement in the ledger, or why that is not shown."""
    parts = decode(data, "disclosure")
    good = isinstance(parts, list) and len(parts) == 3 and parts[0] == DISCLOSURE
    require(good and is_bytes(parts[1]), "the disclosure is not [mark, statement, openings]")
    openings = parts[2]
    good = isinstance(openings, list) and 0 < len(openings) <= OPENINGS_MAX and all(map(is_opening, openings))
    require(good, "the openings are not [+ [salt, field, value]]")
    lines, when = check_receipt(parts[1], policy, genesis)
    digests = salted_digests(Statement(parts[1], with_receipts=True).value)
    opened = []
    for opening in openings:
        _, field, value = opening
        require(field in [name for name, _ in digests], f"the statement has no salted digest named {field!r}")
        digest = sha256(encode(opening))
        require((field, digest) in digests, f"the value given for {field!r} is not the one in the statement")
        opened.append(f"It says {field}: {value}")
    closed = [name for name, _ in digests if name not in [field for _, field, _ in openings]]
    return [*opened, *lines, f"Still closed: {', '.join(closed) or 'nothing'}."], when


# --- Headers and totals ----------------------------------------------------------------------

HEADER = {
    "ver": is_one, "height": is_number, "view": is_number, "time": is_number, "previousIndex": is_number,
    "first": is_number, "count": lambda v: is_number(v) and v > 0, "policyIndex": is_number,
    "proposer": lambda v: isinstance(v, str) and MEMBER.fullmatch(v),
    "previousHash": is_digest, "mapRoot": is_digest, "validators": is_digest,
}  # fmt: skip
HEADER_BYTES_MAX, BLOCK_STATEMENTS_MAX, BLOCK_BYTES_MAX = 1024, 2000, 1 << 20


def block_header(data, what="header"):
    """A header leaf, with `index` (its own place) added."""
    require(len(data) <= HEADER_BYTES_MAX, f"{what}: too long")
    header = fields(decode(data, what), what, HEADER)
    require(header["count"] <= BLOCK_STATEMENTS_MAX, f"{what}: too many statements")
    return {**header, "index": header["first"] + header["count"]}


def account_key(data, what):
    """Limit, subject and period of `["account", limit, subject..., period]`."""
    key = decode(data, f"{what}: key")
    good = (
        isinstance(key, list) and len(key) >= 3 and key[0] == "account" and all(isinstance(item, str) for item in key)
    )
    require(good, f"{what}: the key is not that of an account")
    return key[1], key[2:-1], key[-1]


BUCKETS = (
    "reserved", "licensed", "in_transit", "delivered", "shortfall", "disputed", "lost", "returned", "retired",
    "expired", "passed_on",
)  # fmt: skip
AMOUNT_BOUND = 1 << 52


def is_buckets(value):
    """One number for each bucket; zeros at the end are left out."""
    good = isinstance(value, list) and len(value) <= len(BUCKETS) and all(map(is_number, value))
    return good and sum(value) < AMOUNT_BOUND and value[-1:] != [0]


def is_count(value):
    """A number that is left out when it is 0."""
    return is_number(value) and 0 < value < AMOUNT_BOUND


ACCOUNT = {"unit": lambda v: v in ("tpp", "units"), "asOf": is_number, "amounts": is_buckets, "chips": is_buckets}
ACCOUNT_OPTIONAL = {"cap": is_number, "released": is_count, "releasedChips": is_count, "overrides": is_count}


def account_total(data, what):
    total = fields(decode(data, what), what, ACCOUNT, ACCOUNT_OPTIONAL)
    for released, held in (("released", "amounts"), ("releasedChips", "chips")):
        require(total.get(released, 0) <= sum(total[held]), f"{what}: more was given back than the account holds")
    return total


def consumed(total):
    """What a limit is judged by."""
    return sum(total["amounts"]) - total.get("released", 0)


def amount(number, unit):
    return f"{number // 10:,}.{number % 10} TPP" if unit == "tpp" else f"{number:,} units"


def check_total(data, policy, country=None, limit=None, period=None):
    """Says what an account held at a checkpoint, or why that is not shown."""
    proof = TlogProof(data)
    require(proof.extra is not None, "the proof has no extra data")
    extra = decode(proof.extra, "extra")
    require(
        isinstance(extra, list) and len(extra) == 2 and all(isinstance(item, bytes) for item in extra),
        "extra: not [header, map proof]",
    )
    header, map_proof = block_header(extra[0]), MapProof(extra[1])
    signed = Signed(proof.note, policy)
    size = signed.checkpoint.size
    require(
        header["index"] == proof.index == size - 1,
        f"the header says that it is leaf {header['index']}, the proof is of leaf {proof.index}, "
        f"and the state at size {size} stands in its last leaf",
    )
    root = inclusion_root(proof.index, size, leaf_hash(extra[0]), proof.path, "the header's path")
    require(root == signed.checkpoint.root, "the header's path does not lead to the signed root")
    map_proof.check(header["mapRoot"])
    account = account_key(map_proof.key, "map proof")
    for name, wanted, found in (
        ("country", country, ", ".join(account[1])),
        ("limit", limit, account[0]),
        ("period", period, account[2]),
    ):
        require(wanted is None or wanted == found, f"the proof is of {name} {found!r}, not {wanted!r}")
    subject = f"{account[0]} / {', '.join(account[1])} / {account[2]}"
    if map_proof.value is None:
        lines = [f"{subject}: nothing was ever booked up to checkpoint {size}."]
    else:
        total = account_total(map_proof.value, "map proof: value")
        cap = amount(total["cap"], total["unit"]) if "cap" in total else "no fixed amount"
        lines = [f"{subject}: {amount(consumed(total), total['unit'])} of {cap} at checkpoint {size}."]
        held = [f"{amount(number, total['unit'])} {name}" for name, number in zip(BUCKETS, total["amounts"]) if number]
        lines.append(
            f"By bucket: {', '.join(held) or 'nothing'}; given back {amount(total.get('released', 0), total['unit'])}."
        )
    lines += signed.sentences()
    lines.append(
        f"Checked: the quorum's signatures, that the header is leaf {proof.index}, and the path in its state map."
    )
    lines.append(
        "Not checked: that the bookings followed the rules (by the word of the signers), and what happened later."
    )
    return lines, signed.time


# --- Checkpoints and consistency -------------------------------------------------------------


def check_checkpoint(data, policy):
    signed = Signed(data, policy)
    lines = list(signed.sentences())
    return [
        "The policy accepts the checkpoint.",
        *lines,
        "Not checked: anything about the leaves below it.",
    ], signed.time


def check_consistent(old, new, policy, proof=None, older_policy=None):
    """Says that a tree extends an earlier one, or why that is not shown."""
    older = Signed(old, older_policy or policy, "earlier checkpoint")
    newer = Signed(new, policy, "later checkpoint")
    a, b = older.checkpoint, newer.checkpoint
    require(a.origin == b.origin, f"the checkpoints are of two ledgers, {a.origin} and {b.origin}")
    path = []
    if proof is not None:
        try:
            document = json.loads(proof)
        except (ValueError, RecursionError):
            raise Disproven("the proof is not JSON") from None
        tests = {
            "old": is_number,
            "new": is_number,
            "path": lambda v: isinstance(v, list) and all(isinstance(h, str) for h in v),
        }
        fields(document, "the proof", tests)
        require(
            [document["old"], document["new"]] == [a.size, b.size],
            f"the proof is of sizes {document['old']} and {document['new']}, the checkpoints of {a.size} and {b.size}",
        )
        path = [unbase64(hash_, "the proof: path", 32) for hash_ in document["path"]]
    elif a.size < b.size:
        raise Unreadable(f"sizes {a.size} and {b.size} need a proof: give --proof")
    check_consistency(a.size, a.root, b.size, b.root, path, "the proof")
    lines = [f"The tree of {b.origin} of size {b.size} extends that of size {a.size}: nothing was changed or removed."]
    return [*lines, *older.sentences(), *newer.sentences(), "Not checked: the leaves themselves."], newer.time


# --- Genesis ---------------------------------------------------------------------------------

NODE_KEYS = ("vote", "log", "cosigner", "transport")
AHEAD_MAX, BEHIND_MAX = 600, 400 * 86_400


def check_second_key(statement, what, known):
    """The approval by which the second key of a card agrees to it; one that the member `known`ly has agreed before."""
    card, approvals = statement.value, statement.approvals
    key = card.get("coKey")
    if key is None:
        require(not approvals, f"{what}: approvals, and no second key")
        return
    require(is_bytes(key) and is_key(key), f"{what}: no acceptable second key")
    require(key != card["statementKey"], f"{what}: the second key is the first")
    if not approvals and key in known:
        return
    require(len(approvals) == 1, f"{what}: the second key has not agreed to the card")
    approval = approvals[0]
    good = approval.issuer == statement.subject and approval.kid == thumbprint(key)
    require(
        good and approval.is_signed(statement.body, key), f"{what}: the approval of the second key does not hold"
    )


def check_card(statement, origin, what, known=()):
    """A member's card: signed by the keys that it brings, with proofs that its node's keys are held."""
    card, key = statement.value, statement.value.get("statementKey")
    require(
        statement.kind == "member" and statement.issuer == statement.subject, f"{what}: not a card of its own signer"
    )
    require(statement.origin == origin, f"{what}: a card for another ledger")
    require(is_bytes(key) and is_key(key), f"{what}: no acceptable statement key")
    require(
        statement.kid == thumbprint(key) and statement.is_signed(key), f"{what}: the card's signature does not hold"
    )
    check_second_key(statement, what, known)
    node = card.get("node")
    if node is not None:
        good = is_map(node) and all(is_bytes(node.get(name)) and is_key(node[name]) for name in NODE_KEYS)
        require(good and is_map(node.get("proofs")), f"{what}: the node's keys are not acceptable")
        for name in NODE_KEYS:
            proof = node["proofs"].get(name)
            good = is_bytes(proof) and is_signed(node[name], proof, key_proof(name, card["id"], origin, node[name]))
            require(good, f"{what}: the proof that {card['id']} holds its {name} key does not hold")
    return card


def key_proof(purpose, member, origin, key):
    """What a proof of possession signs."""
    return b"QLEDGER-KEY-V1" + purpose.encode() + b"\0" + member.encode() + b"\0" + origin.encode() + key


def registration(index, leaf, issuer=None, body=None):
    """The value under a registered statement's key in the state map."""
    value = {"index": index, "leaf": leaf}
    if issuer is not None:
        value |= {"issuer": issuer, "body": body}
    return encode(value)


class Genesis:
    """The first leaf: every founder signed it, and every founder's card and keys are proven."""

    def __init__(self, data):
        what = "genesis"
        self.statement = genesis = Statement(data, what)
        require(genesis.kind == "genesis", f"{what}: a {genesis.kind} statement")
        is_list = lambda v: isinstance(v, list) and all(map(is_bytes, v))  # noqa: E731
        tests = {"origin": is_text, "time": is_number, "members": is_list, "policy": is_bytes, "catalogue": is_bytes}
        body = fields(genesis.value, f"{what}: body", tests, {"organisations": is_list})
        require(body["origin"] == genesis.origin, f"{what}: aud is not the origin")
        self.origin, self.time = body["origin"], body["time"]
        self.members, self.entries = {}, {genesis.key: registration(0, genesis.leaf)}
        for number, card in enumerate(body["members"]):
            self.register(Statement(card, f"{what}: member {number}"), card=True)
        names = list(self.members)
        require(names == sorted(names), f"{what}: members are not in order")
        self.check_founders(genesis)
        for number, data in enumerate(body.get("organisations", [])):
            self.register(Statement(data, f"{what}: organisation {number}"))
        for kind in ("policy", "catalogue"):
            value = decode(body[kind], f"{what}: {kind}")
            require(is_map(value) and is_text(value.get("id")), f"{what}: the {kind} has no id")
            require(is_number(value.get("version")), f"{what}: the {kind} has no version")
            record = {"index": 0, "leaf": leaf_hash(body[kind]), "issuer": genesis.issuer, "body": body[kind]}
            self.entries[encode([kind, value["id"], value["version"]])] = encode(
                {**record, "state": "in_force", "since": self.time}
            )
        self.validators = [card for card in self.members.values() if "node" in card]
        require(self.validators, f"{what}: no founder runs a node")

    def register(self, statement, card=False):
        what = f"genesis: {statement.name}"
        if card:
            self.members[statement.subject] = check_card(statement, self.origin, what)
        else:
            key = self.members.get(statement.issuer, {}).get("statementKey")
            require(statement.kind == "organisation" and key, f"{what}: not an organisation by a founder")
            require(not statement.approvals, f"{what}: it has approvals of its own")
            require(
                statement.kid == thumbprint(key) and statement.is_signed(key), f"{what}: its signature does not hold"
            )
        require(statement.key not in self.entries, f"{what}: it is there twice")
        self.entries[statement.key] = registration(0, statement.leaf, statement.issuer, statement.body)

    def check_founders(self, genesis):
        signed = {genesis.issuer: genesis.kid} | {approval.issuer: approval.kid for approval in genesis.approvals}
        require(set(signed) == set(self.members), "genesis: not signed by every founder and nobody else")
        for name, kid in signed.items():
            require(
                kid == thumbprint(self.members[name]["statementKey"]),
                f"genesis: {name} signed with another key than its card's",
            )
        require(genesis.is_signed(self.members[genesis.issuer]["statementKey"]), "genesis: its signature does not hold")
        for approval in genesis.approvals:
            good = approval.is_signed(genesis.body, self.members[approval.issuer]["statementKey"])
            require(good, f"genesis: the approval of {approval.issuer} does not hold")



def validators_digest(cards):
    """What headers carry: who must sign the next checkpoint."""
    rows = [[c["id"], c["role"], *(c["node"][name] for name in NODE_KEYS[:3])] for c in cards]
    return sha256(encode(sorted(rows)))


# --- Epochs ----------------------------------------------------------------------------------

HANDOFFS, HANDOFFS_BYTES_MAX = "QLEDGER-HANDOFFS-V1", 1 << 24


def validators_policy(origin, rows, end=None):
    """The policy of a set of validators, `[id, role, vote, log, cosigner]` each: any log key, n - f cosignatures."""

    def vkey(name, kind, key):
        data = bytes([kind]) + key
        return f"{name}+{sha256(name.encode(), bytes([10]), data)[:4].hex()}+{base64.b64encode(data).decode()}"

    domain = origin.split("/")[0]
    lines = [f"log {vkey(origin, 1, row[3])}" for row in rows]
    lines += [f"witness {row[0]} {vkey(f'{row[0]}.{domain}', 4, row[4])}" for row in rows]
    lines.append(f"group validators {enough(len(rows))} {' '.join(row[0] for row in rows)}")
    return Policy(("\n".join([*lines, "quorum validators"]) + "\n").encode(), end)


def epochs(data, chain):
    """The policies of all epochs, the newest first, by the hash of the genesis statement and nothing else."""
    parts = decode(data, "hand-offs")
    good = isinstance(parts, list) and len(parts) == 3 and parts[0] == HANDOFFS and isinstance(parts[2], list)
    require(good and is_bytes(parts[1]), "the hand-offs are not [mark, genesis, steps]")
    require(sha256(parts[1]) == chain, f"the genesis statement has the hash {sha256(parts[1]).hex()}")
    genesis = Genesis(parts[1])
    rows = sorted([c["id"], c["role"], *(c["node"][name] for name in NODE_KEYS[:3])] for c in genesis.validators)
    found, size = [], 0
    for number, step in enumerate(parts[2], 1):
        what = f"the end of epoch {number}"
        good = isinstance(step, list) and len(step) == 4 and all(map(is_bytes, step[:2])) and isinstance(step[2], list)
        require(good and all(map(is_digest, step[2])), f"{what} is not [note, header, path, validators]")
        note, leaf, path, following = step
        signed = Signed(note, validators_policy(genesis.origin, rows), what).checkpoint
        require(signed.origin == genesis.origin and signed.size > size, f"{what} does not follow size {size}")
        size = signed.size
        root = inclusion_root(size - 1, size, leaf_hash(leaf), path, what)
        require(root == signed.root, f"{what}: its header is not the last leaf")
        is_row = lambda row: (  # noqa: E731
            isinstance(row, list) and len(row) == 5 and all(map(is_text, row[:2])) and all(map(is_digest, row[2:]))
        )
        require(isinstance(following, list) and all(map(is_row, following)), f"{what}: no list of validators")
        named = block_header(leaf, what)["validators"]
        require(named == sha256(encode(sorted(following))), f"{what}: its header names other validators")
        found.append(validators_policy(genesis.origin, rows, size))
        rows = sorted(following)
    return [validators_policy(genesis.origin, rows), *reversed(found)], parts[1]


# --- Audit -----------------------------------------------------------------------------------


class Folder:
    """A copy of a log in files: `checkpoint` and `tile/...`."""

    def __init__(self, path):
        self.path = path

    def read(self, name):
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise Unreadable(f"{self.path}/{name}: {problem.strerror}") from None


class Web:
    """A tlog-tiles address."""

    def __init__(self, address):
        self.address = address.rstrip("/")

    def read(self, name):
        try:
            with urllib.request.urlopen(f"{self.address}/{name}", timeout=30) as answer:
                return answer.read(1 << 25)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise Unreadable(f"{self.address}/{name}: HTTP status {error.code}") from None
        except OSError as problem:
            raise Unreadable(f"{self.address}/{name}: {problem}") from None


def tile_name(level, number, width):
    """C2SP tlog-tiles: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def read_tile(source, level, number, width):
    """A tile and its width; the full tile where the partial one is gone."""
    for wide in sorted({width, 256}):
        data = source.read(tile_name(level, number, wide))
        if data is not None:
            return data, wide, tile_name(level, number, wide)
    raise Unreadable(f"there is no {tile_name(level, number, width)}")


def read_entries(source, size):
    """Every entry of the log, bundle by bundle."""
    for number in range((size + 255) // 256):
        width = min(256, size - 256 * number)
        data, wide, name = read_tile(source, "entries", number, width)
        entries, at = [], 0
        for _ in range(wide):
            require(len(data) - at >= 2, f"{name}: cut short")
            length = int.from_bytes(data[at : at + 2], "big")
            require(length <= len(data) - at - 2, f"{name}: cut short")
            entries.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        require(at == len(data), f"{name}: bytes after the last entry")
        yield from entries[:width]


def check_tiles(source, leaves):
    """Compares every hash tile with the leaf hashes; gives the number of tiles."""
    level, count, hashes = 0, 0, leaves
    while hashes:
        for number in range((len(hashes) + 255) // 256):
            part = hashes[256 * number : 256 * (number + 1)]
            data, wide, name = read_tile(source, level, number, len(part))
            require(len(data) == 32 * wide, f"{name}: {len(data)} bytes instead of {32 * wide}")
            require(data[: 32 * len(part)] == b"".join(part), f"{name}: a hash that is not that of its leaves")
            count += 1
        hashes = [tree_root(hashes[i : i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1
    return count


class Replay:
    """All that follows from the leaves without the rules of any policy."""

    def __init__(self):
        self.genesis, self.cards, self.kinds = None, {}, Counter()
        self.view_floor = 0
        self.pending, self.headers, self.place, self.policies, self.offered = [], [], {}, {0}, set()
        self.entries, self.claims, self.ruled, self.signatures, self.maps = {}, {}, 0, 0, 0

    def leaf(self, index, data):
        if index == 0:
            self.start(data)
        elif data[:1] == b"\xd2":
            self.statement(index, Statement(data, f"leaf {index}"))
        else:
            self.header(index, data)

    def start(self, data):
        self.genesis = Genesis(data)
        statement = self.genesis.statement
        self.entries = dict(self.genesis.entries)
        self.cards = {name: [card] for name, card in self.genesis.members.items()}
        self.validators = self.genesis.validators
        self.electorates = {1: self.validators}  # Of the present epoch and of the one before.
        self.signatures += 1 + len(statement.approvals) + len(self.cards)
        self.kinds["genesis"] += 1
        self.pending = [(0, statement)]
        self.place = {key: 0 for key in self.entries}

    def statement(self, index, statement):
        what = f"leaf {index}: {statement.name}"
        require(statement.origin == self.genesis.origin, f"{what}: for another ledger, {statement.origin}")
        require(statement.kind != "genesis", f"{what}: a second genesis")
        require(statement.key not in self.place, f"{what}: leaf {self.place.get(statement.key)} has the same identity")
        self.place[statement.key] = index
        self.check_signatures(statement, what)
        self.effect(index, statement)
        self.kinds[statement.kind] += 1
        self.pending.append((index, statement))

    def key_of(self, member, kid, what, second=False):
        """The key of a member with this thumbprint, among the cards that the log holds so far.

        Which of them is valid at this place is decided by votes, which are not counted here.
        """
        require(member in self.cards, f"{what}: {member} is no member")
        name = "coKey" if second else "statementKey"
        keys = [card[name] for card in self.cards[member] if name in card and thumbprint(card[name]) == kid]
        require(keys, f"{what}: the kid is not that of {member}'s {'second' if second else 'statement'} key")
        return keys[-1]

    def node_key(self, member, kid, what):
        """The log key with this thumbprint of a node that the log has named: it signs what the node says."""
        keys = [card["node"]["log"] for card in self.cards.get(member, []) if "node" in card]
        keys = [key for key in keys if thumbprint(key) == kid]
        require(keys, f"{what}: the kid is not that of a log key of {member}'s node")
        return keys[-1]

    def next_validators(self, digest):
        """The set of validators with this digest that differs from the present one in as many members as may be
        faulty at most (one, if none may), each as one of its cards has it, or left out; None if there is none."""
        present = {card["id"]: card for card in self.validators}
        options = {
            name: [card for card in cards if "node" in card] + [None] for name, cards in self.cards.items()
        }
        for count in range(1, max(1, (len(present) - 1) // 3) + 1):
            for names in itertools.combinations(sorted(options), count):
                for cards in itertools.product(*(options[name] for name in names)):
                    changed = {**present, **dict(zip(names, cards))}
                    found = [card for card in changed.values() if card is not None]
                    if validators_digest(found) == digest:
                        return found
        return None

    def check_signatures(self, statement, what):
        require(statement.kind != "member", f"{what}: a card stands inside genesis or a proposal")
        key = self.node_key if KINDS[statement.kind].node else self.key_of
        require(
            statement.is_signed(key(statement.issuer, statement.kid, what)), f"{what}: the signature does not hold"
        )
        for approval in statement.approvals:
            key = self.key_of(approval.issuer, approval.kid, what, second=approval.issuer == statement.issuer)
            require(approval.is_signed(statement.body, key), f"{what}: the approval of {approval.issuer} does not hold")
        self.signatures += 1 + len(statement.approvals)
        if statement.kind == "evidence":
            epoch = statement.value["votes"][0][0]
            require(epoch in self.electorates, f"{what}: epoch {epoch} is neither the present nor the last one")
            chain = sha256(self.genesis.statement.bytes)
            check_evidence(statement.value, chain, self.electorates[epoch], what)
            self.signatures += 2

    def effect(self, index, statement):
        """What the statement puts into the state map, where that follows from its bytes."""
        kind, value = KINDS[statement.kind], statement.value
        about = value.get("claim") if statement.kind in ("event", "cancel") else None
        if about is not None:
            about = about if isinstance(about, list) else [statement.issuer, about]
            require(tuple(about) in self.claims, f"leaf {index}: a statement about no claim, {about}")
        if statement.kind == "claim" or (statement.kind, value.get("event")) == ("event", "transfer"):
            self.claims[statement.issuer, statement.subject] = (index, statement.leaf)
        if kind.rules:
            self.ruled += 1
        if kind.record == "leaf":
            self.entries[statement.key] = registration(index, statement.leaf)
        elif kind.record == "body":
            self.entries[statement.key] = registration(index, statement.leaf, statement.issuer, statement.body)
        if statement.kind == "evidence":
            # Whether the policy takes the node off the card that holds then is not decided here.
            for card in self.cards[value["member"]]:
                self.offered.add(encode({name: card[name] for name in card if name != "node"}))
        if statement.kind == "proposal":
            self.proposal(index, value.get("action"), f"leaf {index}: {statement.name}")

    def proposal(self, index, action, what):
        """Remembers what a proposal would change, should votes pass it."""
        require(is_map(action) and is_text(action.get("kind")), f"{what}: no action")
        kind = action["kind"]
        if kind == "policy":
            self.policies.add(index)
        elif kind in ("member", "key"):
            require(is_bytes(action.get("card")), f"{what}: no card")
            card = Statement(action["card"], f"{what}: card")
            cards = self.cards.setdefault(card.subject, [])
            known = [other["coKey"] for other in cards if "coKey" in other]
            cards.append(check_card(card, self.genesis.origin, what, known))
            self.offered.add(card.body)
            self.signatures += 1 + len(card.approvals)
        elif kind in ("organisation", "facility"):
            self.offered.add(encode(action.get("body")))

    def header(self, index, data):
        what = f"leaf {index}: header"
        header = block_header(data, what)
        last = self.headers[-1] if self.headers else None
        require(
            header["index"] == index and header["count"] == len(self.pending),
            f"{what}: its range of statements is not that of the leaves before it",
        )
        proposers = [card["id"] for card in self.validators]
        floor = self.view_floor
        self.view_floor = header["view"]
        if header["validators"] != validators_digest(self.validators):
            # The block seals an epoch; it was still made by the old set. Views begin at 1 again.
            self.view_floor = 0
            found = self.next_validators(header["validators"]) if last is not None else None
            require(found, f"{what}: another set of validators than the ledger's")
            self.validators = found
            present = max(self.electorates)
            self.electorates = {present: self.electorates[present], present + 1: found}
        require(header["policyIndex"] in self.policies, f"{what}: leaf {header['policyIndex']} holds no policy")
        if last is None:
            expected = dict(
                height=0, view=0, previousIndex=0, previousHash=self.genesis.statement.leaf, time=self.genesis.time
            )
            expected["proposer"] = self.genesis.statement.issuer
        else:
            expected = dict(height=last["height"] + 1, previousIndex=last["index"], previousHash=last["hash"])
            require(header["time"] >= last["time"], f"{what}: time moves back")
            require(header["view"] > floor, f"{what}: the view does not grow")
            require(
                header["proposer"] in proposers,
                f"{what}: the proposer is no validator",
            )
            self.check_block(header, last, what)
        for name, value in expected.items():
            require(header[name] == value, f"{what}: {name} does not continue the chain")
        if not self.ruled:
            require(
                map_root(self.entries) == header["mapRoot"],
                f"{what}: the state map after these leaves has another root",
            )
            self.maps += 1
        self.headers.append({**header, "hash": leaf_hash(data), "bytes": data})
        self.pending = []

    def fits(self, found, expected):
        """Whether a record of the state map is what the leaves say, apart from dates and states that rules set."""
        if found is None or found == expected:
            return found is not None
        found, expected = decode(found, "state"), decode(expected, "state")
        if not is_map(found):
            return False
        body = found.get("body")
        same = all(found.get(name) == expected.get(name) for name in ("index", "leaf", "issuer"))
        return same and (body == expected.get("body") or ("changed" in found and body in self.offered))

    def check_block(self, header, last, what):
        """Order, time and size of a block's statements."""
        require(sum(len(s.bytes) for _, s in self.pending) <= BLOCK_BYTES_MAX, f"{what}: the block is too large")
        places = [(KINDS[s.kind].rank, sha256(last["hash"], sha256(s.key))) for _, s in self.pending]
        require(places == sorted(places), f"{what}: the statements are not in the order that the previous header draws")
        for index, statement in self.pending:
            good = header["time"] - BEHIND_MAX <= statement.time <= header["time"] + AHEAD_MAX
            require(good, f"leaf {index}: made too long before or after its block's time")


# Entries whose value is decided by rules, beside those of the leaves.
BY_RULES = {
    "account", "claim", "tag", "member", "policy", "catalogue", "proposal", "suspension", "decision", "allocation",
    "agreement", "override", "validators",
}  # fmt: skip
CLAIM = {
    "index": is_number, "leaf": is_digest, "policy": is_number, "facts": lambda v: isinstance(v, list),
    "lines": lambda v: isinstance(v, list), "movements": lambda v: isinstance(v, list),
}  # fmt: skip
CLAIM_OPTIONAL = dict.fromkeys(
    (
        "due",
        "asks",
        "tags",
        "test",
        "ended",
        "consent",
        "licence",
        "shipped",
        "attested",
        "decision",
        "disputes",
        "exporter",
        "overridden",
    ),
    lambda v: True,
)


class Sums:
    """What the claims and opening inventories say that they hold in the accounts."""

    def __init__(self):
        self.accounts = {}

    def add(self, claim, what):
        """Adds a record: for each bucket, the sum over its lines of quantity times amount of one item."""
        for line in claim["lines"]:
            good = isinstance(line, list) and len(line) in (3, 4) and is_number(line[1]) and is_buckets(line[2])
            require(good, f"{what}: a line is not [sku, circuits, quantities, grades?]")
        for movement in claim["movements"]:
            good = isinstance(movement, list) and len(movement) in (4, 6) and isinstance(movement[1], list)
            good = good and isinstance(movement[3], list) and len(movement[3]) == len(claim["lines"])
            require(good and all(map(is_number, movement[3] + movement[4:])), f"{what}: a movement has another form")
            limit, subject, period, each, *released = movement
            key = encode(["account", limit, *subject, period])
            row = self.accounts.setdefault(key, [[0] * len(BUCKETS), [0] * len(BUCKETS), 0, 0])
            for (_, circuits, quantities, *_), one in zip(claim["lines"], each):
                for place, quantity in enumerate(quantities):
                    row[0][place] += quantity * one
                    row[1][place] += quantity * circuits if one else 0
            row[2] += released[0] if released else 0
            row[3] += released[1] if released else 0

    def compare(self, accounts):
        """Checks that every account is the sum of its claims and of the opening count, where there is one."""
        for key in {*self.accounts, *accounts}:
            what = f"state: {decode(key, 'key')}"
            require(key in accounts, f"{what}: claims moved it, and it is not there")
            total = accounts[key]
            held = [
                padded(total["amounts"]),
                padded(total["chips"]),
                total.get("released", 0),
                total.get("releasedChips", 0),
            ]
            found = self.accounts.get(key, [padded([]), padded([]), 0, 0])
            require(held == found, f"{what}: holds {held}, its records add up to {found}")


def padded(numbers):
    return numbers + [0] * (len(BUCKETS) - len(numbers))


def read_state(data):
    """The entries of an export of the state map: `[* [key, value]]`, or what `quota-verify audit --state` leaves.

    The latter is `[1, genesis, header, rows, counts, [* key, value]]` followed by its SHA-256. Neither is believed.
    """
    if sha256(data[:-32]) == data[-32:]:
        parts = decode(data[:-32], "state")
        require(isinstance(parts, list) and len(parts) == 6 and isinstance(parts[5], list), "state: not a saved audit")
        rows = [list(pair) for pair in zip(parts[5][::2], parts[5][1::2])]
    else:
        rows = decode(data, "state")
    good = isinstance(rows, list) and all(isinstance(r, list) and len(r) == 2 and all(map(is_bytes, r)) for r in rows)
    require(good, "state: not a list of keys and values")
    state = {key: value for key, value in rows}
    require(len(state) == len(rows), "state: a key is repeated")
    return state


def check_state(data, replay):
    """Compares an export of the state map with the last header and with the leaves.

    The map root binds every byte of the export. What the rules decided (which claims pass, what one item adds, where
    quantities stand) is in it and is not judged, but it must fit the leaves and add up.
    """
    state = read_state(data)
    count = len(state)
    require(map_root(state) == replay.headers[-1]["mapRoot"], "state: its root is not the map root of the last header")
    sums, accounts, claims, tags, live = Sums(), {}, set(), Counter(), Counter()
    for key, value in replay.entries.items():
        name, found = decode(key, "state: key"), state.pop(key, None)
        require(replay.fits(found, value), f"state: {name} is not what the leaves say")
        if name[0] == "inventory" and "movements" in (inventory := decode(found, f"state: {name}")):
            require(isinstance(inventory.get("lines"), list), f"state: {name}: movements of no lines")
            sums.add(inventory, f"state: {name}")
    for key, value in state.items():
        name = decode(key, "state: key")
        what = f"state: {name}"
        require(isinstance(name, list) and name and name[0] in BY_RULES, f"{what}: not what any leaf says")
        if name[0] == "account":
            account_key(key, what)
            accounts[key] = account_total(value, what)
        elif name[0] == "claim":
            claim = fields(decode(value, what), what, CLAIM, CLAIM_OPTIONAL)
            require(
                (claim["index"], claim["leaf"]) == replay.claims.get(tuple(name[1:])),
                f"{what}: no leaf holds this claim",
            )
            claims.add(tuple(name[1:]))
            sums.add(claim, what)
            tags[tuple(name[1:])] = claim.get("tags", 0)
        elif name[0] == "tag":
            owner = decode(value, what)
            require(
                isinstance(owner, list) and len(owner) == 3 and tuple(owner[:2]) in replay.claims,
                f"{what}: of no claim",
            )
            live[tuple(owner[:2])] += owner[2] is True
    missing = set(replay.claims) - claims
    require(not missing, f"state: claims of the leaves are missing: {sorted(missing)[:3]}")
    require(+tags == +live, "state: the live tags are not as many as the claims say")
    sums.compare(accounts)
    return count, len(accounts)


def check_audit(source, policy, state=None, totals=(), genesis=None):
    """Says that a log is what its signers signed and follows from its leaves, and what that does not cover.

    `genesis` is the statement that its first leaf must be, if the caller knows it.
    """
    data = source.read("checkpoint")
    if data is None:
        raise Unreadable("there is no checkpoint")
    signed = Signed(data, policy)
    size, replay, leaves = signed.checkpoint.size, Replay(), []
    for index, entry in enumerate(read_entries(source, size)):
        replay.leaf(index, entry)
        leaves.append(leaf_hash(entry))
    require(replay.headers and not replay.pending, "the last leaf is no header")
    require(replay.genesis.origin == signed.checkpoint.origin, "the genesis statement is of another ledger")
    founded = replay.genesis.statement.bytes
    require(genesis in (None, founded), f"leaf 0 is another genesis statement: its hash is {sha256(founded).hex()}")
    require(tree_root(leaves) == signed.checkpoint.root, "the leaves do not make the root that was signed")
    tiles = check_tiles(source, leaves)
    blocks = len(replay.headers)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(replay.kinds.items()))
    lines = [
        f"The {size} leaves of {signed.checkpoint.origin} are those that were signed, in {blocks} blocks: {kinds}.",
        *signed.sentences(),
        f"Checked: every entry bundle and {tiles} hash tiles, the root, and the chain of {blocks} headers.",
        f"Checked: {replay.signatures} signatures of statements, cards and approvals, each by its member's key.",
        "Checked: order, time and size of every block, and that no statement is there twice.",
        f"Checked: the map root of the first {replay.maps} of {blocks} blocks, computed from the leaves alone.",
    ]
    trusted = {key.key for key in policy.log_keys(signed.checkpoint.origin)}
    unlisted = [card["id"] for card in replay.validators if card["node"]["log"] not in trusted]
    if unlisted:
        lines.append(f"Noted: the policy does not list the log keys of {', '.join(unlisted)}.")
    lines += state_sentences(state, replay) + total_sentences(totals, replay)
    return lines, signed.time


def state_sentences(state, replay):
    rules = (
        "Not checked: whether the rules were applied: what had to be refused, what votes decided, what one item adds."
    )
    if state is not None:
        rows, accounts = check_state(state, replay)
        return [
            f"Checked: the state of {rows} entries has the last header's map root; what the leaves say is in it.",
            f"Checked: each of {accounts} accounts is the sum of what the claims on it added and still hold.",
            rules,
        ]
    if not replay.ruled:
        return ["Checked: the state map whole; no leaf so far needed a rule."]
    return ["Not checked: the map roots of the later blocks (give --state with an export of the state map).", rules]


def total_sentences(totals, replay):
    """Map proofs against the headers that were just audited."""
    for name, data in totals:
        proof = TlogProof(data, name)
        extra = decode(proof.extra or b"", f"{name}: extra")
        require(isinstance(extra, list) and len(extra) == 2, f"{name}: extra: not [header, map proof]")
        header = next((h for h in replay.headers if h["index"] == proof.index), None)
        require(header and header["bytes"] == extra[0], f"{name}: its header is not leaf {proof.index} of this log")
        MapProof(extra[1], name).check(header["mapRoot"], name)
    return [f"Checked: {len(totals)} total proofs against the headers of this log."] if totals else []


# --- Command line ----------------------------------------------------------------------------


def read_file(path, limit=1 << 26):
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except OSError as problem:
        raise Unreadable(f"{path}: {problem.strerror}") from None
    require(len(data) <= limit, f"{path}: more than {limit} bytes")
    return data


def trusted(options):
    """The policies to try, the newest epoch first, and the genesis statement if the hand-offs have it."""
    if options.policy:
        return [Policy(read_file(options.policy))], None
    try:
        chain = bytes.fromhex(options.chain_id)
    except ValueError:
        raise Unreadable("--chain-id is not hexadecimal") from None
    return epochs(read_file(options.handoffs, HANDOFFS_BYTES_MAX), chain)


def first_accepted(policies, check):
    """What `check` makes by the newest of the policies that it accepts; the failure of the newest if by none."""
    failure = None
    for policy in policies:
        try:
            return check(policy)
        except Disproven as problem:
            failure = failure or problem
    raise failure


def answer(options):
    """The sentences of the answer and the time since which a quorum has signed."""
    policies, genesis = trusted(options)
    optional = lambda path: read_file(path) if path else None  # noqa: E731
    if options.command in ("receipt", "disclosure"):
        check = {"receipt": check_receipt, "disclosure": check_disclosure}[options.command]
        data, genesis = read_file(options.file), optional(options.genesis) or genesis
        return first_accepted(policies, lambda policy: check(data, policy, genesis))
    if options.command == "total":
        data, asked = read_file(options.file), (options.country, options.limit, options.period)
        return first_accepted(policies, lambda policy: check_total(data, policy, *asked))
    if options.command == "checkpoint":
        data = read_file(options.file)
        return first_accepted(policies, lambda policy: check_checkpoint(data, policy))
    if options.command == "consistency":
        old, new, proof = read_file(options.old), read_file(options.new), optional(options.proof)
        older = first_accepted(policies, lambda policy: (policy, Signed(old, policy, "earlier checkpoint")))[0]
        newer = first_accepted(policies, lambda policy: (policy, Signed(new, policy, "later checkpoint")))[0]
        return check_consistent(old, new, newer, proof, older)
    source = Folder(options.folder) if options.folder else Web(options.url)
    totals = [(path, read_file(path)) for path in options.total]
    state = optional(options.state)
    return first_accepted(policies, lambda policy: check_audit(source, policy, state, totals, genesis))


def arguments():
    parser = argparse.ArgumentParser(description="Checks what a quota ledger says, against keys that you trust.")
    commands = parser.add_subparsers(dest="command", required=True)
    made = {}
    for name in ("receipt", "disclosure", "total", "checkpoint", "consistency", "audit"):
        made[name] = command = commands.add_parser(name)
        command.add_argument("--policy", help="the trust policy, got from somebody you trust")
        command.add_argument("--handoffs", help="instead: the steps from the founders to the present validators")
        command.add_argument("--chain-id", help="with --handoffs: SHA-256 of the genesis statement, in hexadecimal")
        command.add_argument("--now", type=int, default=None, help="the time to judge freshness by, POSIX seconds")
        command.add_argument("--max-age", type=int, default=None, help="refuse if the newest quorum is older, seconds")
    for name in ("receipt", "disclosure", "total", "checkpoint"):
        made[name].add_argument("file")
    for name in ("receipt", "disclosure"):
        made[name].add_argument("--genesis", help="the genesis statement, for the issuer's own signature")
    for name in ("country", "limit", "period"):
        made["total"].add_argument(f"--{name}")
    for name in ("old", "new"):
        made["consistency"].add_argument(f"--{name}", required=True)
    made["consistency"].add_argument("--proof")
    place = made["audit"].add_mutually_exclusive_group(required=True)
    place.add_argument("--folder")
    place.add_argument("--url")
    made["audit"].add_argument("--state", help="an export of the state map")
    made["audit"].add_argument("--total", action="append", default=[], help="a .tlog-proof to compare with the headers")
    return parser


def run(options):
    """The exit code and the sentences of one question."""
    try:
        lines, when = answer(options)
        if options.max_age is not None:
            now = int(time.time()) if options.now is None else options.now
            require(
                when is not None and now - when <= options.max_age,
                f"a quorum signed {now - (when or 0)} s ago, more than {options.max_age} s",
            )
        return 0, ["PROVEN", *lines]
    except Disproven as problem:
        return 1, ["DISPROVEN", f"{problem}."]
    except Unreadable as problem:
        return 3, ["COULD NOT TELL", f"{problem}."]


if __name__ == "__main__":
    parser = arguments()
    given = parser.parse_args()
    if bool(given.policy) == bool(given.handoffs) or bool(given.handoffs) != bool(given.chain_id):
        parser.error("give either --policy, or --handoffs with --chain-id")
    code, sentences = run(given)
    print("\n  ".join(sentences))
    sys.exit(code)
