"""A C2SP tlog-witness client that nobody here wrote (`aics-witness`, `aics-tlog`) against a node's witness endpoint.

    tlog_witness.py own NODE COSIGNER        asks NODE, by its cosigner key, to cosign its own ledger's checkpoint
    tlog_witness.py key KEY                  prints the verifier key of a log of others; KEY is a file, made if missing
    tlog_witness.py log KEY NODE COSIGNER    asks NODE to witness that log while it grows, is forked and tampered with

Requests, proofs, 409s, notes and cosignatures are made and judged by those packages alone. Prints a line per check;
exit code 77 means that they are not installed.
"""

import logging
import pathlib
import sys
import tempfile
import urllib.request

try:
    from aics_tlog import Checkpoint, MerkleTree, format_vkey, parse_checkpoint, parse_note, sign_checkpoint, vkey_from_ed25519
    from aics_witness.feeder import WitnessAhead, WitnessClient, WitnessRejected, merge_cosignatures
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
except ImportError:
    print("  skip  a foreign tlog-witness client: aics-witness and aics-tlog are not installed")
    sys.exit(77)

ORIGIN = "elsewhere.example/log"
# An idle ledger's cosignature is as old as its last renewal.
AGE_MAX = 3600


def check(description, condition, detail=""):
    print(f"  {'pass' if condition else 'FAIL'}  {description}" + ("" if condition else f": {detail}"))


def refused(description, kind, work, status=None):
    try:
        work()
    except kind as error:
        check(description, status in (None, getattr(error, "status", None)), error)
    except Exception as error:  # Any other end is a wrong answer.
        check(description, False, f"{type(error).__name__}: {error}")
    else:
        check(description, False, "it was cosigned")


def no_proof(old, new):
    raise RuntimeError(f"asked for a proof from {old} to {new}")


def origin_of(note):
    return parse_checkpoint(parse_note(note).text).origin


def own(node, cosigner):
    with urllib.request.urlopen(f"{node}/checkpoint", timeout=10) as answer:
        note = answer.read()
    with WitnessClient(node, cosigner, max_age_seconds=AGE_MAX) as client:
        # It begins at size 0, is told the node's own by a 409, and asks again.
        line = client.submit(note, no_proof)
        size = parse_checkpoint(parse_note(note).text).size
        known = client.known_sizes
        check("a foreign client gets the node's cosignature of its ledger", known == {origin_of(note): size}, known)
        check("which merges into the checkpoint", parse_note(merge_cosignatures(note, line)).text == parse_note(note).text)
        text = note.decode()
        root = text.split("\n")[2]
        other = ("A" if root[0] != "A" else "B") + root[1:]
        refused("a checkpoint with another root is refused with 403", WitnessRejected,
                lambda: client.submit(text.replace(root, other, 1), no_proof), 403)  # fmt: skip
        elsewhere = text.replace(origin_of(note), "nobody.example/log", 1)
        refused("one of an unknown origin with 404", WitnessRejected, lambda: client.submit(elsewhere, no_proof), 404)


def log_key(path):
    file = pathlib.Path(path)
    if not file.exists():
        file.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(file.read_bytes())


def log(path, node, cosigner):
    key = log_key(path)
    tree = MerkleTree(b"leaf %d" % number for number in range(1000))
    fork = MerkleTree(b"fork %d" % number for number in range(1000))

    def note(size, leaves=tree, by=key):
        return sign_checkpoint(Checkpoint(origin=ORIGIN, size=size, root=leaves.root(size)), by, ORIGIN).to_bytes()

    with tempfile.TemporaryDirectory() as folder:
        state = pathlib.Path(folder, "state.json")
        with WitnessClient(node, cosigner, state_path=state) as client:
            for size in (1, 5, 256, 700):
                client.submit(note(size), tree.consistency_proof)
            check("a log of others is cosigned from 1 leaf to 700 by a foreign client", client.known_sizes == {ORIGIN: 700}, client.known_sizes)
        with WitnessClient(node, cosigner) as client:
            client.submit(note(900), tree.consistency_proof)
            check("one that remembers nothing is told the size and goes on", client.known_sizes == {ORIGIN: 900}, client.known_sizes)
            client.submit(note(900), no_proof)
            check("the same checkpoint is cosigned again without a proof", True)
            refused("an older one is behind the witness", WitnessAhead, lambda: client.submit(note(800), tree.consistency_proof))
            refused("a fork is refused with 422", WitnessRejected, lambda: client.submit(note(1000, fork), fork.consistency_proof), 422)
            refused("another tree of the same size with 422", WitnessRejected, lambda: client.submit(note(900, fork), no_proof), 422)
            stranger = Ed25519PrivateKey.generate()
            refused("a checkpoint signed by a stranger with 403", WitnessRejected,
                    lambda: client.submit(note(1000, by=stranger), tree.consistency_proof), 403)  # fmt: skip
        with WitnessClient(node, cosigner, state_path=state) as client:
            client.submit(note(1000), tree.consistency_proof)
            check("the first client goes on from what it remembers", client.known_sizes == {ORIGIN: 1000}, client.known_sizes)


def main(mode, *rest):
    logging.disable()
    if mode == "key":
        print(format_vkey(vkey_from_ed25519(ORIGIN, log_key(*rest).public_key())))
    else:
        {"own": own, "log": log}[mode](*rest)


main(*sys.argv[1:])
