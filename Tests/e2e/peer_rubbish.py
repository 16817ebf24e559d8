"""Speaks TLS on a node's peer port, first as a stranger and then as a member that has gone wrong.

    peer_rubbish.py HOST:PORT NODE-SEED LOG MEMBER GENESIS
"""

import datetime
import hashlib
import os
import socket
import ssl
import sys
import tempfile
import time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from statements import Checks

HELLO, VOTE = 0xF0, 0x01
RUBBISH = bytes(range(1, 200)) * 20


def transport_key(seed_file):
    """libsodium's crypto_kdf, context `QLtransp`, number 1."""
    with open(seed_file, encoding="ascii") as file:
        master = bytes.fromhex(file.read().strip())
    salt = (1).to_bytes(8, "little") + bytes(8)
    seed = hashlib.blake2b(b"", digest_size=32, key=master, salt=salt, person=b"QLtransp" + bytes(8)).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "quota-ledger")])
    moment = datetime.datetime(2020, 1, 1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, moment, moment.replace(year=2099))
    return builder.sign(key, None)


def connect(address, key):
    """A TLS 1.3 connection that shows a self-signed certificate of the key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(certificate(key).public_bytes(Encoding.PEM))
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        context.load_cert_chain(file.name)
    finally:
        os.unlink(file.name)
    host, port = address.rsplit(":", 1)
    return context.wrap_socket(socket.create_connection((host, int(port)), timeout=30))


def frame(kind, payload, length=None):
    return (len(payload) if length is None else length).to_bytes(4, "big") + bytes([kind]) + payload


def hello(genesis):
    chain = hashlib.sha256(genesis).digest()
    return frame(HELLO, b"QLEDGER-PEER" + (1).to_bytes(2, "big") + bytes([len(chain)]) + chain)


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
    right, stranger = transport_key(seed_file), Ed25519PrivateKey.generate()
    begin, who = hello(genesis), f'"peer":"{member}"'
    cases = [
        ("a stranger's key", stranger, begin, "127.0.0.1", "a key that is not the member's"),
        ("a member's hello of another ledger", right, hello(b"another ledger"), who, "is on ledger"),
        ("a member's rubbish instead of a hello", right, RUBBISH, who, "where a hello was expected"),
        ("a member's message of an unknown kind", right, begin + frame(0x7E, b"?"), who, "does not exist"),
        ("a member's message that is rubbish inside", right, begin + frame(VOTE, RUBBISH), who, "malformed message"),
        ("a member's message over its bound", right, begin + frame(VOTE, b"", 1 << 31), who, "the limit is"),
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
