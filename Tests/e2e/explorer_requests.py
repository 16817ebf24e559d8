"""Counts what the first screen and the list of claims ask of a node, so that a longer ledger is seen to cost no more.

    explorer_requests.py FILE URL

The first time the counts go to FILE; the second time, on a ledger of at least four times the leaves, they are compared.
"""

import json
import pathlib
import sys
import urllib.request

import chromium

READY = "document.body?.dataset.ready === 'yes'"
COUNT = "performance.getEntriesByType('resource').length"
BYTES = "performance.getEntriesByType('resource').reduce((sum, one) => sum + one.decodedBodySize, 0)"
# The tree is read in tiles of 256: one level more is a tile more on each of its two edges, and the newest claims may
# lie in two bundles instead of one, each with its tile of hashes.
LEVEL = 4


def counted(url):
    """Requests and bytes of each page, by a browser that remembers nothing."""
    found = {}
    with chromium.Browser() as browser:
        for name, fragment in {"first screen": "#/", "list of claims": "#/claims"}.items():
            page = browser.page()
            page.call("Page.addScriptToEvaluateOnNewDocument", source="performance.setResourceTimingBufferSize(100000);")
            page.open("about:blank")
            page.open(f"{url}/{fragment}")
            page.wait(READY)
            found[name] = [page.value(COUNT), page.value(BYTES)]
    return found


def main(path, url):
    if not chromium.find():
        print("  skip  requests of the page: there is no Chromium")
        return 77
    path = pathlib.Path(path)
    size = int(urllib.request.urlopen(f"{url}/checkpoint").read().split(b"\n")[1])
    found = counted(url)
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
