"""Takes CBOR and text apart, and changes, cuts, swaps, repeats and respells each part of it."""

import base64
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import ledger_check as ledger  # noqa: E402
from statements import Pairs, Raw, Tagged, cbor  # noqa: E402

INSIDE = "(decoded)"


# --- CBOR, as a tree of fields ----------------------------------------------------------------


def tree(value):
    """A decoded value with the tags that `statements.cbor` writes."""
    if isinstance(value, ledger.Tagged):
        return Tagged(value.tag, tree(value.value))
    if isinstance(value, list):
        return [tree(item) for item in value]
    if isinstance(value, dict):
        return {key: tree(item) for key, item in value.items()}
    return value


def decoded(data):
    """The structure inside a byte string, or None if it is only bytes."""
    try:
        value = tree(ledger.decode(data, "bytes"))
    except ledger.Disproven:
        return None
    return value if isinstance(value, (list, dict, Tagged)) and value not in ([], {}) else None


def children(value):
    """The parts of a value: (step, part)."""
    if isinstance(value, Tagged):
        yield "", value.value
    elif isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, bytes) and not isinstance(value, Raw):
        inner = decoded(value)
        if inner is not None:
            yield INSIDE, inner


def walk(value, path=()):
    """Every field of a value with its path, byte strings opened where they hold CBOR."""
    yield path, value
    for step, part in children(value):
        yield from walk(part, path + (step,))


