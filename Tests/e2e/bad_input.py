"""Sends a node what it must refuse, and checks what it says and that nothing was stored.

    bad_input.py URL ORIGIN EXPORTER EXPORTER-SEED GOVERNMENT GOVERNMENT-SEED OTHER OTHER-SEED
"""

import hashlib
import sys
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from statements import (
    Checks, Member, Pairs, Raw, Tagged, cbor, claim, entry_hash, head, organisation, request, sign, statement_key,
)  # fmt: skip

ORGANISATION = "bad-input-univ"


def wrong_statements(member):
    """Name, bytes, expected code, expected field (or None): every way to be no statement at all."""
    good = member.statement("w-1", claim(ORGANISATION))
    protected = cbor(member.header("w-1"))
    payload = cbor(claim(ORGANISATION))
    key = member.key

    def body(**changes):
        return member.statement("w-1", {**claim(ORGANISATION), **changes})

    def header(**changes):
        return member.statement("w-1", claim(ORGANISATION), **changes)

    def with_payload(encoded):
        return sign(protected, encoded, key)

    def with_protected(encoded):
        return sign(encoded, payload, key)

    first, *rest = sorted(claim(ORGANISATION).items(), key=lambda pair: cbor(pair[0]))
    flipped = good[:-1] + bytes([good[-1] ^ 1])
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    yield "no bytes", b"", "empty-body", "body"
    for length in (1, 2, 40, len(good) // 2, len(good) - 1):
        yield f"the first {length} bytes", good[:length], "malformed", "$"
    yield "a trailing byte", good + b"\x00", "malformed", "$"
    yield "text", b"Please admit 1 H100.", "malformed", "$"
    yield "a deep nest of arrays", b"\x81" * 5000 + b"\x00", "malformed", "$"
    yield "an array that claims 2^62 items", b"\xd2" + head(4, 1 << 62), "malformed", "$"
    yield "65,536 bytes", good + bytes(65_536 - len(good)), "body-too-large", "body"
    yield "a megabyte", bytes(1_000_000), "body-too-large", "body"
    yield "no tag 18", good[1:], "malformed", "$"
    yield "tag 98", sign(protected, payload, key, tag=98), "malformed", "$"
    yield "an unprotected header", sign(protected, payload, key, {4: b"x"}), "malformed", "$.unprotected"
    yield "no payload", cbor(Tagged(18, [protected, {}, None, bytes(64)])), "payload-missing", "$.payload"
    yield "a short signature", cbor(Tagged(18, [protected, {}, payload, bytes(63)])), "malformed", "$.signature"
    yield "another algorithm", header(alg=-7), "bad-algorithm", "$.protected.1"
    yield "a duplicate key in the payload", with_payload(cbor(Pairs([first, first, *rest]))), "malformed", "$.payload"
    yield "unsorted keys in the payload", with_payload(cbor(Pairs([*rest, first]))), "malformed", "$.payload"
    yield "a payload that ends early", with_payload(payload[:-3]), "malformed", "$.payload"
    yield "a payload with a trailing byte", with_payload(payload + b"\xf6"), "malformed", "$.payload"
    yield "a quantity that is not shortest", body(
        lines=[{"sku": "h100-sxm", "quantity": Raw(b"\x18\x01")}]), "malformed", "$.payload"
    yield "a quantity in floating point", body(
        lines=[{"sku": "h100-sxm", "quantity": Raw(b"\xf9\x3c\x00")}]), "malformed", "$.payload"
    yield "an array of indefinite length", body(evidence=Raw(b"\x9f\xff")), "malformed", "$.payload"
    yield "text that is no UTF-8", body(destination=Raw(b"\x62\xc3\x28")), "malformed", "$.payload"
    yield "a duplicate label in the header", with_protected(
        cbor(Pairs([(1, -8), *sorted(member.header("w-1").items())]))), "malformed", "$.protected"
    yield "an unknown label in the header", with_protected(
        cbor({**member.header("w-1"), 99: 1})), "malformed", "$.protected.99"
    yield "a critical label", with_protected(
        cbor({**member.header("w-1"), 2: [99]})), "malformed", "$.protected"
    yield "an unknown field", body(price=100), "malformed", "$.payload.price"
    yield "a missing field", with_payload(cbor(dict([first, *rest][1:]))), "malformed", "$.payload"
    yield "a quantity of nothing", body(
        lines=[{"sku": "h100-sxm", "quantity": 0}]), "malformed", "$.payload.lines[0].quantity"
    yield "a quantity of 2^64-1", body(
        lines=[{"sku": "h100-sxm", "quantity": (1 << 64) - 1}]), "malformed", "$.payload.lines[0].quantity"
    yield "no lines", body(lines=[]), "malformed", "$.payload.lines"
    yield "too many lines", body(
        lines=[{"sku": "h100-sxm", "quantity": 1}] * 1000), "malformed", "$.payload.lines"
    yield "a country in lower case", body(destination="ke"), "malformed", "$.payload.destination"
    yield "a day that does not exist", body(exported="2026-02-30"), "malformed", "$.payload.exported"
    yield "a subject with a space", member.statement("w 1", claim(ORGANISATION)), "malformed", "$.protected.15.2"
    yield "the origin of another ledger", header(origin="quota.example/other"), "wrong-origin", "$.protected.15.3"
    yield "an issuer that is no member", header(issuer="nobody"), "unknown-issuer", "$.protected.15.1"
    yield "a key that is not the issuer's", header(key=stranger, kid=hashlib.sha256(b"x").digest()), "wrong-key", None
    yield "a flipped bit in the signature", flipped, "bad-signature", "$.signature"
    yield "a signature by another key", header(key=stranger), "bad-signature", "$.signature"
    yield "a time a year ahead", header(iat=1_900_000_000), "too-new", "$.protected.15.6"
    yield "a time years ago", header(iat=1_000_000_000), "too-old", "$.protected.15.6"
    yield "an organisation nobody registered", body(
        parties=[{"role": "ultimate_consignee", "organisation": "no-such-org"}]), "unknown-organisation", None
    yield "a chip that is not in the catalogue", body(
        lines=[{"sku": "h100-gold", "quantity": 1}]), "unknown-sku", None


# Name, method and path, body, its type.
WRONG_REQUESTS = [
    ("a path that is not there", "/v1/nothing", None),
    ("a tile of level 64", "/tile/64/000", None),
    ("a tile number that is no number", "/tile/0/abc", None),
    ("a tile number in the wrong form", "/tile/0/1", None),
    ("a partial tile of width 0", "/tile/0/000.p/0", None),
    ("a partial tile of width 256", "/tile/0/000.p/256", None),
    ("a tile beyond the tree", "/tile/0/x999/999", None),
    ("an entry that is no hash", "/entries/xyz", None),
    ("an entry nobody registered", "/entries/" + "00" * 32, None),
    ("a key nobody has", "/.well-known/scitt-keys/AAAA", None),
    ("a statement that is no number and no hash", "/v1/statements/-1", None),
    ("a statement beyond the log", "/v1/statements/99999999999999999999999", None),
    ("a country in three letters", "/v1/accounts/XYZ", None),
    ("a total of no country", "/v1/proof/total", None),
    ("a total of a country that is none", "/v1/proof/total?country=%00%00", None),
    ("consistency backwards", "/v1/proof/consistency?old=9&new=3", None),
    ("consistency beyond the log", "/v1/proof/consistency?old=1&new=99999999", None),
    ("consistency of no numbers", "/v1/proof/consistency?old=a&new=b", None),
    ("a room query without a country", "/v1/room", None),
    ("an unknown query parameter", "/v1/claims?issuer=atlas&colour=red", None),
    ("a batch that is no CBOR", "/v1/submit", b"\xff\xff\xff"),
    ("a batch that is no array", "/v1/submit", cbor({"a": 1})),
    ("an empty batch", "/v1/submit", cbor([])),
    ("a batch of 1,001 statements", "/v1/submit", cbor([b"x"] * 1001)),
    ("a dry run that is no CBOR", "/v1/dry-run", b"\xff"),
    ("a dry run of the wrong shape", "/v1/dry-run", cbor([1, 2, 3])),
    ("a dry run that names itself text", "/v1/dry-run;text", b"{"),
]


def check_statements(checks, url, member):
    for name, statement, code, field in wrong_statements(member):
        answer = request(url + "/entries", statement)
        problem = answer.problem()
        found = f"{answer.status} {problem or answer.body[:200]}"
        right = 400 <= answer.status < 500 and problem.get("code") == code
        if field:
            right = right and str(problem.get("field", "")).startswith(field)
        checks.expect(right, f"{name}: {code}" + (f" at {field}" if field else ""), found)


def check_requests(checks, url):
    for name, path, body in WRONG_REQUESTS:
        path, _, kind = path.partition(";")
        answer = request(url + path, body, content_type="text/plain" if kind else "application/cbor")
        problem = answer.problem()
        checks.expect(
            400 <= answer.status < 500 and bool(problem.get("code")),
            f"{name}: {answer.status} {problem.get('code')}",
            answer.body[:200],
        )


def check_concise_form(checks, url, member):
    """Without asking for JSON, a refusal is RFC 9290: a map of -1 (title) and -2 (detail)."""
    import cbor2

    wrong = member.statement("w-2", claim(ORGANISATION), origin="quota.example/other")
    answer = request(url + "/entries", wrong, accept="*/*")
    kind = answer.headers.get("Content-Type", "")
    checks.expect(kind.startswith("application/concise-problem-details+cbor"), "a refusal is RFC 9290 by default", kind)
    problem = cbor2.loads(answer.body)
    checks.expect(isinstance(problem, dict) and {-1, -2} <= set(problem), "with title and detail", problem)


def check_replay(checks, url, member):
    """The same bytes again give the same entry; other bytes under the same identity are refused."""
    good = member.statement("replayed-1", claim(ORGANISATION))
    first = request(url + "/entries", good)
    checks.expect(first.status == 201, "a right statement is registered", f"{first.status} {first.body[:300]}")
    size = settled_size(url)
    again = request(url + "/entries", good)
    same = again.status in (200, 201, 303) and again.headers.get("Location") == first.headers.get("Location")
    checks.expect(same, "replayed: the same bytes name the same entry", f"{again.status} {again.headers}")
    checks.expect(str(first.headers.get("Location", "")).endswith(entry_hash(good)), "the entry is the leaf hash")
    other = request(url + "/entries", member.statement("replayed-1", claim(ORGANISATION, quantity=2)))
    checks.expect(
        400 <= other.status < 500 and other.problem().get("code") == "conflict",
        "conflicting: other bytes under the same identity", f"{other.status} {other.body[:300]}",
    )  # fmt: skip
    checks.expect(settled_size(url) == size, "neither has added a leaf")


def checkpoint_size(url):
    return int(request(url + "/checkpoint").body.split(b"\n")[1])


def settled_size(url):
    """The size of the checkpoint once it has not moved for a second: cosignatures gather after a receipt."""
    size = checkpoint_size(url)
    while True:
        time.sleep(1)
        newer = checkpoint_size(url)
        if newer == size:
            return size
        size = newer


def main():
    url, origin, exporter, exporter_seed, government, government_seed, other, other_seed = sys.argv[1:]
    checks = Checks()
    agency = Member(government, origin, statement_key(government_seed))
    second = Member(other, origin, statement_key(other_seed))
    member = Member(exporter, origin, statement_key(exporter_seed))
    registered = request(url + "/entries", organisation(agency, second, ORGANISATION, "KE"))
    checks.expect(registered.status == 201, "an organisation is registered", f"{registered.status} {registered.body[:300]}")
    with_exporter = request(url + "/entries", organisation(agency, member, "other-org", "KE"))
    problem = with_exporter.problem().get("code")
    checks.expect(problem == "approvals-missing", "an exporter is no second government", with_exporter.body[:300])
    by_exporter = request(url + "/entries", organisation(member, agency, "other-org", "KE"))
    checks.expect(by_exporter.problem().get("code") == "not-authorised", "an exporter registers no organisation", by_exporter.body[:300])

    before = settled_size(url)
    check_statements(checks, url, member)
    check_requests(checks, url)
    check_concise_form(checks, url, member)
    checks.expect(settled_size(url) == before, "nothing of it was stored")
    check_replay(checks, url, member)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
