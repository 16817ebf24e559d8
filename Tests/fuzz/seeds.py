"""Writes inputs for the fuzzer from the published vectors: a byte that names the decoder, then what it reads.

    seeds.py FOLDER
"""

import json
import pathlib
import re
import sys

from cbor2 import CBORTag, dumps, loads

vectors = pathlib.Path(__file__).parent.parent / "vectors"
source = pathlib.Path(__file__).parent.parent.parent / "Sources/Ledger/Statements/StatementKind.swift"
kinds = re.findall(r"^    case (\w+)", source.read_text(), re.MULTILINE)
out = pathlib.Path(sys.argv[1])
count = 0


def seed(decoder, *parts):
    global count
    (out / f"vector-{count}").write_bytes(bytes([decoder]) + b"".join(parts))
    count += 1


def read(name):
    return json.loads((vectors / f"{name}.json").read_text())


for statement in read("statements"):
    data = bytes.fromhex(statement["bytes"])
    seed(16, data)
    envelope = loads(data)
    payload = (envelope.value if isinstance(envelope, CBORTag) else envelope)[2]
    seed(17, bytes([kinds.index(statement["kind"])]), payload)
for header in read("headers"):
    seed(19, bytes.fromhex(header["bytes"]))
for key, value in loads((vectors / "ledger/state.cbor").read_bytes()):
    seed(21, dumps([key, value]))
for intake in read("intakes"):
    seed(36, bytes.fromhex(intake["bytes"]))
for receipt in read("receipts")[:4]:
    seed(25, bytes.fromhex(receipt["transparent"]))
for name, decoder in [
    ("checkpoint", 27), ("trust-policy", 29), ("site.disclosure", 32), ("total.tlog-proof", 35),
    ("absence.tlog-proof", 35), ("certificate.html", 33),
]:
    seed(decoder, (vectors / "ledger" / name).read_bytes())
seed(31, bytes.fromhex(read("handoffs")["file"]))
