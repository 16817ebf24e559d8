"""Checks that every claim for which a receipt was given is on each node.

    receipts_kept.py FILE URL…        FILE as written by Tests/lib/load.py
"""

import sys

from statements import Checks, request


def main():
    path, *urls = sys.argv[1:]
    with open(path, encoding="ascii") as file:
        entries = [line for line in file.read().split("\n")[:-1] if line]
    checks = Checks()
    for url in urls:
        lost = [entry for entry in entries if request(f"{url}/entries/{entry}").status != 200]
        checks.expect(entries and not lost, f"{url} has all {len(entries)} claims with a receipt", lost[:5])
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
