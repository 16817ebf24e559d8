"""Looks at the explorer as a reader does: of honest nodes, of lying ones, of a static copy.

    explorer_pages.py FOLDER PICTURES URL…

FOLDER holds the ledger's files and a static copy, PICTURES gets a screenshot of every page, each URL is a node.
"""

import base64
import contextlib
import hashlib
import pathlib
import sys

import chromium
import page_server

READY = "document.body?.dataset.ready === 'yes'"
WORD = "document.getElementById('word')?.textContent"
REASONS = "[...document.querySelectorAll('#trust-line .why li')].map((item) => item.textContent).join(' | ')"
PAGES = {
    "countries": "#/", "country": "#/country/MY", "country-india": "#/country/IN", "claims": "#/claims", "members": "#/members",
    "policy": "#/policy", "nodes": "#/nodes", "governance": "#/governance", "verify": "#/verify", "trust": "#/trust",
    "claim": "#/claim/atlas/A-2026-004",
}  # fmt: skip


def check(description, condition, detail=""):
    print(f"  {'pass' if condition else 'FAIL'}  {description}" + ("" if condition else f": {detail}"))


class Reader:
    """Somebody with a browser that remembers nothing."""

    def __init__(self, browser, **size):
        self.page = browser.page(**size)

    def open(self, url):
        self.page.open("about:blank")
        self.page.open(url)
        self.page.wait(READY)
        return self.page.value(WORD)

    def go(self, fragment):
        """Follows a link inside the page."""
        if self.page.value("location.hash") == fragment:
            return
        self.page.value("document.body.dataset.ready = ''")
        self.page.value(f"location.hash = {fragment!r}")
        self.page.wait(READY)

    def text(self):
        return self.page.value("document.body.innerText")

    def reasons(self):
        return self.page.value(REASONS)

    def remember(self, script):
        """Changes what the browser remembers for the page."""
        self.page.value(f"{{ const all = JSON.parse(localStorage['quota-explorer'] ?? '{{}}'); {script};"
                        " localStorage['quota-explorer'] = JSON.stringify(all); }")  # fmt: skip

    def earlier(self):
        """Two hours ago the ledger had two leaves and a TPP less."""
        self.remember("all.seen.looked -= 7200; all.seen.size -= 2; for (const key of Object.keys(all.seen.totals).slice(0, 1)) all.seen.totals[key] -= 10")

    def drop(self, files):
        """Gives files to the verifier and waits for as many more results."""
        self.page.files("#files", files)
        self.page.wait(f"document.querySelectorAll('.verdict').length >= {len(files)}")
        return self.page.value("[...document.querySelectorAll('.verdict')].map((one) => one.dataset.verdict + ' ' + one.dataset.code)")


