#!/usr/bin/env python3
"""Checks the test vectors with the second implementation.

    check_vectors.py [FOLDER]

FOLDER is Tests/vectors by default. Everything in the files is made again here or verified here: nothing is compared
with itself. Prints a line for each file; the exit code is 0 only if all hold.
"""

import hashlib
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import ledger_check as ledger  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from ledger_check import require  # noqa: E402

CONTEXTS = {
    "vote": b"QLvote__",
    "log": b"QLlog___",
    "cosigner": b"QLcosign",
    "transport": b"QLtransp",
    "statement": b"QLstmt__",
}
INTAKE_TYPE, INTAKE_BYTES_MAX = "application/vnd.quota-ledger.intake+cbor", 1024
VOTES = {1: "notarize", 2: "nullify", 3: "finalize"}


def hexadecimal(text):
    return bytes.fromhex(text)


def equal(found, expected, what):
    require(found == expected, f"{what}: {found!r}, expected {expected!r}")


def refused(question, what):
    """Checks that a question is answered with no."""
    try:
        question()
    except ledger.Disproven:
        return
    raise ledger.Disproven(f"{what} was accepted")


def signed(key, signature, message, what):
    """Checks a signature, and that one of another message is none."""
    require(ledger.is_signed(key, signature, message), f"{what}: the signature does not hold")
    require(not ledger.is_signed(key, signature, message + b"x"), f"{what}: the signature holds for another message")


def check_cbor(vectors):
    for text in vectors["accepted"]:
        equal(ledger.encode(ledger.decode(hexadecimal(text), text)).hex(), text, text)
    for row in vectors["refused"]:
        refused(lambda: ledger.decode(hexadecimal(row["bytes"]), row["bytes"]), f"{row['bytes']} ({row['why']})")
    return len(vectors["accepted"]) + len(vectors["refused"])


def check_ed25519(vectors):
    for row in vectors:
        found = ledger.is_signed(*(hexadecimal(row[name]) for name in ("key", "signature", "message")))
        equal(found, row["accepted"], row["name"])
    return len(vectors)


def derived(seed, purpose):
    """libsodium's crypto_kdf: BLAKE2b with the subkey's number as salt and the context as personalisation."""
    salt, person = (1).to_bytes(8, "little") + bytes(8), CONTEXTS[purpose] + bytes(8)
    return hashlib.blake2b(b"", digest_size=32, key=seed, salt=salt, person=person).digest()


def check_keys(vectors):
    for row in vectors:
        for purpose, key in row["keys"].items():
            what = f"{row['member']} {purpose}"
            seed = derived(hexadecimal(row["seed"]), purpose)
            equal(seed.hex(), key["seed"], what)
            public = (
                Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            )
            equal(public.hex(), key["key"], what)
            require(ledger.is_key(public), f"{what}: not an acceptable key")
            equal(ledger.thumbprint(public).hex(), key["thumbprint"], what)
            cose = ledger.decode(hexadecimal(key["coseKey"]), what)
            equal((cose[1], cose[-1], cose[-2]), (1, 6, public), what)
            equal(cose.get(2, ledger.thumbprint(public)), ledger.thumbprint(public), what)
        for name, purpose in (("logVerifier", "log"), ("cosignerVerifier", "cosigner")):
            equal(ledger.NoteKey(row[name]).key.hex(), row["keys"][purpose]["key"], row[name])
        equal(ledger.NoteKey(row["logVerifier"]).name, row["origin"], "log key name")
        equal(
            ledger.NoteKey(row["cosignerVerifier"]).name,
            f"{row['member']}.{row['origin'].split('/')[0]}",
            "cosigner key name",
        )
    return 5 * len(vectors)


def check_key_proofs(vectors):
    for row in vectors:
        key = hexadecimal(row["key"])
        message = ledger.key_proof(row["purpose"], row["member"], row["origin"], key)
        equal(message.hex(), row["message"], "message")
        signed(key, hexadecimal(row["proof"]), message, f"{row['member']} {row['purpose']}")
    return len(vectors)


def check_votes(vectors):
    for row in vectors:
        equal(VOTES[row["kind"]], row["kindName"], "kind")
        vote = [row["epoch"], row["kind"], row["view"], hexadecimal(row["proposal"])]
        message = ledger.vote_message(hexadecimal(row["chainID"]), vote)
        equal((len(message), message.hex()), (97, row["message"]), "message")
        signed(hexadecimal(row["key"]), hexadecimal(row["signature"]), message, f"{row['kindName']} by {row['member']}")
    require({row["kind"] for row in vectors} == set(VOTES), "a kind of vote is missing")
    return len(vectors)


