#!/usr/bin/env python3
"""Makes tampered copies of everything that a ledger proves, each with the question that must refuse it.

    tamper.py LEDGER OUT [--keys FILE] [--seed N] [--most N]

LEDGER is a folder as `quota-vectors --claims N` writes it: trust-policy, genesis.cose, checkpoint, old.checkpoint,
consistency.json, state.cbor, tile/..., any number of *.scitt, *.tlog-proof, *.disclosure and *.html (certificates).
Nothing is listed by hand: every artefact is taken apart, and each field of it changed, cut, swapped with a neighbour,
repeated, and spelt in a second way. With --keys (`keys.json` of Tests/vectors) whole logs are forged too: leaves changed, every tile and root
computed again, and the false checkpoint signed by all validators together.

OUT/manifest.json lists the cases; run_cases.py and README.md beside this file say what its fields mean. The same
seed makes the same cases.
"""

import argparse
import base64
import json
import pathlib
import random
import shutil
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]

import ledger_check as ledger  # noqa: E402
from apart import INSIDE, cbor_cases, container_variants, raw_cases, text_cases, tree, turned, variants  # noqa: E402
from forge import forgeries  # noqa: E402
from statements import Tagged, cbor  # noqa: E402

# With --most, places of one artefact beyond so many are taken at a fixed stride.
PLACES_MAX = 400


# --- Artefacts --------------------------------------------------------------------------------