def honest(browser, folder, nodes):
    reader = Reader(browser)
    word = reader.open(f"{nodes[0]}/")
    text = reader.text()
    check("an honest ledger is VERIFIED", word == "VERIFIED", f"{word}: {reader.reasons()}")
    check("the first screen shows Malaysia's signed total", "789,989,992 TPP" in text, text[:2000])
    check("the first screen says who signed", "atlas, jp-meti, nl-cdiu, us-bis" in text)
    check("the first screen says that no country was left out", "proven untouched" in text)
    check("all four nodes are compared", "nodes agreeing 4 of 4" in text, text[:400])
    check("the page says that nobody has confirmed the genesis", "nobody has confirmed it" in reader.reasons(), reader.reasons())
    for name, (fragment, expected) in {
        "country": ("#/country/MY", "adds up to the signed total, to the unit"),
        "evidence of a country": ("#/country/IN", "has evidence of grade 2 or better"),
        "basis of a cap": ("#/country/MY", "stock, counted when licensed"),
        "list of claims": ("#/claims", "A-2026-004"),
        "list with what happened to claims": ("#/claims", "ship 5,000 of boreal/B-2026-004 on 2026-05-11"),
        "claim": ("#/claim/atlas/A-2026-004", "631 × h100-sxm"),
        "claim that never was": ("#/claim/atlas/A-9999-999", "never made a claim"),
        "members": ("#/members", "Bureau of Industry and Security"),
        "policy": ("#/policy", "Framework for Artificial Intelligence Diffusion"),
        "nodes": ("#/nodes", "Nodes: 4 of 4 agree"),
        "governance": ("#/governance", "founds quota.example"),
        "proposals": ("#/governance", "us-bis/P-2026-01"),
        "whom a proposal is about": ("#/governance", "expel boreal, It was not theirs to lose."),
        "votes": ("#/governance", "us-bis, nl-cdiu"),
        "history of policies": ("#/policy", "Policies that were decided"),
        "member that left": ("#/members", "left on"),
        "trust": ("#/trust", hashlib.sha256((folder / "genesis.cose").read_bytes()).hexdigest()),
    }.items():  # fmt: skip
        reader.go(fragment)
        text = reader.page.value("document.body.textContent")
        check(f"the page of the {name} shows what it should", expected in text, text[:1500])
    reader.go("#/")
    reader.go(reader.page.value("document.querySelector('tbody a[href^=\"#/proof/\"]').getAttribute('href')"))
    check("a number leads to its proof, step by step", "How it follows from the signatures" in reader.text(), reader.text()[:800])
    reader.go("#/claim/atlas/A-2026-004")
    reader.page.value("document.querySelector('button[type=button]').click()")
    reader.page.wait("document.body.innerText.includes('hold over the tree of')")
    check("the receipts of all validators are checked in the page", True)
    check("the word is still VERIFIED after all pages", reader.page.value(WORD) == "VERIFIED", reader.reasons())
    check("at the first visit nothing has changed", "since you last looked" not in reader.text())
    reader.earlier()
    word = reader.open(f"{nodes[0]}/")
    check("at the next one the page says what changed since", word == "VERIFIED" and "2 have come since" in reader.text() and "+1 TPP" in reader.text(), reader.text()[:3000])
    check("the browser has nothing to complain about", reader.page.complaints() == [], reader.page.complaints())
    return reader


def waiting(browser, nodes):
    """Claims that wait for somebody: each is proven, and no server alone can hide one."""

    def hidden(path, body):
        if path != "/v1/proof/attention":
            return body
        lines = body.split(b"\n")
        place = next(number for number, line in enumerate(lines) if line.startswith(b"extra "))
        lines[place] = b"extra " + base64.b64encode(drop_proof(base64.b64decode(lines[place][6:]), b"jB-2026-004"))
        return b"\n".join(lines)

    def moved(path, body):
        """The shipment is of today, inside the proof."""
        if path != "/v1/proof/attention":
            return body
        lines = body.split(b"\n")
        place = next(number for number, line in enumerate(lines) if line.startswith(b"extra "))
        lines[place] = b"extra " + base64.b64encode(turned(base64.b64decode(lines[place][6:]), b"gshipped\x19\x50"))
        return b"\n".join(lines)

    reader = Reader(browser)
    reader.open(f"{nodes[0]}/")
    check("an overdue delivery needs a human", "Delivery overdue" in reader.text() and "4,000" in reader.text(), reader.text()[:3000])
    check("… and goods that nobody has seen for long", "Presence overdue" in reader.text(), reader.text()[:3000])
    check("… and who says that there is no other is named", "is told by this server, atlas, " in reader.text(), reader.text()[:3000])
    reader.go(reader.page.value("[...document.querySelectorAll('tbody a')].find((one) => one.textContent === 'boreal/B-2026-004').getAttribute('href')"))
    check("… and it leads to the claim with its proof", "claim B-2026-004" in reader.text() and "in transit" in reader.text(), reader.text()[:800])
    server = page_server.proxy(nodes[0], hidden)
    reader = Reader(browser)
    word = reader.open(f"{server.url}/")
    check("a server that hides it hides it from nobody, since the other nodes name it", word == "VERIFIED" and "boreal/B-2026-004" in reader.text(), reader.text()[:3000])
    server.close()
    server = page_server.proxy(nodes[0], moved)
    reader = Reader(browser)
    check("a server that alters it: DISAGREE", reader.open(f"{server.url}/") == "DISAGREE", reader.reasons())
    server.close()


