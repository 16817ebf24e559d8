"""Looks at the explorer by a trust policy that asks for the line of an outside witness, which comes late while the ledger grows.

    explorer_witness.py POLICY COPY URL        COPY is a static copy that was made while the ledger grew
"""

import pathlib
import sys

import chromium
import page_server

READY = "document.body?.dataset.ready === 'yes'"
WORD = "document.getElementById('word')?.textContent"
LATE = "does not carry yet all signatures that you ask for"


def check(description, condition, detail=""):
    print(f"  {'pass' if condition else 'FAIL'}  {description}" + ("" if condition else f": {detail}"))


def show(page, url):
    page.open("about:blank")
    page.open(url)
    page.wait(READY, 60)
    return page.value(WORD), page.value("document.body.innerText")


def trusting(browser, url, policy):
    """A page of `url` by a reader who pinned this policy."""
    page = browser.page()
    show(page, url)
    page.value(f"localStorage['quota-explorer'] = JSON.stringify({{ pin: {{ policy: {policy!r} }} }})")
    return page


def main(policy, copy, url):
    if not chromium.find():
        print("  skip  the page and outside witnesses: there is no Chromium")
        return 77
    policy = pathlib.Path(policy).read_text()
    with chromium.Browser() as browser:
        page = trusting(browser, f"{url}/", policy)
        looks = [show(page, f"{url}/") for _ in range(6)]
        check("while the ledger grows, a policy that asks for an outside line finds it: VERIFIED", all(word == "VERIFIED" for word, _ in looks),
              [(word, text[:900]) for word, text in looks if word != "VERIFIED"])  # fmt: skip
        check("… on a checkpoint that has the line", all("outside" in text for _, text in looks))
        check("… and that a newer one lacks it is said", any(LATE in text for _, text in looks), looks[-1][1][:900])
        word, text = show(page, f"{url}/#/nodes")
        check("nodes that ask no witness are told apart, and do not disagree", word == "VERIFIED" and "without signatures that you ask for" in text, text[:1500])
        for name, fragment, expected in [("country", "country/KE", "What the members signed"), ("list of claims", "claims", "Newest first"), ("members", "members", "us-bis")]:
            word, text = show(page, f"{url}/#/{fragment}")
            check(f"the page of the {name} holds by that policy", word == "VERIFIED" and expected in text, text[:1200])
        server = page_server.files({"": pathlib.Path(copy)})
        page = trusting(browser, f"{server.url}/", policy)
        word, text = show(page, f"{server.url}/")
        check("so does a static copy that was made meanwhile", word == "VERIFIED" and "outside" in text, text[:1500])
        server.close()
    return 0


sys.exit(main(*sys.argv[1:]))
