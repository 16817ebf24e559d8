"""What a hostile night does to a ledger. Each fault has a beginning and an end, and counts that it happened."""

import json
import shutil
import signal
import subprocess
import time
import urllib.error

from statements import request
from world import run, wait_until


class Skipped(Exception):
    """The fault cannot be made here and now."""


class Faults:
    """The faults, drawn one after the other; at most f nodes are broken at a time unless the fault says otherwise."""

    def __init__(self, world, checks):
        self.world, self.checks = world, checks
        self.draw = world.random
        self.counts = {}
        self.turns = {}
        self.kinds = [
            self.kill, self.kill_all, self.terminate, self.pause, self.partition, self.one_way, self.isolate_leader,
            self.flap, self.delay, self.slow, self.lossy, self.full_disk, self.read_only_disk, self.flipped_bit,
            self.clock_step, self.rolled_back, self.lost_disk,
        ]  # fmt: skip

    def strike(self, kind=None):
        """Makes one fault, waits it out and mends it; gives its name."""
        kind = kind or self.draw.choice(self.kinds)
        try:
            kind()
        except Skipped as reason:
            self.counts.setdefault(kind.__name__, 0)
            return f"{kind.__name__}: {reason}"
        finally:
            self.world.relays.heal()
        self.counts[kind.__name__] = self.counts.get(kind.__name__, 0) + 1
        return kind.__name__

    # --- Processes ---------------------------------------------------------------------------

    def kill(self):
        """kill -9 of up to f nodes."""
        victims = self._victims()
        for node in victims:
            node.stop(signal.SIGKILL)
        self._last(0.5, 6)
        self._restart(victims)

    def kill_all(self):
        """A power cut."""
        for node in self.world.nodes:
            node.send(signal.SIGKILL)
        for node in self.world.nodes:
            node.stop(signal.SIGKILL)
        self._restart(self.world.nodes)

    def terminate(self):
        """A clean stop must be clean."""
        node = self._victims(1)[0]
        code = node.stop(signal.SIGTERM)
        if code != 0:
            self.checks.expect(False, f"{node.name} ends on SIGTERM with exit code 0", f"{code}\n{node.log_tail()}")
        self._last(0, 3)
        self._restart([node])

    def pause(self):
        """Stop and continue, as a debugger or a swapping machine does: the node wakes up in an old view."""
        victims = self._victims()
        for node in victims:
            node.send(signal.SIGSTOP)
        self._last(1, 15)
        for node in victims:
            node.send(signal.SIGCONT)

    # --- Network -----------------------------------------------------------------------------

    def partition(self):
        """Two sides that cannot talk; sometimes neither has a quorum."""
        nodes = self.draw.sample(self.world.nodes, len(self.world.nodes))
        place = self.draw.randint(1, len(nodes) - 1)
        self._split(nodes[:place], nodes[place:])
        self._last(2, 12)

    def one_way(self):
        """Some nodes hear and are not heard."""
        for node in self._victims():
            for other in self.world.nodes:
                self.world.relays.link(node.name, other.name).is_open = False
        self._last(2, 10)

    def isolate_leader(self):
        """Exactly the node whose turn it is, again and again."""
        for _ in range(3):
            leader = self._leader()
            self._split([leader], [node for node in self.world.nodes if node is not leader])
            self._last(1, 4)
            self.world.relays.heal()

    def flap(self):
        """Connections that end every moment."""
        pairs = [(a, b) for a in self.world.nodes for b in self.world.nodes if a.name < b.name]
        for _ in range(20):
            source, target = self.draw.choice(pairs)
            self.world.relays.cut(source.name, target.name)
            time.sleep(0.2)

    def delay(self):
        """Continents between the nodes."""
        for link in self._links():
            link.delay, link.jitter = self.draw.choice((0.05, 0.15, 0.4)), 0.1
        self._last(3, 12)

    def slow(self):
        """Some links carry ten kilobytes a second."""
        for link in self.draw.sample(self._links(), k=len(self._links()) // 3):
            link.bytes_per_second = 10_000
        self._last(3, 12)

    def lossy(self):
        """What TCP cannot mend: connections are lost in the middle of a frame."""
        for link in self._links():
            link.cut_chance = 0.02
        self._last(3, 10)

    # --- Disks -------------------------------------------------------------------------------

    def full_disk(self):
        """No byte fits any more. The node may end; it must say why, and come back when there is room."""
        node = self._victims(1)[0]
        ballast = node.home / "ballast"
        subprocess.run(
            ["dd", "if=/dev/zero", f"of={ballast}", "bs=4096", "status=none"], check=False, capture_output=True
        )
        self._last(4, 10)
        was_running = node.runs
        ballast.unlink()
        if not was_running:
            self._expect_reason(node, ("full", "space", "disk"))
            self._restart([node])

    def read_only_disk(self):
        """The file system turns read-only under the node, as a failing disk does."""
        node = self._victims(1)[0]
        # The mount can only be turned while nothing is open for writing, so the node is stopped and started on it.
        node.stop(signal.SIGKILL)
        run("mount", "-o", "remount,ro", str(node.home))
        node.start()
        ended = wait_until(lambda: not node.runs, 20)
        self.checks_quietly(ended, f"{node.name} does not run on a read-only disk", node.log_tail())
        self._expect_reason(node, ("read-only", "readonly", "read only", "write"))
        node.stop(signal.SIGKILL)
        run("mount", "-o", "remount,rw", str(node.home))
        self._restart([node])

    def flipped_bit(self):
        """One bit of the database or of its write-ahead log turns over while the node is off.

        The node may notice and refuse to start, or start because the bit did not matter; it must not go on with it.
        """
        node = self._victims(1)[0]
        node.stop(signal.SIGKILL)
        copy, mark = self._copy(node, "before-flip"), node.mark.read_bytes()
        files = [file for file in (node.home / "ledger.sqlite", node.home / "ledger.sqlite-wal") if file.exists() and file.stat().st_size]
        target = self.draw.choice(files)
        place = self.draw.randrange(target.stat().st_size)
        with open(target, "r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1 << self.draw.randrange(8)]))
        # Cut off while it runs on the damaged files: what it signed then would be forgotten with them.
        self._split([node], [other for other in self.world.nodes if other is not node])
        node.start()
        wait_until(lambda: not node.runs, 8)
        if not node.runs:
            self._expect_reason(node, ("ledger.sqlite", "corrupt", "malformed", "does not", "damaged", "integrity"))
        node.stop(signal.SIGKILL)
        time.sleep(0.3)
        self.world.relays.heal()
        # Mended from the copy that was taken while the node was off: nobody heard anything from it since.
        self._put_back(node, copy)
        node.mark.write_bytes(mark)
        self._restart([node])

    def rolled_back(self):
        """An old backup of the whole home is put back: the node must not vote with it as if nothing had happened."""
        node = self._victims(1)[0]
        node.stop(signal.SIGKILL)
        copy = self._copy(node, "old")
        self._restart([node])
        self._last(4, 8)
        node.stop(signal.SIGKILL)
        self._put_back(node, copy)
        self._recover(node, "an old backup of its store")

    def lost_disk(self):
        """The store is gone, and sometimes the mark of its votes with it: only what the others say can tell then."""
        node = self._victims(1)[0]
        node.stop(signal.SIGKILL)
        for file in node.home.glob("ledger.sqlite*"):
            file.unlink()
        if self.draw.random() < 0.5:
            node.mark.unlink()
        self._recover(node, "an empty home")

    # --- Clocks ------------------------------------------------------------------------------

    def clock_step(self):
        """The wall clock of up to f nodes jumps; a moment later it is set right again."""
        if not self.world.clock_library:
            raise Skipped("there is no C compiler to make the clock with")
        victims = self._victims()
        for node in victims:
            node.set_clock(self.draw.choice((300, -300, 7, -7, 90_000, -90_000)))
        self._last(3, 10)
        for node in victims:
            node.set_clock(0)

    # --- Parts -------------------------------------------------------------------------------

    def checks_quietly(self, right, description, found=""):
        """Only a failure is worth a line in a night of thousands."""
        if not right:
            self.checks.expect(False, description, found)

    def _victims(self, count=None):
        return self.draw.sample(self.world.nodes, count or self.draw.randint(1, self.world.faulty_max))

    def _links(self):
        relays = self.world.relays
        return [relays.link(a.name, b.name) for a in self.world.nodes for b in self.world.nodes if a is not b]

    def _last(self, least, most):
        time.sleep(least + self.draw.random() * (most - least))

    def _recover(self, node, what):
        """A node that lost votes ends and names the cure; recovered, it takes part again."""
        node.life += 1
        node.start()
        self.checks_quietly(wait_until(lambda: not node.runs, 30), f"{node.name} refuses {what}", node.log_tail())
        self._expect_reason(node, ("quotad recover",))
        node.stop(signal.SIGKILL)
        self.world.recover(node)
        self._restart([node])

    def _restart(self, nodes):
        for node in nodes:
            if not node.runs:
                node.start()
        for node in nodes:
            if not wait_until(lambda node=node: self._ready(node) or not node.runs, 60) or not node.runs:
                self.checks.expect(False, f"{node.name} starts again", node.log_tail())

    def _ready(self, node):
        try:
            return request(node.url + "/health/ready", timeout=3).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _split(self, left, right):
        for a in left:
            for b in right:
                self.world.relays.link(a.name, b.name).is_open = False
                self.world.relays.link(b.name, a.name).is_open = False

    def _leader(self):
        """Whose turn it is. The order is the same in every round of views, so headers tell it."""
        count = len(self.world.nodes)
        for node in self.draw.sample(self.world.nodes, count):
            try:
                status = json.loads(request(node.url + "/v1/status", timeout=3).body)
                newest = status["checkpoint"]["size"] - 1
                header = json.loads(request(f"{node.url}/v1/statements/{newest}", timeout=3).body)["payload"]
            except (urllib.error.URLError, OSError, ValueError, KeyError):
                continue
            self.turns[header["view"] % count] = header["proposer"]
            return self.world.node(self.turns.get(status["view"] % count, header["proposer"]))
        raise Skipped("no node answers")

    def _expect_reason(self, node, words):
        tail = node.log_tail(6).lower()
        self.checks_quietly(any(word in tail for word in words), f"{node.name} says why it ended", tail)

    def _copy(self, node, name):
        target = self.world.folder / f"{node.name}.{name}"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(node.home, target)
        return target

    def _put_back(self, node, copy):
        for file in node.home.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        shutil.copytree(copy, node.home, dirs_exist_ok=True)
        shutil.rmtree(copy)
