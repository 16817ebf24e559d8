"""Submits many small claims in batches and waits until all are final.

    bulk.py URL ORIGIN MEMBER SEED ORGANISATION COUNT [PREFIX]
"""

import json
import sys
import time

from statements import Member, cbor, claim, request, statement_key

BATCH = 500


def main():
    url, origin, name, seed, organisation, count, *prefix = sys.argv[1:]
    member, count = Member(name, origin, statement_key(seed)), int(count)
    prefix = prefix[0] if prefix else "bulk"
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        body = cbor([member.statement(f"{prefix}-{n}", claim(organisation, sku="l4")) for n in numbers])
        for _ in range(120):
            answer = request(url + "/v1/submit?wait=1", body, content_type="application/cbor", timeout=90)
            outcomes = json.loads(answer.body) if answer.status == 200 else []
            is_final = len(outcomes) == len(numbers) and all(o.get("state") == "final" for o in outcomes)
            if is_final or answer.status == 400:
                break
            time.sleep(0.5)
        if not is_final:
            print(f"claims from {first} on did not become final: {answer.status} {answer.body[:400]}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
