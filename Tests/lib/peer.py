"""What a node's peers say to it, spoken by a test: TLS, frames, votes."""

import datetime
import hashlib
import os
import socket
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HELLO, CONSENSUS = 0xF0, 0x01


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


def vote(key, chain, epoch, kind, view, proposal, position):
    """A vote as it goes over the wire; `proposal` is None to give the view up."""
    numbers = epoch.to_bytes(8, "big") + bytes([kind]) + view.to_bytes(8, "big")
    message = b"QLEDGER-VOTE-V1\0" + chain + numbers + (proposal or bytes(32))
    return [epoch, kind, view, proposal, position, key.sign(message)]