def pinned(browser, folder, nodes):
    reader = Reader(browser)
    reader.open(f"{nodes[0]}/")
    chain = hashlib.sha256((folder / "genesis.cose").read_bytes()).hexdigest()
    reader.remember(f"all.pin = {{ genesis: '{chain}' }}")
    check("with the genesis hash that a member told: VERIFIED", reader.open(f"{nodes[0]}/") == "VERIFIED", reader.reasons())
    check("… and nothing is left to confirm", "nobody has confirmed" not in (reader.reasons() or ""), reader.reasons())
    reader.remember("all.pin = { genesis: '00'.repeat(32) }")
    check("with another genesis hash: DISAGREE", reader.open(f"{nodes[0]}/") == "DISAGREE")
    policy = (folder / "trust-policy").read_text()
    reader.remember(f"all.pin = {{ policy: {policy!r} }}")
    check("with a trust policy of the reader's own: VERIFIED", reader.open(f"{nodes[0]}/") == "VERIFIED", reader.reasons())
    stricter = policy.replace("group validators 3", "group validators 4")
    reader.remember(f"all.pin = {{ policy: {stricter!r} }}")
    check("with a stricter one that is met: VERIFIED", reader.open(f"{nodes[0]}/") == "VERIFIED", reader.reasons())
    stranger = policy.replace("quota.example/compute-2025+", "quota.example/compute-2026+")
    reader.remember(f"all.pin = {{ policy: {stranger!r} }}")
    check("with a trust policy that does not read: no VERIFIED", reader.open(f"{nodes[0]}/") != "VERIFIED")


def turned(data, needle, places=1):
    """The bytes with a bit turned behind the place where `needle` stands."""
    at = data.index(needle) + len(needle) - places
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def lower_total(path, body):
    """Takes a tenth of a TPP off Malaysia's total, inside the proofs."""
    if not path.startswith("/v1/proof/"):
        return body
    lines = body.split(b"\n")
    for place, line in enumerate(lines):
        if line.startswith(b"extra "):
            extra = base64.b64decode(line[6:])
            with contextlib.suppress(ValueError):
                extra = turned(extra, (7899899920).to_bytes(5, "big"))
            lines[place] = b"extra " + base64.b64encode(extra)
    return b"\n".join(lines)


def lower_table(path, body):
    """Takes a tenth off in the server's own table only, where nothing is signed."""
    return body.replace(b"7899899920", b"7899899910") if path.startswith("/v1/accounts") else body


def other_root(path, body):
    """Shows another root under the same signatures."""
    if path != "/checkpoint":
        return body
    lines = body.split(b"\n")
    root = bytearray(base64.b64decode(lines[2]))
    root[0] ^= 1
    lines[2] = base64.b64encode(root)
    return b"\n".join(lines)


def altered_leaf(path, body):
    """Turns a bit in the newest bundle of leaves."""
    return body[:-3] + bytes([body[-3] ^ 1]) + body[-2:] if path.startswith("/tile/entries/") else body


def without_malaysia(path, body):
    """Leaves Malaysia out of the proofs, though each of the others holds."""
    if path != "/v1/proof/countries":
        return body
    lines = body.split(b"\n")
    place = next(number for number, line in enumerate(lines) if line.startswith(b"extra "))
    lines[place] = b"extra " + base64.b64encode(drop_proof(base64.b64decode(lines[place][6:]), b"bMY"))
    return b"\n".join(lines)


