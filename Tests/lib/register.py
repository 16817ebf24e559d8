"""Registers an organisation, signed by two agencies, and prints the hash of the entry.

    register.py URL ORIGIN FOLDER ID COUNTRY      FOLDER holds the homes of us-bis and nl-cdiu
"""

import pathlib
import sys

from statements import Member, entry_hash, organisation, request, statement_key


def main():
    url, origin, folder, name, country = sys.argv[1:]
    agencies = [
        Member(agency, origin, statement_key(pathlib.Path(folder, agency, "statement.seed")))
        for agency in ("us-bis", "nl-cdiu")
    ]
    statement = organisation(*agencies, name, country)
    answer = request(url + "/entries", statement)
    if answer.status != 201:
        print(answer.status, answer.body[:300], file=sys.stderr)
        return 1
    print(entry_hash(statement))
    return 0


if __name__ == "__main__":
    sys.exit(main())