def check_statements(vectors):
    founded = next(hexadecimal(row["bytes"]) for row in vectors if row["kind"] == "genesis")
    founders = ledger.Genesis(founded).validators
    for row in vectors:
        data, key = hexadecimal(row["bytes"]), hexadecimal(row["key"])
        statement = ledger.Statement(data)
        what = statement.name
        found = (statement.kind, statement.issuer, statement.subject, statement.origin, statement.time)
        equal(found, tuple(row[name] for name in ("kind", "issuer", "subject", "origin", "issuedAt")), what)
        equal(statement.bytes.hex(), row["bytes"], what)
        equal(statement.kid.hex(), row["kid"], what)
        equal(ledger.thumbprint(key).hex(), row["kid"], what)
        message = ledger.to_be_signed(statement.protected, statement.payload)
        equal(message.hex(), row["toBeSigned"], what)
        signed(key, statement.signature, message, what)
        equal(statement.body.hex(), row["body"], what)
        equal(statement.leaf.hex(), row["leafHash"], what)
        equal(statement.key.hex(), row["stateKey"], what)
        equal(len(statement.approvals), len(row["approvals"]), what)
        if statement.kind == "evidence":
            ledger.check_evidence(statement.value, ledger.sha256(founded), founders, what)
        for approval, other in zip(statement.approvals, row["approvals"]):
            equal((approval.issuer, approval.time), (other["approver"], other["issuedAt"]), what)
            message = ledger.to_be_signed(approval.protected, statement.body)
            equal(message.hex(), other["toBeSigned"], what)
            signed(hexadecimal(other["key"]), approval.signature, message, f"{what}, approval of {approval.issuer}")
    require({row["kind"] for row in vectors} == set(ledger.KINDS), "a kind of statement is missing")
    return len(vectors)


def check_headers(vectors):
    tree = []
    for row in vectors:
        data, what = hexadecimal(row["bytes"]), f"header {row['height']}"
        header = ledger.block_header(data, what)
        for name, value in header.items():
            if name != "ver":
                equal(value.hex() if isinstance(value, bytes) else value, row[name], f"{what}: {name}")
        equal(ledger.leaf_hash(data).hex(), row["leafHash"], what)
        equal(len(row["statements"]), header["count"], what)
        text = row["checkpointText"]
        digest = ledger.sha256(text.encode(), ledger.leaf_hash(data))
        equal(digest.hex(), row["blockDigest"], what)
        equal(text.split("\n")[1], str(header["index"] + 1), what)
        if tree:
            equal((header["previousIndex"], header["previousHash"].hex()), tree[-1], what)
        tree.append((header["index"], row["leafHash"]))
    return len(vectors)


