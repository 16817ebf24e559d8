"""Opens the page of a ledger that convicts a validator.

    explorer_evidence.py URL MEMBER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import chromium  # noqa: E402

READY = "document.body?.dataset.ready === 'yes'"


def main(url, member):
    if not chromium.find():
        print("  skip  the page of a ledger that convicts: there is no Chromium")
        return 77
    with chromium.Browser() as browser:
        page = browser.page()
        page.open("about:blank")
        page.open(f"{url}/#/governance")
        page.wait(READY)
        text = page.value("document.body.innerText")
        words = f"{member} gave the view up and made it final in view"
        good = "Validators convicted by their own votes" in text and text.count(words) == 2
        print(f"  {'pass' if good else 'FAIL'}  the page proves the conviction, and shows the statement" + ("" if good else f": {text[:1500]}"))
    return 0


sys.exit(main(*sys.argv[1:]))
