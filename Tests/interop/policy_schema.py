#!/usr/bin/env python3
"""Checks policies against the published JSON Schema with PyPI's `jsonschema`, which nobody here wrote.

Reads one JSON object from standard input and writes one to standard output:

    {"schema": {...}, "documents": [{...}]}
    {"errors": [path or null]}

`errors` says for each document where the schema first refuses it, such as `$.limits[0].cap`, or null.
"""

import json
import sys

from jsonschema import Draft202012Validator


def path_of(error):
    path = "$"
    for step in error.absolute_path:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path


def main():
    task = json.load(sys.stdin)
    Draft202012Validator.check_schema(task["schema"])
    validator = Draft202012Validator(task["schema"])
    first = [next(iter(validator.iter_errors(document)), None) for document in task["documents"]]
    json.dump({"errors": [error and path_of(error) for error in first]}, sys.stdout)


main()