def drop_proof(extra, mark):
    """The CBOR `[header, [* map proof]]` without the proof that holds `mark`."""
    position = 1

    def head():
        nonlocal position
        first = extra[position]
        width = {24: 1, 25: 2, 26: 4}.get(first & 31, 0)
        value = int.from_bytes(extra[position + 1 : position + 1 + width], "big") if width else first & 31
        position += 1 + width
        return value

    header = head()
    position += header
    start = position
    count = head()
    kept = b""
    for _ in range(count):
        begin = position
        length = head()
        position += length
        if mark not in extra[begin:position]:
            kept += extra[begin:position]
        else:
            count -= 1
    shortest = bytes([0x80 + count]) if count < 24 else bytes([0x98, count]) if count < 256 else bytes([0x99]) + count.to_bytes(2, "big")
    return extra[:start] + shortest + kept


def lying(browser, nodes):
    lies = {
        "a server that lowers a total inside its proof": lower_total, "a server whose table shows another number than was signed": lower_table,
        "a server that shows another root": other_root, "a server that alters a leaf": altered_leaf, "a server that leaves a country out": without_malaysia,
    }  # fmt: skip
    for description, change in lies.items():
        server = page_server.proxy(nodes[0], change)
        reader = Reader(browser)
        word = reader.open(f"{server.url}/")
        if change is altered_leaf:
            reader.go("#/claims")
            word = reader.page.value(WORD)
        check(f"{description}: DISAGREE", word == "DISAGREE", f"{word}: {reader.reasons()}")
        if change is lower_total:
            check("… and its number is not shown", "789,989,991" not in reader.text())
            check("… and the reason is named", "map" in reader.reasons(), reader.reasons())
        server.close()


def forked(browser, nodes):
    """One honest server, and one node that shows another root: the page must not believe either alone."""
    other = page_server.proxy(nodes[1], other_root)

    def redirect(path, body):
        return body.replace(nodes[1].encode(), other.url.encode()) if path == "/" else body

    # The page may ask the addresses of the members' cards only, so this one is let in for the test.
    server = page_server.proxy(nodes[0], redirect, lambda text: text.replace(nodes[1], other.url))
    reader = Reader(browser)
    policy = page_server.urllib.request.urlopen(f"{nodes[0]}/v1/trust-policy").read().decode().replace(nodes[1], other.url)
    reader.open(f"{server.url}/")
    reader.remember(f"all.pin = {{ policy: {policy!r} }}")
    word = reader.open(f"{server.url}/")
    check("a node that contradicts the others: DISAGREE", word == "DISAGREE", f"{word}: {reader.reasons()}")
    reader.go("#/nodes")
    check("… and the page of nodes names it", "DIFFERS" in reader.text(), reader.text()[:800])
    server.close()
    other.close()


def stale(browser, nodes):
    reader = Reader(browser)
    reader.page.call("Page.addScriptToEvaluateOnNewDocument", source="const now = Date.now; Date.now = () => now() + 86400000;")
    word = reader.open(f"{nodes[0]}/")
    check("a checkpoint that nobody renewed for a day: STALE", word == "STALE", f"{word}: {reader.reasons()}")
    check("… with the numbers all the same", "789,989,992 TPP" in reader.text())


def copy(browser, folder, nodes):
    server = page_server.files({"": folder / "copy"})
    reader = Reader(browser)
    word = reader.open(f"{server.url}/")
    check("a static copy on a file server is VERIFIED", word == "VERIFIED", f"{word}: {reader.reasons()}")
    check("… and was compared with the nodes", "nodes agreeing 4 of 4" in reader.text(), reader.text()[:300])
    for fragment, expected in {"#/country/MY": "adds up to the signed total", "#/claims": "A-2026-004", "#/members": "atlas"}.items():
        reader.go(fragment)
        check(f"… with the page {fragment}", expected in reader.text(), reader.text()[:800])
    server.close()
    policy = (folder / "copy/v1/trust-policy").read_text()
    check("the copy's trust policy is the ledger's", policy == (folder / "trust-policy").read_text())
    check("the copy's page may ask the nodes and nobody else", all(url in (folder / "copy/index.html").read_text() for url in nodes))


