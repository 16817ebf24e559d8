"""Lets the members of a test ledger govern, so that the explorer has something to show.

    explorer_governance.py FOLDER ORIGIN URL

jp-meti suspends boreal; us-bis proposes to expel it, and nl-cdiu approves, which is enough of three governments.
"""

import pathlib
import sys

from statements import Checks, Member, cbor, request, statement_key


def main(folder, origin, url):
    checks = Checks()
    members = {
        name: Member(name, origin, statement_key(pathlib.Path(folder, name, "statement.seed")))
        for name in ["us-bis", "nl-cdiu", "jp-meti"]
    }

    def send(name, kind, subject, body, description):
        payload = {"body": cbor(body), "approvals": []} if kind != "suspension" else body
        answer = request(f"{url}/entries", members[name].statement(subject, payload, kind=kind))
        checks.expect(answer.status == 201, description, f"{answer.status} {answer.body[:300]}")

    send("jp-meti", "suspension", "S-2026-01", {"member": "boreal", "reason": "A key may be stolen."}, "jp-meti suspends boreal")
    action = {"kind": "expel", "member": "boreal"}
    send("us-bis", "proposal", "P-2026-01", {"action": action, "reason": "It was not theirs to lose."}, "us-bis proposes to expel boreal")
    vote = {"on": ["proposal", "us-bis", "P-2026-01"], "choice": "approve"}
    send("nl-cdiu", "vote", "proposal/us-bis/P-2026-01", vote, "nl-cdiu approves")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
