"""Makes a validator guilty: two trees of one size and two votes in one view, signed by the keys in its home.

    epochs_evidence.py SEED_FILE MEMBER ORIGIN CHAIN_ID EPOCH POSITION FORK VOTES

FORK gets the evidence of two signed trees, VOTES that of the two votes; POSITION is the member's among the validators
of the epoch.
"""

import base64
import hashlib
import pathlib
import sys

import peer
from statements import cbor, derived_key, public_bytes

TIME = 1_780_000_000


def fork(log, cosigner, member, origin):
    """A `.fork-evidence` file of the log key and the cosigner key."""
    keys = [(origin, 1, log), (f"{member}.{origin.split('/')[0]}", 4, cosigner)]
    named = []
    for name, kind, key in keys:
        data = bytes([kind]) + public_bytes(key)
        named.append((name, hashlib.sha256(name.encode() + b"\n" + data).digest()[:4], data, key))

    def note(root):
        text = f"{origin}\n7\n{base64.b64encode(root).decode()}\n".encode()
        lines = b""
        for name, number, data, key in named:
            is_cosigner = data[0] == 4
            stamp = TIME.to_bytes(8, "big") if is_cosigner else b""
            signed = b"cosignature/v1\ntime %d\n" % TIME + text if is_cosigner else text
            lines += f"\u2014 {name} {base64.b64encode(number + stamp + key.sign(signed)).decode()}\n".encode()
        return text + b"\n" + lines

    head = ["quota-ledger/fork-evidence@v1"]
    head += [f"key {name}+{number.hex()}+{base64.b64encode(data).decode()}" for name, number, data, _ in named]
    parts = [("older", note(bytes(32))), ("newer", note(bytes([1]) * 32))]
    return ("\n".join(head) + "\n\n").encode() + b"".join(f"{w} {len(n)}\n".encode() + n for w, n in parts)


def votes(key, chain, epoch, position):
    """A file of two votes for two proposals of one view."""
    pair = [peer.vote(key, chain, epoch, 1, 9, bytes([number]) * 32, position) for number in (1, 2)]
    return cbor(["QLEDGER-EVIDENCE-V1", chain, epoch, [pair]])


def main(seed_file, member, origin, chain, epoch, position, fork_file, votes_file):
    keys = {name: derived_key(seed_file, name) for name in (b"QLlog___", b"QLcosign", b"QLvote__")}
    pathlib.Path(fork_file).write_bytes(fork(keys[b"QLlog___"], keys[b"QLcosign"], member, origin))
    pathlib.Path(votes_file).write_bytes(votes(keys[b"QLvote__"], bytes.fromhex(chain), int(epoch), int(position)))


main(*sys.argv[1:])
