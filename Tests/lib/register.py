"""Registers an organisation, signed by an agency.

    register.py URL ORIGIN AGENCY SEED ID COUNTRY
"""

import sys

from statements import Member, request, statement_key


def main():
    url, origin, agency, seed, name, country = sys.argv[1:]
    body = {"id": name, "location": country, "headquarters": country, "name": bytes(32)}
    statement = Member(agency, origin, statement_key(seed)).statement(name, body, kind="organisation")
    answer = request(url + "/entries", statement)
    print(answer.status, answer.body[:300])
    return 0 if answer.status == 201 else 1


if __name__ == "__main__":
    sys.exit(main())
