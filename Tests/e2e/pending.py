"""A claim that is submitted while no quorum is there.

    pending.py submit FILE URL ORIGIN MEMBER SEED ORGANISATION     must be told that it waits
    pending.py fill URL ORIGIN MEMBER SEED ORGANISATION            until the pool of 100 is full
    pending.py final FILE URL…                                     must become final on every node
"""

import base64
import json
import sys
import time

from statements import Checks, Member, cbor, claim, entry_hash, request, statement_key


def submit(checks, path, url, origin, name, seed, organisation):
    statement = Member(name, origin, statement_key(seed)).statement("waits-1", claim(organisation, sku="l4"))
    answer = request(url + "/entries", statement)
    checks.expect(answer.status in (202, 303, 503), "a claim is not called final", f"{answer.status} {answer.body[:300]}")
    checks.expect(answer.headers.get("Retry-After"), "the client is told when to ask again", answer.headers)
    where = request(f"{url}/entries/{entry_hash(statement)}")
    checks.expect(where.status in (302, 503), "asking again says that it still waits", f"{where.status} {where.body[:300]}")
    with open(path, "wb") as file:
        file.write(base64.b64encode(statement))


def fill(checks, url, origin, name, seed, organisation):
    member = Member(name, origin, statement_key(seed))
    many = [member.statement(f"fills-{number}", claim(organisation, sku="l4")) for number in range(150)]
    answer = request(url + "/v1/submit", cbor(many), content_type="application/cbor")
    states = [outcome.get("state") for outcome in outcomes(answer)]
    checks.expect("pool-full" in states, "a batch over the pool's bound is taken in part", sorted(set(states)))
    checks.expect("pending" in states, "and the part that fits waits", states[:3])
    one = request(url + "/entries", member.statement("one-too-many", claim(organisation, sku="l4")))
    checks.expect(one.status == 429, "a full pool answers 429", f"{one.status} {one.body[:300]}")
    checks.expect(one.headers.get("Retry-After"), "with Retry-After", one.headers)


def outcomes(answer):
    """The outcomes of a batch, whatever the document around them."""
    document = json.loads(answer.body)
    return document if isinstance(document, list) else document.get("outcomes", [])


def final(checks, path, *urls):
    with open(path, "rb") as file:
        statement = base64.b64decode(file.read())
    for url in urls:
        end = time.monotonic() + 120
        while (answer := request(f"{url}/entries/{entry_hash(statement)}")).status != 200 and time.monotonic() < end:
            time.sleep(0.5)
        checks.expect(answer.status == 200, f"the waiting claim is final on {url}", f"{answer.status} {answer.body[:300]}")
    again = request(urls[0] + "/entries", statement)
    checks.expect(again.status in (200, 201), "submitting it again is safe", f"{again.status} {again.body[:300]}")


def main():
    checks = Checks()
    {"submit": submit, "fill": fill, "final": final}[sys.argv[1]](checks, *sys.argv[2:])
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
