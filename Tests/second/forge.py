"""Forged logs: what a ledger looks like whose validators conspire.

Leaves are changed, every tile and root is computed again, and the false checkpoint is signed by all validators. Only
somebody who replays the leaves can notice.
"""

import base64

import ledger_check as ledger
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TIME = 1_767_300_000


def lines_of(members, text):
    """Both signature lines of every validator under a checkpoint's text."""
    message = b"cosignature/v1\ntime %d\n" % TIME + text
    for member in members:
        for purpose, verifier, stamp, signed in (
            ("log", "logVerifier", b"", text),
            ("cosigner", "cosignerVerifier", TIME.to_bytes(8, "big"), message),
        ):
            key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(member["keys"][purpose]["seed"]))
            name, hash_, _ = member[verifier].split("+", 2)
            data = bytes.fromhex(hash_) + stamp + key.sign(signed)
            yield f"— {name} {base64.b64encode(data).decode()}\n".encode()


def forged(members, leaves):
    """The files of a log with these leaves, signed by all validators."""
    hashes = [ledger.leaf_hash(leaf) for leaf in leaves]
    root = base64.b64encode(ledger.tree_root(hashes)).decode()
    text = f"{members[0]['origin']}\n{len(leaves)}\n{root}\n".encode()
    files = {"checkpoint": text + b"\n" + b"".join(lines_of(members, text))}
    for at in range(0, len(leaves), 256):
        part = leaves[at : at + 256]
        bundle = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in part)
        files[ledger.tile_name("entries", at // 256, len(part))] = bundle
    level = 0
    while hashes:
        for at in range(0, len(hashes), 256):
            part = hashes[at : at + 256]
            files[ledger.tile_name(level, at // 256, len(part))] = b"".join(part)
        hashes = [ledger.tree_root(hashes[i : i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1
    return files


WRONG = {"time": 0, "proposer": "nobody", "ver": 2}


def wrong_fields(header, before):
    """Each field of a header with a value that the ledger cannot have there.

    A view is that of no earlier block of the epoch; which later one it was follows from nothing in the log.
    """
    for name, value in header.items():
        if name == "view":
            yield name, -1
            if before is None:
                yield name, value + 1
            else:
                yield name, 0
                yield name, before["view"]
        elif name in WRONG:
            yield name, WRONG[name]
        elif isinstance(value, bytes):
            yield name, value[:-1] + bytes([value[-1] ^ 1])
        else:
            yield name, value + 1
            if value:
                yield name, value - 1


def with_leaf(leaves, index, data):
    return [*leaves[:index], data, *leaves[index + 1 :]]


def relinked(leaves, first, headers):
    """The leaves with the headers' chain mended from leaf `first` on, so that only the change itself is wrong."""
    leaves = list(leaves)
    for before, index in zip(headers, headers[1:]):
        if index > first:
            header = ledger.decode(leaves[index], "header")
            header["previousHash"] = ledger.leaf_hash(leaves[before])
            leaves[index] = ledger.encode(header)
    return leaves


def forgeries(shop, members):
    """Adds the forged logs of this ledger to the cases."""
    source = ledger.Folder(str(shop.out / "base"))
    size = ledger.Signed(source.read("checkpoint"), shop.policy).checkpoint.size
    leaves = list(ledger.read_entries(source, size))
    headers = [index for index, leaf in enumerate(leaves) if leaf[:1] != b"\xd2"]
    files = {"folder": "base", "policy": "base/trust-policy", "state": "base/state.cbor"}
    names = [
        str(path.relative_to(shop.out / "base")) for path in (shop.out / "base").glob("tile/**/*") if path.is_file()
    ]

    def add(place, change, changed, expect="refused"):
        new = forged(members, changed)
        gone = {name: None for name in names if name not in new}
        shop.case("forged log", "audit", f"{place}: {change}", files, expect, overlay={**gone, **new}, place=place)

    add("log", "signed again, nothing changed", leaves, "accepted")
    for index in (headers[0], headers[len(headers) // 2], headers[-1]):
        header = ledger.decode(leaves[index], "header")
        earlier = [place for place in headers if place < index]
        before = ledger.decode(leaves[earlier[-1]], "header") if earlier else None
        for name, value in wrong_fields(header, before):
            # A false map root in the middle is found by those who run the rules; here the ends are compared.
            if name != "mapRoot" or index in (headers[0], headers[-1]):
                changed = with_leaf(leaves, index, ledger.encode({**header, name: value}))
                add(f"header {name}", f"{shown(value)} in leaf {index}", relinked(changed, index, headers))
            add(
                f"header {name}",
                f"left out in leaf {index}",
                with_leaf(leaves, index, ledger.encode({k: v for k, v in header.items() if k != name})),
            )
    statements(add, leaves, headers, members, shop.draw)


def shown(value):
    return value.hex()[:8] if isinstance(value, bytes) else value


def statements(add, leaves, headers, members, draw):
    """Statements changed, signed by others, taken away, repeated, put elsewhere."""
    by_kind = {}
    for index, leaf in enumerate(leaves):
        if index not in headers:
            by_kind.setdefault(ledger.Statement(leaf).kind, []).append(index)
    for kind, places in by_kind.items():
        index = draw.choice(places)
        statement = ledger.Statement(leaves[index])
        protected, header, _, payload, signature = ledger.sign1(leaves[index], kind)
        again = lambda p, b, s=signature: ledger.encode(ledger.Tagged(18, [p, {}, b, s]))  # noqa: E731
        for place in draw.sample(range(len(payload)), 3):
            other = payload[:place] + bytes([payload[place] ^ 1]) + payload[place + 1 :]
            add(
                f"{kind} payload",
                f"byte {place} changed in leaf {index}",
                relinked(with_leaf(leaves, index, again(protected, other)), index, headers),
            )
        add(
            f"{kind} signature",
            f"changed in leaf {index}",
            relinked(
                with_leaf(leaves, index, again(protected, payload, signature[:-33] + b"\x55" + signature[-32:])),
                index,
                headers,
            ),
        )
        for label in header:
            for claim in header[15] if label == 15 else [None]:
                value = header[15][claim] if claim else header[label]
                other = (
                    value + 1 if isinstance(value, int) else value[:-1] + (b"\x07" if isinstance(value, bytes) else "x")
                )
                new = {**header, 15: {**header[15], claim: other}} if claim else {**header, label: other}
                where = f"{label}.{claim}" if claim else label
                add(
                    f"{kind} header {where}",
                    f"changed in leaf {index}",
                    relinked(with_leaf(leaves, index, again(ledger.encode(new), payload)), index, headers),
                )
        stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
        forged_signature = stranger.sign(ledger.to_be_signed(protected, payload))
        add(
            f"{kind} signature",
            f"by a stranger in leaf {index}",
            relinked(with_leaf(leaves, index, again(protected, payload, forged_signature)), index, headers),
        )
        if index:
            moved(add, leaves, headers, index, statement)


def moved(add, leaves, headers, index, statement):
    """A statement taken away, or there twice, with the header of its block made to fit."""
    own = next(place for place in headers if place > index)
    header = ledger.decode(leaves[own], "header")
    for what, count, part in (("taken away", -1, []), ("there twice", 1, [leaves[index], leaves[index]])):
        fitting = ledger.encode({**header, "count": header["count"] + count})
        changed = [*leaves[:index], *part, *leaves[index + 1 : own], fitting]
        add(f"{statement.kind} leaf", f"{what}, leaf {index}; the log ends there", changed)
