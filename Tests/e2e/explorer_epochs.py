"""Opens the page of a ledger whose validators have changed.

    explorer_epochs.py GENESIS_HASH RECEIPT URL…
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import chromium  # noqa: E402

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
        page.value(f"localStorage['quota-explorer'] = JSON.stringify({{ pin: {{ genesis: '{pin}' }} }})")
        page.open("about:blank")
        page.open(f"{url}/")
        page.wait(READY)
    return page


def main(chain, receipt, *urls):
    if not chromium.find():
        print("  skip  the page after changes of validators: there is no Chromium")
        return 77
    with chromium.Browser() as browser:
        for url in urls:
            page = opened(browser, url)
            check(f"the page of {url} is VERIFIED", page.value(WORD) == "VERIFIED", page.value(REASONS))
        page = opened(browser, urls[0], chain)
        check("so it is by the genesis hash alone", page.value(WORD) == "VERIFIED", page.value(REASONS))
        page.value("document.body.dataset.ready = ''; location.hash = '#/verify'")
        page.wait(READY)
        page.files("#files", [receipt])
        page.wait("document.querySelectorAll('.verdict').length >= 1")
        verdict = page.value("document.querySelector('.verdict').dataset.verdict")
        check("the page proves the receipt", verdict == "proven", page.value("document.querySelector('.verdict').innerText"))
        page = opened(browser, urls[0], "00" * 32)
        check("by another genesis hash it is DISAGREE", page.value(WORD) == "DISAGREE", page.value(WORD))
    return 0


sys.exit(main(*sys.argv[1:]))
