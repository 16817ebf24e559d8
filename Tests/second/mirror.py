#!/usr/bin/env python3
"""Copies a log to a folder: its checkpoint, every entry bundle and every hash tile, as C2SP tlog-tiles names them.

    mirror.py ADDRESS FOLDER

Nothing is checked: `ledger_check.py audit --folder FOLDER` does that.
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import ledger_check as ledger  # noqa: E402


def main():
    address, folder = sys.argv[1:]
    source, size = ledger.Web(address), 0

    def keep(name, data):
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    note = source.read("checkpoint")
    if note is None:
        raise SystemExit(f"{address} has no checkpoint")
    keep("checkpoint", note)
    size = ledger.Checkpoint(ledger.Note(note)).size
    level, count, files = "entries", size, 1
    while count:
        for number in range((count + 255) // 256):
            data, _, name = ledger.read_tile(source, level, number, min(256, count - 256 * number))
            keep(name, data)
            files += 1
        count = size if level == "entries" else count // 256
        level = 0 if level == "entries" else level + 1
    print(f"{files} files of a log of {size} leaves are in {folder}")


if __name__ == "__main__":
    main()
