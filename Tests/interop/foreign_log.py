"""A log of somebody else that asks a node to witness it: C2SP tlog-witness v1.0.0, the client.

    foreign_log.py KEY                      prints the log's verifier key; KEY is a file, made if it is missing
    foreign_log.py KEY NODE VKEY SIZE OLD   asks NODE to cosign the first SIZE leaves after OLD, by the cosigner VKEY
    foreign_log.py KEY NODE VKEY SIZE OLD --fork    the same with other leaves

Prints `cosigned`, or the status with the answer. The tree and the proofs are those of Tests/second.
"""

import base64
import hashlib
import pathlib
import sys
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "second"))

import ledger_check as ledger  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402

ORIGIN = "allies.example/compute-2026"


def log_key(path):
    """The key, and the text form of its public side."""
    file = pathlib.Path(path)
    if not file.exists():
        file.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    key = Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    public = b"\x01" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    identity = hashlib.sha256(ORIGIN.encode() + b"\n" + public).digest()[:4]
    return key, identity, f"{ORIGIN}+{identity.hex()}+{base64.b64encode(public).decode()}"


def subproof(old, hashes, is_whole):
    """RFC 9162 2.1.4.1."""
    if old == len(hashes):
        return [] if is_whole else [ledger.tree_root(hashes)]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if old <= split:
        return [*subproof(old, hashes[:split], is_whole), ledger.tree_root(hashes[split:])]
    return [*subproof(old - split, hashes[split:], False), ledger.tree_root(hashes[:split])]


def main(path, node=None, vkey=None, size=0, old=0, fork=""):
    key, identity, own = log_key(path)
    if node is None:
        return print(own)
    size, old = int(size), int(old)
    hashes = [ledger.leaf_hash(b"%s%d" % (fork.encode(), number)) for number in range(size)]
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(ledger.tree_root(hashes)).decode()}\n".encode()
    line = base64.b64encode(identity + key.sign(text)).decode()
    proof = subproof(old, hashes, True) if 0 < old <= size else []
    head = "".join(f"{line}\n" for line in [f"old {old}", *(base64.b64encode(h).decode() for h in proof)])
    body = head.encode() + b"\n" + text + f"\n\u2014 {ORIGIN} {line}\n".encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{node}/add-checkpoint", body)) as reply:
            answer = reply.read()
    except urllib.error.HTTPError as error:
        return print(error.code, error.read().decode().strip())
    cosigner = ledger.NoteKey(vkey)
    lines = ledger.Note(text + b"\n" + answer).signatures
    times = [cosigner.timestamp(sig, text) for name, id_, sig in lines if (name, id_) == (cosigner.name, cosigner.id)]
    print("cosigned" if len(lines) == 1 and times and times[0] else f"a line that does not hold: {answer!r}")


main(*sys.argv[1:])
