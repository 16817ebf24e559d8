"""Runs the explorer's unit tests in a headless Chromium; prints a line per check."""

import pathlib
import sys

import chromium
import page_server

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    if not chromium.find():
        print("  skip  unit tests of the explorer: there is no Chromium")
        return 77
    server = page_server.files({
        "tests": ROOT / "Tests/explorer", "explorer": ROOT / "Sources/Explorer/Web", "example": ROOT / "Keys/example",
        "vectors": ROOT / "Tests/vectors",
    })  # fmt: skip
    with chromium.Browser() as browser:
        page = browser.page()
        page.open(f"{server.url}/tests/unit.html")
        try:
            page.wait("window.results !== undefined", 120)
            print("\n".join(page.value("window.results")))
        except chromium.Failure as error:
            print(f"  FAIL  unit tests of the explorer: {error}; {page.complaints()}")
    server.close()
    return 0


sys.exit(main())
