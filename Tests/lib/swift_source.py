"""Reading Swift text for the checks: code without its comments and string contents."""

import re

# Longest first, so that a raw or multi-line literal is not taken for a plain one.
_TOKEN = re.compile(
    r'(?P<line>//[^\n]*)'
    r'|(?P<block>/\*)'
    r'|(?P<multi>(?P<mhash>#*)""")'
    r'|(?P<string>(?P<shash>#*)")'
)


def code_only(text):
    """Returns the text with comments and string contents blanked; lines and columns stay."""
    out = []
    position = 0
    while True:
        match = _TOKEN.search(text, position)
        if match is None:
            out.append(text[position:])
            return "".join(out)
        out.append(text[position:match.start()])
        if match.group("line") is not None:
            end = match.end()
        elif match.group("block") is not None:
            end = _end_of_block(text, match.end())
        elif match.group("multi") is not None:
            end = _end_of_literal(text, match.end(), '"""' + match.group("mhash"), match.group("mhash"))
        else:
            end = _end_of_literal(text, match.end(), '"' + match.group("shash"), match.group("shash"))
        out.append(_blank(text[match.start():end]))
        position = end


def _blank(piece):
    return "".join("\n" if character == "\n" else " " for character in piece)


def _end_of_block(text, position):
    """Swift's block comments nest."""
    depth = 1
    while depth and position < len(text):
        if text.startswith("/*", position):
            depth, position = depth + 1, position + 2
        elif text.startswith("*/", position):
            depth, position = depth - 1, position + 2
        else:
            position += 1
    return position


def _end_of_literal(text, position, closing, hashes):
    """Where a literal ends. An interpolation may hold literals of its own."""
    escape = "\\" + hashes
    while position < len(text):
        if text.startswith(escape + "(", position):
            position = _end_of_interpolation(text, position + len(escape) + 1)
        elif text.startswith(escape, position):
            position += len(escape) + 1
        elif text.startswith(closing, position):
            return position + len(closing)
        elif text[position] == "\n" and '"""' not in closing:
            return position
        else:
            position += 1
    return position


def _end_of_interpolation(text, position):
    depth = 1
    while depth and position < len(text):
        match = _TOKEN.match(text, position)
        if match is not None and match.group("string") is not None:
            position = _end_of_literal(text, match.end(), '"' + match.group("shash"), match.group("shash"))
            continue
        if text[position] == "(":
            depth += 1
        elif text[position] == ")":
            depth -= 1
        position += 1
    return position
