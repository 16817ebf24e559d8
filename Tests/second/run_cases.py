#!/usr/bin/env python3
"""Asks verifiers about every case of a manifest and compares their answers with what is expected.

    run_cases.py FOLDER --swift PROGRAM [--report FILE]

FOLDER holds `manifest.json` and its files, as tamper.py writes them. PROGRAM is the built `quota-verify`; the second
implementation runs in this process. Each must accept what is expected to be accepted, and refuse all else with exit
code 1 or 3 and a reason. The second implementation makes no pages, so it is not asked about certificates. Prints a
line for each artefact and verifier, and one for each wrong answer; --report writes every answer with its reason as
JSON lines. The exit code is 0 only if no answer was wrong.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import ledger_check  # noqa: E402


def words(case, root, folder, is_swift):
    """The command line of a case's question, without the program's name."""
    file = {role: str(root / name) for role, name in case["files"].items()}
    policy = ["--policy", file["policy"]]
    question = case["question"]
    if question in ("receipt", "disclosure", "certificate"):
        return [question, file["file"], *policy, "--genesis", file["genesis"]]
    if question == "total":
        return ["total", file["file"], *policy]
    if question == "checkpoint":
        # quota-verify judges checkpoints in pairs; two of one tree need no proof.
        return ["consistency", "--old", file["file"], "--new", file["file"], *policy]
    if question == "consistency":
        return ["consistency", "--old", file["old"], "--new", file["new"], "--proof", file["proof"], *policy]
    state = [] if is_swift else ["--state", file["state"]]
    return ["audit", "--folder", str(folder), *policy, *state]


@contextlib.contextmanager
def laid_out(case, root):
    """The folder of an audit: the base with the case's files over it; a file of null is taken away."""
    overlay = case.get("overlay")
    base = root / case["files"].get("folder", ".")
    if not overlay:
        yield base
        return
    with tempfile.TemporaryDirectory() as folder:
        names = {str(path.relative_to(base)): path for path in base.rglob("*") if path.is_file()}
        names |= {name: new and root / new for name, new in overlay.items()}
        for name, path in names.items():
            if path is not None:
                place = pathlib.Path(folder, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.symlink(path.resolve(), place)
        yield pathlib.Path(folder)


def ask_swift(program, arguments):
    """Exit code and reasons of quota-verify."""
    done = subprocess.run([program, *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    try:
        reasons = [reason["message"] for reason in json.loads(done.stdout)["reasons"]]
    except (ValueError, KeyError):
        reasons = []
    return done.returncode, "; ".join(reasons)


def ask_python(arguments):
    """Exit code and reason of the second implementation."""
    with contextlib.redirect_stderr(io.StringIO()):
        options = ledger_check.arguments().parse_args(arguments)
    code, lines = ledger_check.run(options)
    return code, "" if code == 0 else " ".join(lines[1:])


def answers(case, root, program):
    with laid_out(case, root) as folder:
        swift = ask_swift(program, words(case, root, folder, True))
        if case["question"] == "certificate":
            return {"quota-verify": swift}
        try:
            python = ask_python(words(case, root, folder, False))
        except Exception as error:  # A crash is no answer.
            python = -1, f"crashed: {type(error).__name__}: {error}"
    return {"quota-verify": swift, "second implementation": python}


def is_right(case, code, reason):
    if case["expect"] == "accepted":
        return code == 0
    return code in (1, 3) and reason != ""


def main():
    parser = argparse.ArgumentParser(description="Compares verifiers on tampered copies.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--swift", required=True, help="the built quota-verify")
    parser.add_argument("--least", type=int, default=0, help="fail if a verifier refused fewer tampered copies")
    parser.add_argument("--report", help="write every answer there, one JSON object a line")
    options = parser.parse_args()
    cases = json.loads((options.folder / "manifest.json").read_text(encoding="utf-8"))["cases"]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = list(pool.map(lambda case: answers(case, options.folder, options.swift), cases))
    right, wrong = Counter(), []
    for case, answer in zip(cases, found):
        for verifier, (code, reason) in answer.items():
            if is_right(case, code, reason):
                right[case["artefact"], case["expect"], verifier] += 1
            else:
                wrong.append(
                    f"{verifier} ended with {code} on case {case['id']} ({case['artefact']}: {case['change']}), "
                    f"expected {case['expect']}: {reason}"
                )
    if options.report:
        with open(options.report, "w", encoding="utf-8") as report:
            for case, answer in zip(cases, found):
                told = {name: {"code": code, "reason": reason} for name, (code, reason) in answer.items()}
                report.write(json.dumps({**case, "answers": told}, ensure_ascii=False) + "\n")
    for (artefact, expect, verifier), count in sorted(right.items()):
        what = "untampered or reordered copies" if expect == "accepted" else "tampered copies"
        print(f"  pass  {artefact}: {count} {what} {expect} by {verifier}")
    for verifier in sorted({verifier for _, _, verifier in right}):
        count = sum(n for (_, expect, name), n in right.items() if (expect, name) == ("refused", verifier))
        word = "pass" if count >= options.least else "FAIL"
        print(f"  {word}  {verifier} refused {count} tampered copies with a reason, of at least {options.least}")
    for line in wrong:
        print(f"  FAIL  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
