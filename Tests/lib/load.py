"""Submits small claims to several nodes without pause and notes every receipt.

    load.py FILE ORIGIN MEMBER SEED ORGANISATION URL…

Each line of FILE is the entry of a claim for which a node answered 201 with a receipt. Ends on SIGTERM. A node that
does not answer is left alone for a moment; the claim is then nobody's promise.
"""

import itertools
import os
import signal
import sys
import threading
import time
import urllib.error

from statements import Member, claim, entry_hash, request, statement_key

WORKERS_PER_NODE = 4


def work(url, numbers, member, organisation, notes, lock, ended):
    while not ended.is_set():
        statement = member.statement(f"load-{os.getpid()}-{next(numbers)}", claim(organisation, sku="l4"))
        try:
            answer = request(url + "/entries", statement, timeout=20)
        except (urllib.error.URLError, OSError):
            ended.wait(0.5)
            continue
        if answer.status == 201 and answer.body:
            with lock:
                notes.write(entry_hash(statement) + "\n")
                notes.flush()
        elif answer.status >= 400:
            ended.wait(0.2)


def main():
    path, origin, name, seed, organisation, *urls = sys.argv[1:]
    member = Member(name, origin, statement_key(seed))
    ended, lock, numbers = threading.Event(), threading.Lock(), itertools.count()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with open(path, "a", encoding="ascii") as notes:
        workers = [
            threading.Thread(target=work, args=(url, numbers, member, organisation, notes, lock, ended), daemon=True)
            for url in urls
            for _ in range(WORKERS_PER_NODE)
        ]
        for worker in workers:
            worker.start()
        while not ended.is_set():
            time.sleep(0.1)
        for worker in workers:
            worker.join(timeout=30)


if __name__ == "__main__":
    main()
