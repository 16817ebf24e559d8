"""Makes a validator guilty: two trees of one size and two votes in one view, signed by the keys in its home.

    epochs_evidence.py SEED_FILE MEMBER ORIGIN CHAIN_ID EPOCH POSITION FORK VOTES

FORK gets the evidence of two signed trees, VOTES that of the two votes; POSITION is the member's among the validators
of the epoch.
"""

import base64
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from statements import cbor, public_bytes

TIME = 1_780_000_000


def derived(seed, context):
    """libsodium's crypto_kdf, number 1."""
    salt, person = (1).to_bytes(8, "little") + bytes(8), context + bytes(8)
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.blake2b(b"", digest_size=32, key=seed, salt=salt, person=person).digest()
    )


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
    pair = []
    for proposal in (bytes([1]) * 32, bytes([2]) * 32):
        message = b"QLEDGER-VOTE-V1\0" + chain + epoch.to_bytes(8, "big") + b"\x01" + (9).to_bytes(8, "big") + proposal
        pair.append([epoch, 1, 9, proposal, position, key.sign(message)])
    return cbor(["QLEDGER-EVIDENCE-V1", chain, epoch, [pair]])


def main(seed_file, member, origin, chain, epoch, position, fork_file, votes_file):
    seed = bytes.fromhex(pathlib.Path(seed_file).read_text(encoding="ascii").strip())
    keys = {name: derived(seed, name) for name in (b"QLlog___", b"QLcosign", b"QLvote__")}
    pathlib.Path(fork_file).write_bytes(fork(keys[b"QLlog___"], keys[b"QLcosign"], member, origin))
    pathlib.Path(votes_file).write_bytes(votes(keys[b"QLvote__"], bytes.fromhex(chain), int(epoch), int(position)))


main(*sys.argv[1:])
