"""A ledger of real nodes, each in a network namespace of its own, with every link between two nodes in our hands.

A node sees all others at the addresses that stand on their cards, but what listens there is a relay of this program:
it can be told to stall a direction, to delay, to slow down or to cut. Nothing else of the machine is reachable from a
node's namespace, and no packet filter or traffic shaper of the kernel is needed.
"""

import asyncio
import ctypes
import os
import pathlib
import queue
import random
import shutil
import signal as signals
import socket
import subprocess
import sys
import threading
import time

ORIGIN = "quota.example/hostile-night"
PEER_PORT, API_PORT = 7101, 8101
CLONE_NEWNET = 0x4000_0000
LIBC = ctypes.CDLL(None, use_errno=True)

# Ids of the members that run nodes: agencies first, then exporters.
AGENCIES = [("us-bis", "US"), ("nl-cdiu", "NL"), ("jp-meti", "JP"), ("kr-motie", "KR"), ("gb-ecju", "GB")]
EXPORTERS = [("atlas", "US"), ("boreal", "NL")]


def run(*command, **options):
    """Runs a program that must succeed; its output goes into the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


class Namespace:
    """A network namespace, held by a thread that does what must happen inside."""

    def __init__(self, addresses):
        self.tasks = queue.SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()
        self.call(lambda: self._enter(addresses))

    def _enter(self, addresses):
        if LIBC.unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "no network namespace may be made here")
        run("ip", "link", "set", "lo", "up")
        for address in addresses:
            run("ip", "address", "add", f"{address}/32", "dev", "lo")

    def _serve(self):
        while True:
            task, answer = self.tasks.get()
            try:
                answer.put((task(), None))
            except Exception as error:  # handed to the caller, whoever it is
                answer.put((None, error))

    def call(self, task):
        """Runs `task` inside and gives what it gives."""
        answer = queue.SimpleQueue()
        self.tasks.put((task, answer))
        value, error = answer.get()
        if error:
            raise error
        return value

    def socket(self):
        made = self.call(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        made.setblocking(False)
        return made

    def listener(self, address, port):
        def make():
            made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((address, port))
            made.listen(64)
            made.setblocking(False)
            return made

        return self.call(make)


class Link:
    """What happens to the bytes that one node sends to another, on connections of either's making."""

    def __init__(self):
        self.is_open = True
        self.delay = 0.0
        self.jitter = 0.0
        self.bytes_per_second = None
        self.cut_chance = 0.0

    def heal(self):
        self.__init__()


