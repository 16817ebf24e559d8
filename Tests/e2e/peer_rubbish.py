"""Speaks TLS on a node's peer port, first as a stranger and then as a member that has gone wrong.

    peer_rubbish.py HOST:PORT NODE-SEED LOG MEMBER GENESIS
"""

import os
import sys
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from peer import CONSENSUS, connect, frame, hello
from statements import Checks, derived_key

RUBBISH = bytes(range(1, 200)) * 20


def is_disconnected(connection, data):
    """Sends, then reads until the other side closes. False if it never does."""
    try:
        connection.sendall(data)
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def names(log, mark, who, why):
    """Whether a line since `mark` names both who and why; half a minute for slow machines."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with open(log, encoding="utf-8", errors="replace") as file:
            file.seek(mark)
            if any(who in line and why in line for line in file.read().splitlines()):
                return True
        time.sleep(0.2)
    return False


def main():
    address, seed_file, log, member, genesis_file = sys.argv[1:]
    with open(genesis_file, "rb") as file:
        genesis = file.read()
    checks = Checks()
    right, stranger = derived_key(seed_file, b"QLtransp"), Ed25519PrivateKey.generate()
    begin, who = hello(genesis), f'"peer":"{member}"'
    cases = [
        ("a stranger's key", stranger, begin, "127.0.0.1", "a key that is not the member's"),
        ("a member's hello of another ledger", right, hello(b"another ledger"), who, "is on ledger"),
        ("a member's rubbish instead of a hello", right, RUBBISH, who, "where a hello was expected"),
        ("a member's message of an unknown kind", right, begin + frame(0x7E, b"?"), who, "does not exist"),
        ("a member's message that is rubbish inside", right, begin + frame(CONSENSUS, RUBBISH), who, "malformed message"),
        ("a member's message over its bound", right, begin + frame(CONSENSUS, b"", 1 << 31), who, "the limit is"),
    ]
    for name, key, data, named, why in cases:
        mark = os.path.getsize(log)
        try:
            with connect(address, key) as connection:
                ended = is_disconnected(connection, data)
        except OSError:
            ended = True
        checks.expect(ended, f"{name} is disconnected")
        checks.expect(names(log, mark, named, why), f"{name}: {named} and '{why}' are in the log")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
