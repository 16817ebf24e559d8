"""Asks the explorer's verifier, in a headless Chromium, about a folder of tampered copies.

    explorer_cases.py FOLDER

FOLDER holds manifest.json and its files, as Tests/second/tamper.py writes them. Prints a line for each artefact and one
for each wrong answer.
"""

import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import chromium  # noqa: E402
import page_server  # noqa: E402

# The fewest tampered copies that must be refused.
LEAST = 200
ROOT = pathlib.Path(__file__).resolve().parents[2]


def ask(folder):
    """The page's answers by the id of the case."""
    server = page_server.files({"tests": ROOT / "Tests/explorer", "explorer": ROOT / "Sources/Explorer/Web", "cases": folder})
    with chromium.Browser() as browser:
        page = browser.page()
        page.open(f"{server.url}/tests/cases.html")
        page.wait("window.answers !== undefined", 600)
        answers = {answer["id"]: answer for answer in page.value("window.answers")}
    server.close()
    return answers


def main(folder):
    if not chromium.find():
        print("  skip  tampered copies in the page: there is no Chromium")
        return 77
    folder = pathlib.Path(folder)
    cases = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["cases"]
    answers = ask(folder)
    right, wrong = collections.Counter(), []
    for case in cases:
        answer = answers[case["id"]]
        if answer["accepted"] is None:
            continue
        if answer["accepted"] == (case["expect"] == "accepted") and (answer["accepted"] or answer["reason"]):
            right[case["artefact"], case["expect"]] += 1
        else:
            wrong.append(f"case {case['id']} ({case['artefact']}: {case['change']}), expected {case['expect']}: {answer['reason']}")
    for (artefact, expected), count in sorted(right.items()):
        print(f"  pass  {count} cases of {artefact} are {expected} by the page")
    refused = sum(count for (_, expected), count in right.items() if expected == "refused")
    word = "pass" if refused >= LEAST else "FAIL"
    print(f"  {word}  the page refused {refused} tampered copies with a reason, of at least {LEAST}")
    for line in wrong:
        print(f"  FAIL  the page is wrong on {line}")
    return 0


sys.exit(main(*sys.argv[1:]))
