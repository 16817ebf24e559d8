"""Casts two votes that contradict each other, by the keys in a validator's home, on a node's peer port.

    equivocate.py HOST:PORT NODE-SEED GENESIS EPOCH POSITION VIEW

POSITION is the validator's among those of the epoch.
"""

import hashlib
import pathlib
import sys
import time

import peer
from statements import cbor, derived_key

VOTE, NULLIFY, FINALIZE = 2, 2, 3


def main(address, seed_file, genesis_file, epoch, position, view):
    genesis = pathlib.Path(genesis_file).read_bytes()
    chain, key = hashlib.sha256(genesis).digest(), derived_key(seed_file, b"QLvote__")
    with peer.connect(address, derived_key(seed_file, b"QLtransp")) as connection:
        connection.sendall(peer.hello(genesis))
        for kind, proposal in ((NULLIFY, None), (FINALIZE, bytes([1]) * 32)):
            ballot = peer.vote(key, chain, int(epoch), kind, int(view), proposal, int(position))
            connection.sendall(peer.frame(peer.CONSENSUS, cbor([VOTE, ballot])))
        time.sleep(2)


main(*sys.argv[1:])