def replaced(value, path, new):
    """The value with another one at `path`; a step of None for `new` is not a removal but null."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, Tagged):
        return Tagged(value.tag, replaced(value.value, rest, new))
    if isinstance(value, dict):
        return {key: replaced(item, rest, new) if key == step else item for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, rest, new) if index == step else item for index, item in enumerate(value)]
    return cbor(replaced(decoded(value), rest, new))


def respelt_head(value):
    """The same item with a head that is longer than it must be."""
    data = cbor(value)
    first, major = data[0], data[0] & 0xE0
    if isinstance(value, bool) or value is None:
        return Raw(bytes([0xF8, first & 31]))
    if first & 31 < 24:
        return Raw(bytes([major | 24, first & 31]) + data[1:])
    size = 1 << (first & 31) - 24
    if size == 8:
        return None
    return Raw(bytes([first + 1]) + bytes(size) + data[1:])


def changed_leaf(value, draw):
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if value is None:
        return 0
    if isinstance(value, int):
        return value + 1 if value >= 0 else value - 1
    if isinstance(value, bytes):
        return turned(value, draw) if value else b"\0"
    place = draw.randrange(len(value)) if value else 0
    return value[:place] + ("b" if value[place : place + 1] == "a" else "a") + value[place + 1 :]


def turned(data, draw):
    """The same bytes with one bit turned."""
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


def variants(value, draw):
    """Tampered forms of one field: (operation, what exactly, new value)."""
    if isinstance(value, (list, dict)):
        yield from container_variants(value, draw)
    elif not isinstance(value, Tagged):
        yield "changed", "", changed_leaf(value, draw)
        if isinstance(value, (bytes, str)) and value:
            yield "cut", "the last byte", value[:-1]
            yield "repeated", "the whole", value + value
            if value[:1] != value[-1:]:
                yield "swapped", "first and last byte", value[-1:] + value[1:-1] + value[:1]
    spelling = respelt_head(value)
    if spelling is not None:
        yield "respelt", "a head that is too long", spelling


def container_variants(value, draw):
    steps = list(value) if isinstance(value, dict) else list(range(len(value)))
    for place, step in enumerate(steps):
        rest = [other for other in steps if other != step]
        if isinstance(value, dict):
            yield "cut", f"field {step}", {key: value[key] for key in rest}
            yield "repeated", f"field {step}", Pairs(
                sorted([*value.items(), (step, value[step])], key=lambda pair: cbor(pair[0]))
            )
        else:
            yield "cut", f"item {step}", [value[other] for other in rest]
            yield "repeated", f"item {step}", value[: step + 1] + value[step:]
        for other in steps[place + 1 :]:
            if type(value[step]) is type(value[other]) and value[step] != value[other]:
                swapped = value.copy()
                swapped[step], swapped[other] = value[other], value[step]
                yield "swapped", f"{step} and {other}", swapped
                break
    if isinstance(value, dict):
        yield "repeated", "with one field more", {**value, "zz": 0}
        if len(value) > 1:
            pairs = sorted(value.items(), key=lambda pair: cbor(pair[0]), reverse=True)
            yield "respelt", "fields in another order", Pairs(pairs)
    else:
        yield "repeated", "with one item more", [*value, 0]


def cbor_cases(data, draw):
    """Tampered copies of CBOR bytes: (place, operation, detail, bytes)."""
    value = tree(ledger.decode(data, "artefact"))
    for path, field in walk(value):
        for operation, detail, new in variants(field, draw):
            yield path, operation, detail, cbor(replaced(value, path, new))
    yield from raw_cases(data, draw)


def raw_cases(data, draw):
    """What can be done to bytes that nobody understands."""
    yield ("bytes",), "cut", "half", data[: len(data) // 2]
    yield ("bytes",), "cut", "the last byte", data[:-1]
    yield ("bytes",), "cut", "the first byte", data[1:]
    yield ("bytes",), "cut", "all", b""
    yield ("bytes",), "repeated", "the last byte", data + data[-1:]
    yield ("bytes",), "repeated", "the whole", data + data
    yield ("bytes",), "swapped", "the halves", data[len(data) // 2 :] + data[: len(data) // 2]


# --- Text, as lines of words ------------------------------------------------------------------


def changed_word(word, draw):
    """A word of the same kind: a larger number, other letters, other bytes in the same base64."""
    if word.isdigit():
        return str(int(word) + 1)
    try:
        data = base64.b64decode(word, validate=True)
    except ValueError:
        data = b""
    if len(data) >= 4 and base64.b64encode(data).decode() == word:
        return base64.b64encode(turned(data, draw)).decode()
    place = draw.randrange(len(word))
    return word[:place] + ("b" if word[place] == "a" else "a") + word[place + 1 :]


def line_name(line, number):
    words = line.split(" ")
    if words[0] == "—":
        return f"signature line by {words[1]}" if len(words) > 1 else "signature line"
    return f"line {number + 1}" + (f" ({words[0]})" if words[0].isalpha() else "")


def text_cases(data, draw):
    """Tampered copies of a text: (place, operation, detail, bytes)."""
    lines = data.decode().split("\n")[:-1]

    def joined(changed):
        return "".join(line + "\n" for line in changed).encode()

    for number, line in enumerate(lines):
        name = line_name(line, number)
        before, after = lines[:number], lines[number + 1 :]
        words = line.split(" ")
        for place, word in enumerate(words):
            if word:
                other = [*words[:place], changed_word(word, draw), *words[place + 1 :]]
                yield (name, f"word {place + 1}"), "changed", "", joined([*before, " ".join(other), *after])
                other = [*words[:place], word[:-1], *words[place + 1 :]]
                yield (name, f"word {place + 1}"), "cut", "the last letter", joined([*before, " ".join(other), *after])
                other = [*words[:place], word, *words[place:]]
                yield (name, f"word {place + 1}"), "repeated", "", joined([*before, " ".join(other), *after])
        yield (name,), "cut", "the line", joined(before + after)
        yield (name,), "repeated", "the line", joined([*before, line, line, *after])
        yield (name,), "respelt", "a blank after it", joined([*before, line + " ", *after])
        yield (name,), "respelt", "a carriage return after it", joined([*before, line + "\r", *after])
        if after and line != after[0]:
            yield (name,), "swapped", "with the next line", joined([*before, after[0], line, *after[1:]])
    yield from raw_cases(data, draw)