def offline(browser, folder):
    """The verifier for files, in a page from a file server without any ledger."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    for name in ["index.html", "explorer"]:
        with contextlib.suppress(FileExistsError):
            (empty / name).symlink_to(folder / "copy" / name)
    server = page_server.files({"": empty})
    reader = Reader(browser)
    word = reader.open(f"{server.url}/#/verify")
    check("without a ledger the word is NO ANSWER", word == "NO ANSWER", word)
    check("… and nothing is checked by nobody's keys", "knows no ledger" in reader.text(), reader.text()[:500])
    reader.remember(f"all.pin = {{ policy: {(folder / 'trust-policy').read_text()!r} }}")
    reader.open(f"{server.url}/#/verify")
    receipt, total = folder / "A-2026-004.scitt", folder / "malaysia.tlog-proof"
    bad = [folder / name for name in ["bad.scitt", "bad.tlog-proof", "nonsense.bin"]]
    bad[0].write_bytes(turned(receipt.read_bytes(), b"hquantity\x19\x02\x77"))
    bad[1].write_bytes(lower_total("/v1/proof/total", total.read_bytes()))
    bad[2].write_bytes(bytes(range(256)))
    check("the verifier accepts a good receipt and a good total", reader.drop([receipt, total]) == ["proven ", "proven "], reader.text())
    certificate = folder / "A-2026-004.html"
    reader.open(f"{server.url}/#/verify")
    check("the verifier accepts a certificate", reader.drop([certificate]) == ["proven "], reader.text())
    lie = folder / "bad.html"
    lie.write_bytes(certificate.read_bytes().replace(b"<td>631</td>", b"<td>630</td>"))
    reader.open(f"{server.url}/#/verify")
    check("… and refuses one with another number, and says why", reader.drop([lie]) == ["refused claims-differ"], reader.text())
    reader.open(f"{server.url}/#/verify")
    verdicts = reader.drop(bad)
    check("the verifier refuses tampered ones and nonsense", all(verdict.startswith("refused") for verdict in verdicts), verdicts)
    server.close()


def pictures(browser, folder, target, nodes):
    """Every page at two widths, light and dark."""
    taken = 0
    for width, dark in [(1280, False), (1280, True), (390, False), (390, True)]:
        suffix = f"{'-dark' if dark else ''}-{width}.png"
        reader = Reader(browser, width=width)
        reader.open(f"{nodes[0]}/")
        reader.earlier()
        reader.open(f"{nodes[0]}/")
        reader.page.size(width, dark=dark)
        for name, fragment in PAGES.items():
            reader.go(fragment)
            if name == "policy":
                reader.page.value("document.querySelector('details').open = true")
            if name == "verify":
                reader.drop([folder / "A-2026-004.scitt", folder / "malaysia.tlog-proof"])
            overflow = reader.page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            check(f"the page {name} fits a width of {width} pixels", overflow <= 0, f"{overflow} pixels too wide")
            reader.page.screenshot(target / f"{name}{suffix}")
            taken += 1
        reader.go("#/")
        reader.go(reader.page.value("document.querySelector('tbody a[href^=\"#/proof/\"]').getAttribute('href')"))
        reader.page.screenshot(target / f"proof{suffix}")
        taken += 1
    print(f"  pass  {taken} pictures are in .build/tests-run/explorer")


def main(folder, target, *nodes):
    if not chromium.find():
        print("  skip  the explorer's pages: there is no Chromium")
        return 77
    folder, target = pathlib.Path(folder), pathlib.Path(target)
    with chromium.Browser() as browser:
        steps = [
            lambda: honest(browser, folder, nodes), lambda: waiting(browser, nodes), lambda: pinned(browser, folder, nodes), lambda: lying(browser, nodes), lambda: forked(browser, nodes),
            lambda: stale(browser, nodes), lambda: copy(browser, folder, nodes), lambda: offline(browser, folder),
            lambda: pictures(browser, folder, target, nodes),
        ]  # fmt: skip
        for step in steps:
            try:
                step()
            except chromium.Failure as error:
                print(f"  FAIL  the browser: {error}")
    return 0


sys.exit(main(*sys.argv[1:]))
