"""A witness of one log, outside the ledger: C2SP tlog-witness v1.0.0, with the state in memory.

    witness.py PORT NAME LOG_KEY...     serves POST /add-checkpoint on 127.0.0.1:PORT and prints its own
                                        verifier key; LOG_KEYs are those of the ledger's nodes

It believes the log's signature and the consistency proof, nothing else. GET /asked answers the number of
requests by the status that they got; POST /fail makes it answer 500 until POST /mend, POST /slow a second late.
"""

import base64
import collections
import hashlib
import http.server
import json
import pathlib
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "second"))

import ledger_check as ledger  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402

COSIGNATURE = b"\x04"


class Refused(Exception):
    def __init__(self, status, text="", kind="text/plain"):
        super().__init__(text)
        self.status, self.text, self.kind = status, text, kind


class Witness:
    def __init__(self, name, log_keys):
        self.name = name
        self.key = Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]
        self.logs = []
        for vkey in log_keys:
            origin, key_id, material = vkey.split("+", 2)
            self.logs.append((origin, bytes.fromhex(key_id), base64.b64decode(material)[1:]))
        self.size, self.root = 0, hashlib.sha256().digest()
        self.lock = threading.Lock()
        self.asked = collections.Counter()
        self.fails, self.delay = False, 0

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(COSIGNATURE + self.public).decode()}"

    def answer(self, body):
        """The cosignature line for a request."""
        if self.fails:
            raise Refused(500)
        try:
            head, note = body.split(b"\n\n", 1)
            first, *proof = head.decode().split("\n")
            word, old = first.split(" ")
            path = [base64.b64decode(line, validate=True) for line in proof]
            if word != "old" or str(int(old)) != old or len(path) > 63 or any(len(h) != 32 for h in path):
                raise ValueError
            text, _, lines = note.partition(b"\n\n")
            text += b"\n"
            origin, size, root = text.decode().split("\n")[:3]
            size, root = int(size), base64.b64decode(root, validate=True)
            signatures = [line.split(" ")[1:] for line in lines.decode().split("\n")[:-1]]
        except ValueError:
            raise Refused(400) from None
        logs = [log for log in self.logs if log[0] == origin]
        if not logs:
            raise Refused(404)
        if not any(self.signed(text, log, signatures) for log in logs):
            raise Refused(403)
        return self.cosign(text, int(old), size, root, path)

    @staticmethod
    def signed(text, log, signatures):
        for name, encoded in signatures:
            data = base64.b64decode(encoded)
            if name == log[0] and data[:4] == log[1] and ledger.is_signed(log[2], data[4:], text):
                return True
        return False

    def cosign(self, text, old, size, root, path):
        with self.lock:
            if old > size:
                raise Refused(400)
            if old != self.size:
                raise Refused(409, f"{self.size}\n", "text/x.tlog.size")
            try:
                if old == 0:
                    ledger.require(not path, "the empty tree needs no proof")
                else:
                    ledger.check_consistency(old, self.root, size, root, path, "the proof")
            except ledger.Disproven as problem:
                raise Refused(422, str(problem)) from None
            self.size, self.root = size, root
        now = int(time.time())
        signature = self.key.sign(b"cosignature/v1\ntime %d\n" % now + text)
        line = base64.b64encode(self.id + struct.pack(">Q", now) + signature).decode()
        return f"\u2014 {self.name} {line}\n"


def main():
    port, name, log_keys = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    witness = Witness(name, log_keys)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path in ("/fail", "/slow", "/mend"):
                witness.fails, witness.delay = self.path == "/fail", self.path == "/slow"
                return self.reply(200, "", "text/plain")
            try:
                status, text, kind = 200, witness.answer(body), "text/plain"
            except Refused as refused:
                status, text, kind = refused.status, refused.text, refused.kind
            witness.asked[str(status)] += 1
            time.sleep(witness.delay)
            self.reply(status, text, kind)

        def do_GET(self):
            self.reply(200, json.dumps(witness.asked, sort_keys=True) + "\n", "application/json")

        def reply(self, status, text, kind):
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    print(witness.vkey, flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


main()