class Relays:
    """All links, in one thread with an event loop."""

    def __init__(self, seed):
        self.links = {}
        self.random = random.Random(seed)
        self.loop = asyncio.new_event_loop()
        self.connections = {}
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def link(self, source, target):
        return self.links.setdefault((source, target), Link())

    def heal(self):
        for link in self.links.values():
            link.heal()

    def serve(self, listener, connect, source, target):
        """Relays what arrives at `listener` to the socket that `connect` makes."""
        coroutine = self._serve(listener, connect, source, target)
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def cut(self, source, target):
        """Ends the connections between two nodes."""
        self.loop.call_soon_threadsafe(self._cut, source, target)

    def _cut(self, source, target):
        for pair in ((source, target), (target, source)):
            for writer in list(self.connections.get(pair, ())):
                writer.transport.abort()

    async def _serve(self, listener, connect, source, target):
        server = await asyncio.start_server(
            lambda reader, writer: self._relay(reader, writer, connect, source, target), sock=listener
        )
        await server.serve_forever()

    async def _relay(self, reader, writer, connect, source, target):
        made, address = connect()
        try:
            await asyncio.wait_for(self.loop.sock_connect(made, address), 5)
            far_reader, far_writer = await asyncio.open_connection(sock=made)
        except (OSError, asyncio.TimeoutError):
            made.close()
            writer.transport.abort()
            return
        alive = self.connections.setdefault((source, target), set())
        alive.add(writer)
        out, back = self.link(source, target), self.link(target, source)
        tasks = [
            asyncio.ensure_future(self._pump(reader, far_writer, out)),
            asyncio.ensure_future(self._pump(far_reader, writer, back)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        alive.discard(writer)
        for task in tasks:
            task.cancel()
        for end in (writer, far_writer):
            end.transport.abort()

    async def _pump(self, reader, writer, link):
        try:
            while chunk := await reader.read(65536):
                while not link.is_open:
                    await asyncio.sleep(0.02)
                if link.cut_chance and self.random.random() < link.cut_chance:
                    return
                if link.delay:
                    await asyncio.sleep(link.delay + self.random.random() * link.jitter)
                if link.bytes_per_second:
                    await asyncio.sleep(len(chunk) / link.bytes_per_second)
                writer.write(chunk)
                await writer.drain()
        except OSError:
            return


class Node:
    """One quotad: its home, its process, its clock."""

    def __init__(self, world, number, name, role, country):
        self.world, self.number, self.name, self.role, self.country = world, number, name, role, country
        self.address = f"10.77.0.{number + 1}"
        self.home = world.folder / name
        self.home.mkdir()
        # A disk of its own, so that it can be full or read-only for this node alone.
        run("mount", "-t", "tmpfs", "-o", f"size={world.disk_size}", "tmpfs", str(self.home))
        self.log = world.folder / f"{name}.log"
        self.clock = world.folder / f"{name}.clock"
        # On another disk than the home, as the runbook asks.
        self.mark = world.folder / f"{name}.mark"
        # A node that lost its store may show an older head than in the life before.
        self.life = 0
        self.set_clock(0)
        self.process = None
        self.namespace = None
        self.url = None

    def set_clock(self, seconds):
        """Steps the node's wall clock to so many seconds from the true time."""
        with open(self.clock, "r+b" if self.clock.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        """Starts the node; it is an error if it runs."""
        assert not self.runs
        environment = dict(os.environ)
        if self.world.clock_library:
            environment |= {"LD_PRELOAD": self.world.clock_library, "QUOTA_CLOCK": str(self.clock)}
        command = [self.world.program("quotad"), "run", "--home", str(self.home)]
        if not (self.home / "genesis.cose").exists():
            command += ["--genesis", str(self.world.genesis)]
        log = open(self.log, "ab")
        self.process = self.namespace.call(
            lambda: subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        )
        log.close()

    def send(self, number):
        if self.runs:
            self.process.send_signal(number)

    def stop(self, number=signals.SIGKILL, patience=30):
        """Ends the node and gives its exit code."""
        if self.process is None:
            return None
        self.send(number)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(patience)

    def log_tail(self, lines=12):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class World:
    """The ledger under test."""

    def __init__(self, folder, programs, count, seed, disk_size="96m"):
        self.folder, self.programs = pathlib.Path(folder), pathlib.Path(programs)
        self.disk_size = disk_size
        self.clock_library = self._compile_clock()
        self.random = random.Random(seed)
        self.relays = Relays(seed)
        exporters = EXPORTERS[: 1 if count < 7 else 2]
        members = [(name, "government", country) for name, country in AGENCIES[: count - len(exporters)]]
        members += [(name, "exporter", country) for name, country in exporters]
        self.nodes = [Node(self, number, *member) for number, member in enumerate(members)]
        self.faulty_max = (count - 1) // 3
        self.genesis = self.folder / "genesis.cose"
        self.trust_policy = self.folder / "trust-policy"

    def _compile_clock(self):
        """The library that steps a node's clock, or None where there is no C compiler."""
        source, target = pathlib.Path(__file__).with_name("clock.c"), self.folder / "clock.so"
        for compiler in ("clang", "cc"):
            if shutil.which(compiler):
                run(compiler, "-shared", "-fPIC", "-O1", "-o", target, source)
                return str(target)
        return None

    def recover(self, node):
        """What the runbook says to do with a node whose store is lost or old."""
        run(self.program("quotad"), "recover", "--home", node.home)

    def program(self, name):
        return str(self.programs / name)

    def node(self, name):
        return next(node for node in self.nodes if node.name == name)

    def found(self, policy, catalogue):
        """Keys, cards, a genesis statement signed by all; settings that differ from node to node."""
        quotad = self.program("quotad")
        for node in self.nodes:
            run(
                quotad, "init", "--home", node.home, "--id", node.name, "--name", node.name, "--role", node.role,
                "--country", node.country, "--origin", ORIGIN, "--peer", f"{node.address}:{PEER_PORT}",
                "--api", f"{node.address}:{API_PORT}",
            )  # fmt: skip
            settings = node.home / "quotad.yaml"
            text = settings.read_text()
            for old, new in (
                ("view-timeout-ms: 1000", f"view-timeout-ms: {self.random.choice((700, 1000, 1500))}"),
                ('# vote-mark: "/var/other-disk/votes.mark"', f'vote-mark: "{node.mark}"'),
                ("pool-statements: 50000", f"pool-statements: {self.random.choice((500, 5000, 50000))}"),
            ):
                assert old in text
                text = text.replace(old, new)
            settings.write_text(text)
        cards = [argument for node in self.nodes for argument in ("--card", str(node.home / "card.cose"))]
        draft = str(self.folder / "genesis.draft")
        run(
            quotad, "genesis", "draft", "--origin", ORIGIN, "--policy", policy, "--catalogue", catalogue,
            "--adopt-because", "The rule as published, for a night.", *cards,
            "--out", draft,
        )  # fmt: skip
        approvals = []
        for node in self.nodes:
            approval = str(self.folder / f"{node.name}.approval")
            run(quotad, "genesis", "sign", "--home", node.home, "--draft", draft, "--out", approval)
            approvals += ["--approval", approval]
        run(
            quotad, "genesis", "assemble", "--home", self.nodes[0].home, "--draft", draft, *approvals,
            "--out", str(self.genesis),
        )  # fmt: skip
        self.trust_policy.write_text(run(quotad, "trust-policy", "--genesis", str(self.genesis)))

    def connect(self):
        """Namespaces, relays between the nodes, and a way for clients to each node's public address."""
        for node in self.nodes:
            node.namespace = Namespace([other.address for other in self.nodes])
        for source in self.nodes:
            for target in self.nodes:
                if source is not target:
                    self.relays.serve(
                        source.namespace.listener(target.address, PEER_PORT),
                        lambda target=target: (target.namespace.socket(), (target.address, PEER_PORT)),
                        source.name,
                        target.name,
                    )
        for node in self.nodes:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            listener.setblocking(False)
            node.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self.relays.serve(
                listener,
                lambda node=node: (node.namespace.socket(), (node.address, API_PORT)),
                "clients",
                node.name,
            )

    def start(self):
        for node in self.nodes:
            node.start()

    def end(self):
        for node in self.nodes:
            node.stop()
            subprocess.run(["umount", "-l", str(node.home)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_until(test, seconds, pause=0.25):
    """Whether `test` became true in time."""
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
