#!/usr/bin/env python3
"""Checks CBOR and COSE against cbor2 and pycose, which nobody here wrote.

Reads one JSON object from standard input and writes one to standard output:

    {"seed": n, "values": [hex], "objects": [{"bytes": hex, "key": hex, "payload": hex, "detached": bool}]}
    {"values": [hex], "accepted": [bool], "made": [hex], "signed": [{...as objects...}]}

`values` come back decoded by cbor2 and encoded again, `accepted` says whether pycose verified each
object, `made` and `signed` are values and objects made here, for the caller to read.
"""

import json
import random
import sys

import cbor2
from pycose.algorithms import EdDSA
from pycose.headers import KID, Algorithm, ContentType
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message


def deterministic(value):
    """The RFC 8949 section 4.2.1 form of a value: cbor2's heads, keys sorted by their bytes."""
    if isinstance(value, dict):
        pairs = sorted((cbor2.dumps(key), key) for key in value)
        return {key: deterministic(value[key]) for _, key in pairs}
    if isinstance(value, (list, tuple)):
        return [deterministic(item) for item in value]
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, deterministic(value.value))
    return value


def encode(value):
    return cbor2.dumps(deterministic(value))


def random_value(source, depth):
    kind = source.randrange(9 if depth > 1 else 6)
    if kind == 0:
        return source.getrandbits(64) >> source.randrange(64)
    if kind == 1:
        return -1 - (source.getrandbits(64) >> source.randrange(64))
    if kind == 2:
        return source.randbytes(source.randrange(300))
    if kind == 3:
        return "".join(source.choice("abz ü水𐅑\"\\") for _ in range(source.randrange(30)))
    if kind == 4:
        return source.random() < 0.5
    if kind == 5:
        return None
    if kind == 6:
        return [random_value(source, depth - 1) for _ in range(source.randrange(6))]
    if kind == 7:
        keys = [random_key(source) for _ in range(source.randrange(8))]
        return {key: random_value(source, depth - 1) for key in keys}
    # Tags without a meaning of their own, which cbor2 leaves as they are.
    return cbor2.CBORTag(70_000 + source.getrandbits(20), random_value(source, depth - 1))


def random_key(source):
    if source.random() < 0.5:
        return source.getrandbits(40) - (1 << 20) >> source.randrange(40)
    return "".join(source.choice("abc水") for _ in range(source.randrange(5)))


def is_accepted(item):
    """Whether pycose decodes the object and finds its signature good."""
    # Sign1Message.decode wants a list, which cbor2 6 gives inside a tag as a tuple.
    tagged = cbor2.loads(bytes.fromhex(item["bytes"]))
    protected, unprotected, *rest = tagged.value
    message = Sign1Message.from_cose_obj([protected, dict(unprotected), *rest], True)
    message.key = OKPKey(crv=Ed25519, x=bytes.fromhex(item["key"]), optional_params={})
    payload = bytes.fromhex(item["payload"])
    if not item["detached"]:
        return tagged.tag == 18 and message.payload == payload and bool(message.verify_signature())
    return tagged.tag == 18 and message.payload is None and bool(message.verify_signature(detached_payload=payload))


def signed_object(source):
    key = OKPKey.generate_key(crv=Ed25519)
    payload = source.randbytes(source.randrange(200))
    protected = {Algorithm: EdDSA, ContentType: "application/example", KID: source.randbytes(32)}
    message = Sign1Message(phdr=protected, uhdr={}, payload=payload)
    message.key = key
    # pycose writes header maps in the order given, which is the order of their bytes here.
    return {"bytes": message.encode().hex(), "key": key.x.hex(), "payload": payload.hex(), "detached": False}


def main():
    task = json.load(sys.stdin)
    source = random.Random(task["seed"])
    answer = {
        "values": [encode(cbor2.loads(bytes.fromhex(value))).hex() for value in task["values"]],
        "accepted": [is_accepted(item) for item in task["objects"]],
        "made": [encode(random_value(source, 5)).hex() for _ in range(500)],
        "signed": [signed_object(source) for _ in range(20)],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
