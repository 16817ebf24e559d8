"""Clients that note every request and every answer, and readers that note what each node says of the ledger."""

import itertools
import json
import random
import threading
import time
import urllib.error
import zlib

from statements import Member, cbor, claim, entry_hash, request, statement_key
from world import ORIGIN

# One country whose cap the night exhausts, one where there is always room.
SCARCE, PLENTY = "MY", "KE"


class History:
    """What was asked and answered, in memory and as one JSON object a line."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "w", encoding="utf-8")
        self.submissions = []
        self.views = []

    def note(self, kind, **facts):
        record = {"kind": kind, "at": round(time.time(), 3), **facts}
        with self.lock:
            (self.submissions if kind == "submission" else self.views).append(record)
            self.file.write(json.dumps(record) + "\n")
            self.file.flush()


class Clients:
    """Threads that submit claims, some of them to several nodes at once, some again."""

    def __init__(self, world, history, pause):
        self.world, self.history, self.pause = world, history, pause
        self.ended = threading.Event()
        self.numbers = itertools.count()
        self.threads = []
        exporter = next(node for node in world.nodes if node.role == "exporter")
        self.member = Member(exporter.name, ORIGIN, statement_key(exporter.home / "statement.seed"))

    def start(self, count):
        for number in range(count):
            thread = threading.Thread(target=self._submit, args=(number,), daemon=True)
            thread.start()
            self.threads.append(thread)
        for node in self.world.nodes:
            thread = threading.Thread(target=self._read, args=(node,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join(timeout=40)

    def one(self, node, timeout=60):
        """One claim that there is room for; whether it became final."""
        return self._send(node, self._claim(scarce=False), timeout).get("status") == 201

    def _claim(self, scarce):
        name = f"c-{next(self.numbers)}"
        if scarce:
            # From a hundred thousandth to a hundredth of the cap each.
            body = claim("scarce-lab", quantity=1 + zlib.crc32(name.encode()) % 130, sku="gb300", destination=SCARCE)
        else:
            body = claim("plenty-lab", quantity=1, sku="l4", destination=PLENTY)
        return name, self.member.statement(name, body)

    def _submit(self, number):
        draw = random.Random(number)
        while not self.ended.is_set():
            name, statement = self._claim(scarce=draw.random() < 0.4)
            nodes = draw.sample(self.world.nodes, k=draw.choice((1, 1, 1, 2, len(self.world.nodes))))
            for node in nodes:
                self._send(node, (name, statement))
            self.ended.wait(self.pause * (0.5 + draw.random()))

    def _send(self, node, named, timeout=12):
        name, statement = named
        facts = {"claim": name, "entry": entry_hash(statement), "node": node.name}
        try:
            answer = request(node.url + "/v1/submit?wait=1", cbor([statement]), "application/cbor", timeout=timeout)
        except (urllib.error.URLError, OSError, ValueError) as error:
            facts |= {"status": 0, "problem": type(error).__name__}
        else:
            facts |= _outcome(answer)
        self.history.note("submission", **facts)
        if facts["status"] == 0:
            self.ended.wait(0.3)
        return facts

    def _read(self, node):
        while not self.ended.is_set():
            self.look(node)
            self.ended.wait(0.7)

    def look(self, node):
        """What a node says now: its head, and what the scarce country has consumed at which head."""
        life = node.life
        try:
            answer = request(node.url + f"/v1/accounts/{SCARCE}", timeout=6)
            if answer.status != 200:
                return None
            document = json.loads(answer.body)
        except (urllib.error.URLError, OSError, ValueError):
            return None
        accounts = {
            "/".join([account["limit"], *account["subject"], account["period"]]): [
                _number(account["consumed"]), _number(account.get("cap")),
            ]
            for account in document["accounts"]
        }  # fmt: skip
        head = document["checkpoint"]
        self.history.note("view", node=node.name, life=life, size=head["size"], root=head["root"], accounts=accounts)
        return head["size"], head["root"]


def _number(amount):
    return None if amount is None else amount.get("tenths", amount.get("count"))


def _outcome(answer):
    """What the node said of the one statement: 201 for final, 202 for waiting, 429 for a full pool, 400 for refused."""
    try:
        document = json.loads(answer.body)
        outcomes = document if isinstance(document, list) else document["outcomes"]
        outcome = outcomes[0]
        status = {"final": 201, "pending": 202, "pool-full": 429, "refused": 400}[outcome["state"]]
    except (ValueError, IndexError, KeyError, TypeError):
        return {"status": answer.status, "problem": answer.body[:200].decode(errors="replace")}
    facts = {"status": status}
    if status == 201:
        facts |= {"index": outcome["index"], "duplicate": outcome.get("isDuplicate", False)}
    if status == 400:
        facts["code"] = outcome["problem"]["code"]
    return facts