def check_checkpoints(vectors):
    for row in vectors:
        note = ledger.Note(row["note"].encode())
        checkpoint = ledger.Checkpoint(note)
        found = (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
        equal(found, (row["origin"], row["size"], row["root"]), "checkpoint")
        for line in row["lines"]:
            key = ledger.NoteKey(line["verifier"])
            name, key_id, signature = ledger.Note.line(line["line"], "line")
            require((name, key_id, signature) in note.signatures, f"the line by {name} is not in the note")
            equal((name, key_id), (key.name, key.id), "signer")
            equal(key.timestamp(signature, note.text), row["time"] if key.type == 4 else 0, f"signature by {name}")
            signed(key.key, signature[-64:], line["message"].encode(), f"line by {name}")
    return len(vectors)


def check_receipts(vectors):
    for row in vectors:
        statement = ledger.Statement(hexadecimal(row["transparent"]), with_receipts=True)
        root, what = hexadecimal(row["root"]), statement.name
        equal(
            (statement.kind, statement.subject, statement.leaf.hex()),
            (row["kind"], row["subject"], row["leafHash"]),
            what,
        )
        equal([receipt.hex() for receipt in statement.receipts], [other["bytes"] for other in row["receipts"]], what)
        for data, other in zip(statement.receipts, row["receipts"]):
            receipt = ledger.Receipt(data, what)
            found = (receipt.kid.hex(), receipt.issuer, receipt.time, receipt.size, receipt.index)
            equal(found, tuple(other[name] for name in ("kid", "issuer", "issuedAt", "size", "index")), what)
            equal([hash_.hex() for hash_ in receipt.path], other["path"], what)
            equal(ledger.inclusion_root(receipt.index, receipt.size, statement.leaf, receipt.path, what), root, what)
            equal(ledger.to_be_signed(receipt.protected, root).hex(), other["toBeSigned"], what)
    return len(vectors)


class Intake(ledger.SignerHeader):
    """A node's word that it took a statement, and which block was the newest that it held; signed by its log key."""

    def __init__(self, data, what="intake"):
        require(len(data) <= INTAKE_BYTES_MAX, f"{what}: too long")
        self.protected, header, unprotected, self.payload, self.signature = ledger.sign1(data, what)
        require(not unprotected, f"{what}: the unprotected header is not empty")
        require(isinstance(self.payload, bytes), f"{what}: the payload is missing")
        super().__init__(header, what)
        numbers = ("size", "height", "epoch", "view")
        tests = {
            "kind": lambda v: isinstance(v, str) and v in ledger.KINDS,
            "issuer": lambda v: isinstance(v, str) and ledger.MEMBER.fullmatch(v),
            **dict.fromkeys(("entry", "chain", "root"), ledger.is_digest),
            **dict.fromkeys(numbers, lambda v: ledger.is_number(v) and v <= ledger.VIEW_MAX),
        }
        self.value = ledger.decode(self.payload, f"{what}: payload")
        ledger.fields(self.value, f"{what}: payload", tests)
        require(self.value["size"] // 2 > self.value["height"], f"{what}: too few leaves for so many blocks")

    def kind_of(self, content_type, what, approval):
        require(content_type == INTAKE_TYPE, f"{what}: the content type {content_type!r} is not that of an intake")
        return "intake"


def check_intakes(vectors):
    for row in vectors:
        intake, what = Intake(hexadecimal(row["bytes"])), f"intake by {row['node']}"
        found = (intake.issuer, intake.subject, intake.origin, intake.time, intake.kid.hex())
        equal(found, tuple(row[name] for name in ("node", "subject", "origin", "time", "kid")), what)
        for name, value in intake.value.items():
            equal(value.hex() if isinstance(value, bytes) else value, row[name], f"{what}: {name}")
        key, message = hexadecimal(row["key"]), ledger.to_be_signed(intake.protected, intake.payload)
        equal((ledger.thumbprint(key).hex(), message.hex()), (row["kid"], row["toBeSigned"]), what)
        signed(key, intake.signature, message, what)
        refused(lambda: ledger.Statement(hexadecimal(row["bytes"])), f"{what} as a statement")
        longer = ledger.encode({**intake.value, "more": 1})
        parts = [intake.protected, {}, longer, intake.signature]
        refused(lambda: Intake(ledger.encode(ledger.Tagged(18, parts))), f"{what} with another field")
    return len(vectors)


def check_consistency(vectors):
    for row in vectors:
        old, new = hexadecimal(row["oldRoot"]), hexadecimal(row["newRoot"])
        path = [hexadecimal(hash_) for hash_ in row["path"]]
        ledger.check_consistency(row["old"], old, row["new"], new, path, "proof")
        refused(lambda: ledger.check_consistency(row["old"], new[::-1], row["new"], new, path, "proof"), "another root")
    return len(vectors)


def check_map(vectors):
    count = 0
    for row in vectors:
        entries = {hexadecimal(entry["key"]): hexadecimal(entry["value"]) for entry in row["entries"]}
        root = ledger.map_root(entries)
        equal(root.hex(), row["root"], "root")
        for item in row["proofs"]:
            proof = ledger.MapProof(hexadecimal(item["proof"]))
            equal(proof.key.hex(), item["key"], "key")
            equal(proof.value, entries.get(proof.key), "value")
            equal((proof.terminal is not None, proof.depth), (item["terminal"], item["depth"]), "terminal and depth")
            proof.check(root)
            refused(lambda: proof.check(root[::-1]), "a proof under another root")
        count += len(row["proofs"])
    return count


def check_totals(vectors, policy):
    for row in vectors:
        data = row["file"].encode()
        proof = ledger.TlogProof(data)
        map_proof = ledger.MapProof(ledger.decode(proof.extra, "extra")[1])
        ledger.check_total(data, policy, ", ".join(row["subject"]), row["limit"], row["period"])
        refused(lambda: ledger.check_total(data, policy, country="XX"), "another country")
        equal(map_proof.key.hex(), row["key"], "key")
        equal(map_proof.value and map_proof.value.hex(), row["value"], "value")
        equal(proof.index, row["size"] - 1, "index")
        if row["value"] is not None:
            equal(ledger.consumed(ledger.account_total(map_proof.value, "value")), row["consumed"], "consumed")
    return len(vectors)


def check_trust_policy(vectors, genesis):
    policy = ledger.Policy(vectors["text"].encode())
    for row in vectors["quorums"]:
        equal(policy.is_met(row["signed"]), row["met"], f"the quorum of {row['signed']}")
    equal(ledger.validators_digest(genesis.validators).hex(), vectors["validators"], "digest of the validators")
    equal([key.key for key in policy.logs], [card["node"]["log"] for card in genesis.validators], "log keys")
    return len(vectors["quorums"])


def check_handoffs(vectors):
    chain = hexadecimal(vectors["chainID"])
    policies, genesis = ledger.epochs(hexadecimal(vectors["file"]), chain)
    equal(ledger.sha256(genesis), chain, "hash of the genesis")
    equal(ledger.Genesis(genesis).origin, vectors["origin"], "origin")
    equal(len(policies), len(vectors["epochs"]), "number of epochs")
    for policy, epoch in zip(reversed(policies), vectors["epochs"]):
        what = f"epoch {epoch['number']}"
        stated = ledger.Policy(epoch["policy"].encode())
        keys = lambda one: [(key.name, key.key) for key in [*one.logs, *one.witnesses.values()]]  # noqa: E731
        equal(keys(policy), keys(stated), f"{what}: keys of the policy")
        equal(policy.end, epoch["end"], f"{what}: end")
        names = ("id", "role")
        rows = [[row[n] if n in names else hexadecimal(row[n]) for n in (*names, "vote", "log", "cosigner")] for row in epoch["validators"]]
        equal(ledger.sha256(ledger.encode(sorted(rows))).hex(), epoch["digest"], f"{what}: digest of the validators")
    for row in vectors["refused"]:
        refused(lambda: ledger.epochs(hexadecimal(row["file"]), chain), row["why"])
    refused(lambda: ledger.epochs(hexadecimal(vectors["file"]), chain[::-1]), "another genesis hash")
    return len(vectors["epochs"])


def main():
    folder = pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).resolve().parent.parent / "vectors"
    read = lambda name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))  # noqa: E731
    genesis = ledger.Genesis((folder / "ledger/genesis.cose").read_bytes())
    policy = ledger.Policy(read("trust-policy")["text"].encode())
    source = ledger.Folder(str(folder / "ledger"))
    state = (folder / "ledger/state.cbor").read_bytes()
    checks = {
        "cbor": check_cbor, "ed25519": check_ed25519, "keys": check_keys, "key-proofs": check_key_proofs,
        "votes": check_votes, "statements": check_statements, "headers": check_headers,
        "checkpoints": check_checkpoints, "receipts": check_receipts, "intakes": check_intakes,
        "consistency": check_consistency,
        "map": check_map, "totals": lambda rows: check_totals(rows, policy),
        "trust-policy": lambda rows: check_trust_policy(rows, genesis), "handoffs": check_handoffs,
    }  # fmt: skip
    failed = False
    for name, check in checks.items():
        try:
            print(f"  pass  vectors: {check(read(name))} of {name} hold")
        except (ledger.Disproven, ledger.Unreadable, OSError, KeyError, ValueError) as problem:
            print(f"  FAIL  vectors: {name}: {problem!r}")
            failed = True
    code, lines = 0, []
    try:
        lines, _ = ledger.check_audit(source, policy, state)
    except (ledger.Disproven, ledger.Unreadable) as problem:
        code, lines = 1, [str(problem)]
    print(f"  {'FAIL' if code else 'pass'}  vectors: ledger: {lines[0]}")
    left = sorted(path.stem for path in folder.glob("*.json") if path.stem not in checks)
    print(f"  {'FAIL' if left else 'pass'}  vectors: every file is checked" + (f", but not {left}" if left else ""))
    return 1 if failed or code or left else 0


if __name__ == "__main__":
    sys.exit(main())
