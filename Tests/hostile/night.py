"""A night of faults against a ledger of real nodes, and what must still be true in the morning.

    night.py --programs DIR [--nodes 4] [--minutes 10] [--seed N] [--fault NAME]… [--keep DIR]

Started by Tests/hostile/night, which sees to the rights and packages. Prints a line a check, in the form that Tests/run
counts, progress in between, and the faults by kind at the end. Exit code 0 only if every promise was kept.
"""

import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
root = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(root / "Tests" / "lib")]

from clients import PLENTY, SCARCE, Clients, History  # noqa: E402
from faults import Faults  # noqa: E402
from judge import judge  # noqa: E402
from statements import Checks, Member, organisation, request, statement_key  # noqa: E402
from world import ORIGIN, World, wait_until  # noqa: E402


def options():
    parser = argparse.ArgumentParser(prog="Tests/hostile/night", description=__doc__.splitlines()[0])
    parser.add_argument("--programs", default=str(root / ".build" / "debug"), help="the folder of the built programs")
    parser.add_argument("--nodes", type=int, default=4, choices=(4, 5, 6, 7), help="how many nodes")
    parser.add_argument("--minutes", type=float, default=10, help="how long the faults go on")
    parser.add_argument("--seed", type=int, default=1, help="what the faults are drawn from")
    parser.add_argument("--fault", action="append", default=[], help="only these kinds; may be repeated")
    parser.add_argument("--clients", type=int, default=4, help="how many clients submit at a time")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between two claims of a client")
    parser.add_argument("--keep", help="copy logs and history to this folder when something fails")
    return parser.parse_args()


def register(world):
    """The two organisations that the claims of the night name."""
    agencies = [node for node in world.nodes if node.role == "government"][:2]
    members = [Member(node.name, ORIGIN, statement_key(node.home / "statement.seed")) for node in agencies]
    for name, country in (("scarce-lab", SCARCE), ("plenty-lab", PLENTY)):
        answer = request(agencies[0].url + "/entries", organisation(*members, name, country))
        assert answer.status == 201, answer.body


def quiet_heads(world, clients):
    heads = [clients.look(node) for node in world.nodes]
    return None not in heads and len(set(heads)) == 1


def is_whole(node):
    """Whether a node that took a snapshot has fetched the log below it."""
    try:
        return "sync" not in json.loads(request(node.url + "/v1/status", timeout=3).body)
    except (OSError, ValueError):
        return False


def audit_of(world):
    def audit(node):
        done = subprocess.run(
            [world.program("quota-verify"), "audit", "--url", node.url, "--policy", str(world.trust_policy)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return None if done.returncode == 0 else (done.stdout + done.stderr)[-600:]

    return audit


def main():
    chosen = options()
    checks = Checks()
    folder = tempfile.mkdtemp(prefix="quota-night.")
    world = World(folder, chosen.programs, chosen.nodes, chosen.seed)
    history = History(f"{folder}/history.jsonl")
    signal.signal(signal.SIGTERM, call_off)
    try:
        world.found(
            str(root / "Node/policies/us-ai-diffusion-2025.json"), str(root / "Node/catalogues/chips-2026.json")
        )
        world.connect()
        world.start()
        ready = wait_until(lambda: all(request_ready(node) for node in world.nodes), 60)
        if not checks.expect(ready, f"{chosen.nodes} nodes start, each in a network of its own"):
            return 1
        register(world)
        night(world, history, checks, chosen)
    finally:
        if checks.failed and chosen.keep:
            keep(world, pathlib.Path(chosen.keep))
        world.end()
    return 1 if checks.failed else 0


def call_off(*_):
    """Ends the night with its nodes; once, since who ends a group of processes may signal each of them again."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit("called off")


def request_ready(node):
    try:
        return request(node.url + "/health/ready", timeout=3).status == 200
    except OSError:
        return False


def night(world, history, checks, chosen):
    clients = Clients(world, history, chosen.pause)
    clients.start(chosen.clients)
    faults = Faults(world, checks)
    kinds = [kind for kind in faults.kinds if not chosen.fault or kind.__name__ in chosen.fault]
    began = time.monotonic()
    # Each kind once, in drawn order, then at random: a short night must not miss a kind by chance.
    order = world.random.sample(kinds, len(kinds))
    while time.monotonic() - began < chosen.minutes * 60:
        name = faults.strike(order.pop() if order else world.random.choice(kinds))
        done = sum(record["status"] == 201 for record in history.submissions)
        print(f"   {time.monotonic() - began:6.0f} s  {name:18}  {done} answers 'final'", flush=True)
        time.sleep(world.random.random() * 3)
    world.relays.heal()
    for node in world.nodes:
        if not node.runs:
            node.start()
    healed = wait_until(lambda: all(request_ready(node) for node in world.nodes), 90)
    checks.expect(healed, "all nodes are ready when the faults are over")
    checks.expect(
        wait_until(lambda: clients.one(world.random.choice(world.nodes)), 90), "a new claim becomes final after the night"
    )
    clients.stop()
    checks.expect(wait_until(lambda: quiet_heads(world, clients), 120, 1), "all nodes come to the same head")
    whole = wait_until(lambda: all(is_whole(node) for node in world.nodes), 120, 1)
    checks.expect(whole, "every node has the whole log, below a snapshot too")
    judge(world, history, checks, audit_of(world))
    for kind in kinds:
        print(f"   fault {kind.__name__:18} {faults.counts.get(kind.__name__, 0)}")


def keep(world, target):
    target.mkdir(parents=True, exist_ok=True)
    for file in world.folder.glob("*.log"):
        shutil.copy(file, target)
    shutil.copy(world.folder / "history.jsonl", target)
    print(f"  the logs of the nodes and the history are in {target}")


if __name__ == "__main__":
    sys.exit(main())