class Workshop:
    """Collects cases and writes them."""

    def __init__(self, source, out, seed):
        self.source, self.out, self.draw = pathlib.Path(source), pathlib.Path(out), random.Random(seed)
        self.cases, self.seed = [], seed
        if self.out.exists():
            shutil.rmtree(self.out)
        shutil.copytree(self.source, self.out / "base")
        self.policy = ledger.Policy(self.base("trust-policy"))

    def base(self, name):
        return (self.out / "base" / name).read_bytes()

    def case(self, artefact, question, change, files, expect="refused", overlay=None, place=""):
        """Adds a case; `files` maps a role to bytes, or to the name of a file that is there."""
        self.cases.append(
            {"artefact": artefact, "question": question, "place": place, "change": change, "expect": expect,
             "files": files, **({"overlay": overlay} if overlay else {})}
        )  # fmt: skip

    def tampered(self, artefact, question, role, files, copies, neutral=lambda *_: False):
        """One case for each field and operation of `copies`; of fields in a list, one is drawn."""
        original = files[role]
        by_field = {}
        for path, operation, detail, data in copies:
            if data != original:
                field = "/".join(
                    "*" if isinstance(step, int) and step >= 0 and step < 64 and not is_label(path, step) else str(step)
                    for step in path
                )
                by_field.setdefault((field, operation, kind(detail)), []).append((path, operation, detail, data))
        for (_, operation, _), found in by_field.items():
            path, operation, detail, data = self.draw.choice(found)
            place = "/".join(str(step) for step in path if step != "") or "the whole"
            expect = "accepted" if neutral(path, operation, detail, data) else "refused"
            change = f"{place} {operation}" + (f": {detail}" if detail else "")
            self.case(artefact, question, change, {**files, role: data}, expect, place=place)

    def drawn(self, most):
        """About so many cases of each artefact: those to be accepted, one for each place, then any."""
        by_artefact = {}
        for case in self.cases:
            by_artefact.setdefault(case["artefact"], []).append(case)
        for cases in by_artefact.values():
            self.draw.shuffle(cases)
            places = {case["place"]: case for case in reversed(cases)}
            first = [case for case in cases if case["expect"] == "accepted" or places[case["place"]] is case]
            if len(first) > PLACES_MAX:
                stride = -(-len(first) // PLACES_MAX)
                first = [case for at, case in enumerate(first) if case["expect"] == "accepted" or at % stride == 0]
            yield from (
                (first + [case for case in cases if case not in first])[: max(most, len(first))] if most else cases
            )

    def write(self, number, name, data):
        """Writes bytes as a file of a case; a name of a file that is there stays."""
        if not isinstance(data, bytes):
            return data
        path = self.out / "cases" / number / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return f"cases/{number}/{name}"

    def finish(self, most):
        """Writes the cases and their manifest."""
        cases = []
        for place, case in enumerate(self.drawn(most), 1):
            number = f"{place:04}"
            written = {"id": number, **case}
            written["files"] = {role: self.write(number, role, data) for role, data in case["files"].items()}
            if "overlay" in case:
                written["overlay"] = {
                    name: self.write(number, f"overlay/{name}", data) for name, data in case["overlay"].items()
                }
            cases.append(written)
        manifest = {"format": 1, "seed": self.seed, "cases": cases}
        (self.out / "manifest.json").write_text(
            json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return cases


def is_label(path, step):
    """Whether a small number is the label of a header and not a place in a list."""
    where = path.index(step)
    return where > 0 and path[where - 1] in (INSIDE, 15)


def kind(detail):
    """The detail without numbers, so that one of many like it is drawn."""
    return (
        "".join(letter for letter in detail if not letter.isdigit())
        if detail.startswith("item") or " and " in detail
        else detail
    )


def minimal_note(note, policy):
    """The note with one log line and as many cosignatures as the quorum needs: each line then counts."""
    text, _, lines = note.decode().rpartition("\n\n")
    origin = text.split("\n")[0]
    logs = [line for line in lines.splitlines() if line.startswith(f"— {origin} ")]
    others = [line for line in lines.splitlines() if line not in logs]
    for count in range(len(others) + 1):
        data = "\n".join([text, "", logs[0], *others[:count], ""]).encode()
        try:
            ledger.Signed(data, policy)
            return data
        except ledger.Disproven:
            continue
    raise SystemExit("the checkpoint does not meet the policy's quorum")


def minimal_statement(data, policy):
    """The Transparent Statement with as many receipts as are needed: each receipt then counts."""
    value = tree(ledger.decode(data, "statement"))
    need = ledger.enough(len(policy.logs))
    receipts = value.value[1][394][:need]
    return cbor(Tagged(18, [value.value[0], {394: receipts}, *value.value[2:]]))


def signature_order(path, operation, detail, _data):
    """Which signature line comes first means nothing, and a line that is there twice says nothing new."""
    whole_line = len(path) == 1 and path[0].startswith("signature line")
    return whole_line and operation in ("swapped", "repeated")


def receipt_order(path, operation, detail, _data):
    """The same for receipts: their order means nothing, and one that is there twice counts once."""
    return path == ("", 1, 394) and operation in ("swapped", "repeated") and "more" not in detail


def receipts(shop):
    for file in sorted((shop.out / "base").glob("*.scitt")):
        data = minimal_statement(file.read_bytes(), shop.policy)
        files = {"file": data, "policy": "base/trust-policy", "genesis": "base/genesis.cose"}
        shop.case("receipt", "receipt", "untampered", files, "accepted")
        shop.tampered("receipt", "receipt", "file", files, cbor_cases(data, shop.draw), receipt_order)


def disclosures(shop):
    for file in sorted((shop.out / "base").glob("*.disclosure")):
        mark, statement, openings = ledger.decode(file.read_bytes(), "disclosure")
        data = cbor([mark, minimal_statement(statement, shop.policy), openings])
        files = {"file": data, "policy": "base/trust-policy", "genesis": "base/genesis.cose"}
        shop.case("disclosure", "disclosure", "untampered", files, "accepted")
        shop.tampered("disclosure", "disclosure", "file", files, cbor_cases(data, shop.draw), opened_order)


def opened_order(path, operation, detail, data):
    """As for receipts, and for a value that is opened twice."""
    inside = path[2:] if path[:2] == (1, INSIDE) else ()
    twice = path == (2,) and operation in ("swapped", "repeated") and "more" not in detail
    return twice or receipt_order(inside, operation, detail, data)


def certificates(shop):
    """Every line of a page, and every field of what is attached to it, which the page then does not follow from."""
    mark = b"base64,"
    for file in sorted((shop.out / "base").glob("*.html")):
        page = file.read_bytes()
        files = {"file": page, "policy": "base/trust-policy", "genesis": "base/genesis.cose"}
        shop.case("certificate", "certificate", "untampered", files, "accepted")
        shop.tampered("certificate", "certificate", "file", files, text_cases(page, shop.draw))
        before, _, rest = page.partition(mark)
        attached, _, after = rest.partition(b'"')
        copies = (
            (("attachment", *path), operation, detail, before + mark + base64.b64encode(data) + b'"' + after)
            for path, operation, detail, data in cbor_cases(base64.b64decode(attached), shop.draw)
        )
        shop.tampered("certificate", "certificate", "file", files, copies)


def totals(shop):
    for file in sorted((shop.out / "base").glob("*.tlog-proof")):
        top, _, note = file.read_bytes().partition(b"\n\n")
        data = top + b"\n\n" + minimal_note(note, shop.policy)
        files = {"file": data, "policy": "base/trust-policy"}
        name = (
            "absence"
            if ledger.MapProof(ledger.decode(ledger.TlogProof(data).extra, "extra")[1]).value is None
            else "total"
        )
        shop.case(name, "total", "untampered", files, "accepted")
        shop.tampered(name, "total", "file", files, text_cases(data, shop.draw), signature_order)
        shop.tampered(name, "total", "file", files, extra_cases(data, shop.draw), still_absent(data))


def still_absent(original):
    """Whether the key of an absence became another one that stands at the same empty place: that is true as well."""
    old = ledger.MapProof(ledger.decode(ledger.TlogProof(original).extra, "extra")[1])
    place = ledger.sha256(old.key)

    def is_true(path, operation, detail, data):
        if old.value is not None or path[:4] != ("extra", 1, INSIDE, 1):
            return False
        try:
            proof = ledger.MapProof(ledger.decode(ledger.TlogProof(data).extra, "extra")[1])
            ledger.account_key(proof.key, "extra")
        except ledger.Disproven:
            return False
        found = ledger.sha256(proof.key)
        return all(ledger.bit(found, at) == ledger.bit(place, at) for at in range(old.depth))

    return is_true


def extra_cases(data, draw):
    """The fields inside a total proof's `extra`."""
    lines = data.split(b"\n")
    extra = base64.b64decode(lines[1].split(b" ")[1])
    for path, operation, detail, changed in cbor_cases(extra, draw):
        lines[1] = b"extra " + base64.b64encode(changed)
        yield ("extra", *path), operation, detail, b"\n".join(lines)


def checkpoints(shop):
    data = minimal_note(shop.base("checkpoint"), shop.policy)
    files = {"file": data, "policy": "base/trust-policy"}
    shop.case("checkpoint", "checkpoint", "untampered", files, "accepted")
    shop.tampered("checkpoint", "checkpoint", "file", files, text_cases(data, shop.draw), signature_order)


def consistency(shop):
    old, new = (minimal_note(shop.base(name), shop.policy) for name in ("old.checkpoint", "checkpoint"))
    proof = shop.base("consistency.json")
    files = {"old": old, "new": new, "proof": proof, "policy": "base/trust-policy"}
    shop.case("consistency", "consistency", "untampered", files, "accepted")
    shop.case("consistency", "consistency", "old and new swapped", {**files, "old": new, "new": old})
    for role in ("old", "new"):
        shop.tampered("consistency", "consistency", role, files, text_cases(files[role], shop.draw), signature_order)
    document = json.loads(proof)
    copies = []
    for name, value in document.items():
        for operation, detail, changed in json_variants(value, shop.draw):
            copies.append(((name,), operation, detail, json.dumps({**document, name: changed}).encode()))
        copies.append(
            ((name,), "cut", "the field", json.dumps({k: v for k, v in document.items() if k != name}).encode())
        )
    copies += raw_cases(proof, shop.draw)
    neutral = last_newline if proof.endswith(b"\n") else lambda *_: False
    shop.tampered("consistency proof", "consistency", "proof", files, copies, neutral)


def last_newline(path, operation, detail, _data):
    """JSON and policies end in a newline, or in two."""
    return path == ("bytes",) and detail == "the last byte"


def json_variants(value, draw):
    if isinstance(value, list):
        hashes = [base64.b64decode(item) for item in value]
        for operation, detail, changed in container_variants(hashes, draw):
            yield operation, detail, [
                base64.b64encode(item).decode() if isinstance(item, bytes) else item for item in changed
            ]
        for place, hash_ in enumerate(hashes):
            for operation, detail, changed in variants(hash_, draw):
                if operation != "respelt":
                    other = [*value[:place], base64.b64encode(changed).decode(), *value[place + 1 :]]
                    yield operation, f"hash {place} {detail}", other
    else:
        yield "changed", "one more", value + 1
        yield "changed", "one less", value - 1
        yield "respelt", "as text", str(value)


def policies(shop):
    proof = next(iter(sorted((shop.out / "base").glob("total.tlog-proof"))), None) or next(
        (shop.out / "base").glob("*.tlog-proof")
    )
    top, _, note = proof.read_bytes().partition(b"\n\n")
    note = minimal_note(note, shop.policy)
    policy = shop.base("trust-policy")
    files = {"file": top + b"\n\n" + note, "policy": policy}
    signer = note.decode().rpartition("\n\n")[2].split()[2]
    shop.case("trust policy", "total", "untampered", files, "accepted")
    shop.tampered(
        "trust policy",
        "total",
        "policy",
        files,
        text_cases(policy, shop.draw),
        lambda *args: policy_is_enough(signer, policy, *args),
    )


def policy_is_enough(signer, policy, path, operation, detail, data):
    """What a policy says is believed, so only what stays a policy that the proof meets is told apart here.

    Where a log or witness can be reached is no matter of trust; a log key that did not sign is not missed; the order
    of logs means nothing, nor does a blank at the end of a line.
    """
    if len(path) == 2 and path[1] in ("word 3", "word 4"):
        line = policy.decode().split("\n")[int(path[0].split(" ")[1]) - 1].split(" ")
        return line[int(path[1].split(" ")[1]) - 1].startswith("http") and operation != "repeated"
    if operation == "respelt" and detail.startswith("a blank"):
        return True
    if operation == "repeated" and last_newline(path, operation, detail, data):
        return True
    if path[0].endswith("(log)") and len(path) == 1:
        key = ledger.NoteKey(policy.decode().split("\n")[int(path[0].split(" ")[1]) - 1].split(" ")[1])
        is_signer = base64.b64decode(signer)[:4] == key.id
        return (operation == "cut" and not is_signer) or (operation == "swapped" and b"\nlog" in data)
    if path[0].endswith("(witness)") and len(path) == 1 and operation == "swapped":
        following = policy.decode().split("\n")[int(path[0].split(" ")[1])]
        return following.startswith("witness")
    return False


def audits(shop):
    """Every file of the log changed, cut, taken away, or swapped with another."""
    files = {"folder": "base", "policy": "base/trust-policy", "state": "base/state.cbor"}
    shop.case("log", "audit", "untampered", files, "accepted")
    base = shop.out / "base"
    tiles = sorted(str(path.relative_to(base)) for path in base.glob("tile/**/*") if path.is_file())
    for name in tiles:
        data = shop.base(name)
        cases = list(raw_cases(data, shop.draw)) + list(entry_cases(data) if "entries" in name else hash_cases(data))
        cases += [
            (
                (f"byte {place}",),
                "changed",
                "",
                turned(data[place : place + 1], shop.draw).join([data[:place], data[place + 1 :]]),
            )
            for place in shop.draw.sample(range(len(data)), min(8, len(data)))
        ]
        for path, operation, detail, changed in cases:
            if changed != data:
                shop.case(
                    "bundle" if "entries" in name else "tile",
                    "audit",
                    f"{name}: {path[0]} {operation} {detail}".strip(),
                    files,
                    overlay={name: changed},
                    place=f"{name} {path[0]}",
                )
        shop.case("log", "audit", f"{name} taken away", files, overlay={name: None}, place=name)
    for name, other in zip(tiles, tiles[1:]):
        shop.case(
            "log",
            "audit",
            f"{name} and {other} swapped",
            files,
            overlay={name: shop.base(other), other: shop.base(name)},
            place=name,
        )


def hash_cases(data):
    hashes = [data[at : at + 32] for at in range(0, len(data), 32)]
    yield ("last hash",), "cut", "", b"".join(hashes[:-1])
    yield ("last hash",), "repeated", "", b"".join([*hashes, hashes[-1]])
    if len(hashes) > 1:
        yield ("first two hashes",), "swapped", "", b"".join([hashes[1], hashes[0], *hashes[2:]])
        yield ("first hash",), "repeated", "over the second", b"".join([hashes[0], hashes[0], *hashes[2:]])


def entries_of(bundle):
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entries.append(bundle[at : at + 2 + length])
        at += 2 + length
    return entries


def entry_cases(data):
    entries = entries_of(data)
    last = len(entries) - 1
    yield ("last entry",), "cut", "", b"".join(entries[:-1])
    yield ("last entry",), "repeated", "", b"".join([*entries, entries[-1]])
    yield ("last two entries",), "swapped", "", b"".join([*entries[: last - 1], entries[last], entries[last - 1]])
    yield ("last entry",), "repeated", "over the one before", b"".join(
        [*entries[: last - 1], entries[last], entries[last]]
    )


def main():
    parser = argparse.ArgumentParser(description="Makes tampered copies of what a ledger proves.")
    parser.add_argument("ledger")
    parser.add_argument("out")
    parser.add_argument("--keys", help="keys.json of the ledger's validators, to forge whole logs as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=0, help="about so many cases of each artefact, drawn; 0 is all")
    options = parser.parse_args()
    shop = Workshop(options.ledger, options.out, options.seed)
    for make in (receipts, disclosures, certificates, totals, checkpoints, consistency, policies, audits):
        make(shop)
    if options.keys:
        forgeries(shop, json.loads(pathlib.Path(options.keys).read_text(encoding="utf-8")))
    cases = shop.finish(options.most)
    refused = sum(case["expect"] == "refused" for case in cases)
    print(f"{len(cases)} cases in {options.out}, {refused} of them tampered")


if __name__ == "__main__":
    main()
