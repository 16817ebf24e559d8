"""Opens the page of a ledger whose validators have changed.

    explorer_epochs.py LEDGER FILES URL…

LEDGER holds the genesis and the founders' trust policy; FILES last.scitt, ledger.handoffs and a static copy.
"""

import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import chromium  # noqa: E402
import page_server  # noqa: E402

READY = "document.body?.dataset.ready === 'yes'"
WORD = "document.getElementById('word')?.textContent"
REASONS = "[...document.querySelectorAll('#trust-line .why li')].map((item) => item.textContent).join(' | ')"


def check(description, condition, detail=""):
    print(f"  {'pass' if condition else 'FAIL'}  {description}" + ("" if condition else f": {detail}"))


def opened(browser, url, pin=None):
    page = browser.page()
    page.open("about:blank")
    page.open(f"{url}/")
    page.wait(READY)
    if pin:
        page.value(f"localStorage['quota-explorer'] = JSON.stringify({{ pin: {json.dumps(pin)} }})")
        page.open("about:blank")
        page.open(f"{url}/")
        page.wait(READY)
    return page


def dropped(page, path, count=1):
    """The verdict on a file that is given to the page."""
    page.files("#files", [path])
    page.wait(f"document.querySelectorAll('.verdict').length >= {count}")
    return page.value("document.querySelector('.verdict').dataset.verdict")


def shown(page, fragment):
    page.value(f"document.body.dataset.ready = ''; location.hash = {fragment!r}")
    page.wait(READY)
    return page.value("document.body.innerText")


def offline(browser, files):
    """A page without a node learns the validators from a file, and judges a receipt of the last of them."""
    empty = files / "empty"
    empty.mkdir(exist_ok=True)
    for name in ("index.html", "explorer"):
        (empty / name).symlink_to(files / "copy" / name)
    server = page_server.files({"": empty})
    page = opened(browser, f"{server.url}/#/verify")
    verdict = dropped(page, files / "ledger.handoffs")
    text = page.value("document.querySelector('.verdict').innerText")
    check("without a node the page proves the hand-offs", verdict == "proven" and "Epoch 4" in text, text)
    page.value("document.body.dataset.ready = ''; document.querySelector('.verdict button').click()")
    page.wait(READY)
    verdict = dropped(page, files / "last.scitt")
    check("and then, trusting them, a receipt of the last epoch", verdict == "proven",
          page.value("document.querySelector('.verdict').innerText"))  # fmt: skip
    server.close()


def main(ledger, files, *urls):
    ledger, files = pathlib.Path(ledger), pathlib.Path(files)
    chain = hashlib.sha256((ledger / "genesis.cose").read_bytes()).hexdigest()
    if not chromium.find():
        print("  skip  the page after changes of validators: there is no Chromium")
        return 77
    with chromium.Browser() as browser:
        for url in urls:
            page = opened(browser, url)
            check(f"the page of {url} is VERIFIED", page.value(WORD) == "VERIFIED", page.value(REASONS))
        page = opened(browser, urls[0], {"genesis": chain})
        check("so it is by the genesis hash alone", page.value(WORD) == "VERIFIED", page.value(REASONS))
        shown(page, "#/verify")
        verdict = dropped(page, files / "last.scitt")
        check("the page proves the receipt", verdict == "proven", page.value("document.querySelector('.verdict').innerText"))
        page = opened(browser, urls[0], {"policy": (ledger / "trust-policy").read_text()})
        check("so it is by the founders' trust policy, which is followed", page.value(WORD) == "VERIFIED", page.value(REASONS))
        for fragment, expected in {
            "#/members": "orion.quota.example", "#/nodes": "of 4 agree", "#/governance": "us-bis/L-1",
            "#/country/KE": "Nothing was ever counted", "#/trust": "have changed since",
        }.items():  # fmt: skip
            text = shown(page, fragment)
            check(f"and so are the validators on {fragment}", expected in text, text[:800])
        shown(page, "#/verify")
        verdict = dropped(page, files / "last.scitt")
        check("by it the page proves the receipt", verdict == "proven", page.value("document.querySelector('.verdict').innerText"))
        page = opened(browser, urls[0], {"genesis": "00" * 32})
        check("by another genesis hash it is DISAGREE", page.value(WORD) == "DISAGREE", page.value(WORD))
        offline(browser, files)
    return 0


sys.exit(main(*sys.argv[1:]))
