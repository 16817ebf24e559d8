"""Counts what the first screen and the list of claims ask of a node, so that a longer ledger is seen to cost no more.

    explorer_requests.py FILE URL
    explorer_requests.py FILE FOLDER      a ledger that `quota-bench history` wrote: with a claim in its middle, and times

The first time the counts go to FILE; the second time, on a ledger of at least four times the leaves, they are compared.
"""

import json
import pathlib
import sys
import time
import urllib.request

import chromium
import page_server

READY = "document.body?.dataset.ready === 'yes'"
COUNT = "performance.getEntriesByType('resource').length"
WORD = "document.getElementById('word')?.textContent"
BYTES = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.decodedBodySize, 0)"
# The tree is read in tiles of 256: one level more is a tile more on each of its two edges, and the newest claims may
# lie in two bundles instead of one, each with its tile of hashes.
LEVEL = 4


def counted(url, more=None):
    """Requests and bytes of each page, by a browser that remembers nothing."""
    found = {}
    with chromium.Browser() as browser:
        for name, fragment in {"first screen": "#/", "list of claims": "#/claims", **(more or {})}.items():
            page = browser.page()
            page.call("Page.addScriptToEvaluateOnNewDocument", source="performance.setResourceTimingBufferSize(100000);")
            page.open("about:blank")
            began = time.monotonic()
            page.open(f"{url}/{fragment}")
            page.wait(READY, 120)
            seconds = time.monotonic() - began
            found[name] = [page.value(COUNT), page.value(BYTES)]
            if more:
                print(f"  pass  {name}: {found[name][0]} files, {found[name][1]} bytes, {seconds:.1f} s, {page.value(WORD)}")
    return found


def main(path, url):
    if not chromium.find():
        print("  skip  requests of the page: there is no Chromium")
        return 77
    path, more = pathlib.Path(path), None
    if pathlib.Path(url).is_dir():
        folder, url = pathlib.Path(url), page_server.files({"": pathlib.Path(url)}).url
        middle = (int((folder / "checkpoint").read_text().split("\n")[1]) - 1) // 256 // 2
        more = {"claims in the middle": f"#/claims/{middle}", "claim in the middle": f"#/leaf/{256 * middle + 7}"}
    size = int(urllib.request.urlopen(f"{url}/checkpoint").read().split(b"\n")[1])
    found = counted(url, more)
    if not path.exists():
        path.write_text(json.dumps({"size": size, "pages": found}))
        print(f"  pass  at {size} leaves the pages ask {', '.join(f'{count} files ({name})' for name, (count, _) in found.items())}")
        return 0
    before = json.loads(path.read_text())
    good = size >= 4 * before["size"]
    print(f"  {'pass' if good else 'FAIL'}  the ledger has grown from {before['size']} to {size} leaves")
    for name, (count, bytes_) in found.items():
        old, old_bytes = before["pages"][name]
        good = 0 < count <= old + LEVEL
        print(f"  {'pass' if good else 'FAIL'}  the {name} asks {count} files ({bytes_} bytes), as before {old} ({old_bytes} bytes)")
    return 0


sys.exit(main(*sys.argv[1:]))
