#!/usr/bin/env python3
"""Checks a Transparent Statement with PyPI's scitt-cose, which shares no code with the ledger.

    scitt_check.py [--need N] [--statement-key HEX] STATEMENT KEYS

STATEMENT is a COSE_Sign1 with receipts in header 394, KEYS a COSE_KeySet (`/.well-known/scitt-keys`);
each is a file or a URL. At least N receipts (default 1) by different keys must verify over one root.
Then every authenticated byte of statement and receipts is damaged in turn and must be refused.
Prints a line for each check; the exit code is 0 only if none failed.
"""

import argparse
import sys
import urllib.request
from collections import defaultdict

import cbor2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from scitt_cose import extract_receipts, parse_signed_statement, verify_receipt
from scitt_cose.cose_sign1 import CoseError

RECEIPTS, VDP, INCLUSION = 394, 396, -1
KID, CLAIMS = 4, 15
SUBJECT, TREE_SIZE, LEAF_INDEX = 2, -70002, -70003
FIELDS = ("protected header", "unprotected header", "payload", "signature")


class Refused(Exception):
    """What was given does not verify."""


def read(place):
    if place.startswith(("http://", "https://")):
        with urllib.request.urlopen(place, timeout=60) as answer:
            return answer.read()
    with open(place, "rb") as file:
        return file.read()


def pem(key):
    public = Ed25519PublicKey.from_public_bytes(key)
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_set(data):
    """The Ed25519 keys of a COSE_KeySet by key ID, as PEM."""
    keys = {}
    for key in cbor2.loads(data):
        if key.get(1) != 1 or key.get(-1) != 6 or not key.get(2):
            raise Refused("the key set has a key that is not Ed25519 or has no key ID")
        keys[bytes(key[2])] = pem(bytes(key[-2]))
    return keys


def parts(message):
    """The four items of a COSE_Sign1, as a list that may be changed."""
    return list(cbor2.loads(message).value)


def joined(items):
    return cbor2.dumps(cbor2.CBORTag(18, items))


def verified(transparent, keys):
    """Key IDs of the receipts that verify, by (root, tree size, leaf index)."""
    statement = parts(transparent)
    entry = joined([statement[0], {}, statement[2], statement[3]])
    subject = cbor2.loads(statement[0])[CLAIMS][SUBJECT]
    signers = defaultdict(set)
    for receipt in extract_receipts(transparent):
        kid = cbor2.loads(parts(receipt)[0]).get(KID)
        if kid not in keys:
            continue
        result = verify_receipt(receipt, leaf_entry_hex=entry.hex(), log_public_key_pem=keys[kid])
        if result.ok and result.subject == subject and claims_agree(receipt, result):
            signers[result.root, result.tree_size, result.leaf_index].add(bytes(kid))
    return signers


def claims_agree(receipt, result):
    """The signature covers the root only; where the signer states size and index, they must agree."""
    claims = cbor2.loads(parts(receipt)[0]).get(CLAIMS, {})
    return claims.get(TREE_SIZE, result.tree_size) == result.tree_size and (
        claims.get(LEAF_INDEX, result.leaf_index) == result.leaf_index
    )


def accepted(transparent, keys):
    """The largest set of different keys over one root; none if the bytes cannot be read."""
    try:
        return max(verified(transparent, keys).values(), key=len, default=set())
    except (CoseError, cbor2.CBORDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return set()


def flips(data):
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        yield place, bytes(changed)


def damaged_statements(transparent):
    items = parts(transparent)
    for field in (0, 2, 3):
        for place, changed in flips(items[field]):
            yield f"{FIELDS[field]}, byte {place}", joined(
                [changed if index == field else item for index, item in enumerate(items)]
            )


def damaged_receipts(receipt):
    items = parts(receipt)
    for field in (0, 3):
        for place, changed in flips(items[field]):
            yield f"{FIELDS[field]}, byte {place}", joined(
                [changed if index == field else item for index, item in enumerate(items)]
            )
    size, leaf, path = cbor2.loads(items[1][VDP][INCLUSION][0])
    path = list(path)
    other = [(f"leaf index {leaf + 1}", [size, leaf + 1, path]), ("longer path", [size, leaf, path + path[:1]])]
    for level in range(len(path)):
        changed = bytes([path[level][0] ^ 1]) + path[level][1:]
        other.append((f"path hash {level}", [size, leaf, path[:level] + [changed] + path[level + 1 :]]))
    for what, proof in other:
        yield what, joined([items[0], {VDP: {INCLUSION: [cbor2.dumps(proof)]}}, *items[2:]])


def refuse_damage(transparent, keys):
    for what, changed in damaged_statements(transparent):
        if accepted(changed, keys):
            raise Refused(f"a changed statement was accepted: {what}")
    items = parts(transparent)
    receipts = extract_receipts(transparent)
    for number, receipt in enumerate(receipts):
        for what, changed in damaged_receipts(receipt):
            # Alone, so that another good receipt cannot hide it.
            lone = joined([items[0], {RECEIPTS: [changed]}, *items[2:]])
            if accepted(lone, keys):
                raise Refused(f"a changed receipt {number} was accepted: {what}")


def check_signers(transparent, keys, need):
    signers = accepted(transparent, keys)
    if len(signers) < need:
        raise Refused(f"{len(signers)} receipts verify over one root, {need} are needed")


def check_issuer(transparent, key):
    if not parse_signed_statement(transparent, public_key_pem=pem(key))["signature_verified"]:
        raise Refused("the issuer's signature does not verify")


def main():
    options = argparse.ArgumentParser(description="Checks a Transparent Statement with scitt-cose.")
    options.add_argument("--need", type=int, default=1, help="receipts that must verify over one root")
    options.add_argument("--statement-key", type=bytes.fromhex, help="the issuer's Ed25519 key")
    options.add_argument("statement")
    options.add_argument("keys")
    arguments = options.parse_args()
    failed = False
    transparent, keys = b"", {}

    def load():
        nonlocal transparent, keys
        transparent, keys = read(arguments.statement), key_set(read(arguments.keys))

    checks = [
        ("statement and keys are read", load),
        (
            f"scitt-cose verifies {arguments.need} receipts over one root",
            lambda: check_signers(transparent, keys, arguments.need),
        ),
        ("scitt-cose refuses every damaged byte", lambda: refuse_damage(transparent, keys)),
    ]
    if arguments.statement_key:
        issuer = lambda: check_issuer(transparent, arguments.statement_key)  # noqa: E731
        checks.insert(1, ("scitt-cose verifies the issuer's signature", issuer))
    for what, check in checks:
        try:
            check()
            print(f"  pass  {what}")
        except Exception as error:  # Whatever a tool throws is a failed check.
            print(f"  FAIL  {what}: {error}")
            failed = True
            break
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
