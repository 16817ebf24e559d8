// Proofs of presence and absence in the state map: a Jellyfish Merkle tree over SHA-256.

import { Refusal, equal, require, utf8 } from "./bytes.js";
import { decode, isCount, isDigest } from "./cbor.js";
import { sha256 } from "./sha256.js";

const EMPTY = utf8("SPARSE_MERKLE_PLACEHOLDER_HASH__");
const LEAF = utf8("JMT::LeafNode");
const INNER = utf8("JMT::IntrnalNode");
const DEPTH_MAX = 256;

function bit(path, place) {
    return (path[place >> 3] >> (7 - (place & 7))) & 1;
}

function leaf(path, valueHash) {
    return sha256(LEAF, path, valueHash);
}

function inner(left, right) {
    return sha256(INNER, left, right);
}

function malformed(problem) {
    return new Refusal("malformed", `map proof: ${problem}`);
}

/**
 * Decodes `[1, key, value / null, [path, value hash] / null, depth, bitmap, [* bstr32]]`.
 *
 * The form only; `checkMapProof` checks what it says.
 */
export function decodeMapProof(bytes) {
    const parts = decode(bytes, { bytes: 65535, depth: 3, items: 300 });
    if (!Array.isArray(parts) || parts.length !== 7) throw malformed("expected an array of 7 items");
    const [version, key, value, terminal, depth, bitmap, list] = parts;
    if (version !== 1) throw malformed("version: expected 1");
    if (!(key instanceof Uint8Array)) throw malformed("key: expected bytes");
    if (value !== null && !(value instanceof Uint8Array)) throw malformed("value: expected bytes or null");
    const isPair = Array.isArray(terminal) && terminal.length === 2 && terminal.every(isDigest);
    if (terminal !== null && !isPair) throw malformed("terminal: expected null or two hashes");
    if (!isCount(depth) || depth > DEPTH_MAX) throw malformed(`depth: expected 0 to ${DEPTH_MAX}`);
    const width = (depth + 7) >> 3;
    if (!(bitmap instanceof Uint8Array) || bitmap.length !== width) {
        throw malformed(`bitmap: expected ${width} bytes`);
    }
    for (let place = depth; place < 8 * width; place += 1) {
        if (bit(bitmap, place)) throw malformed("bitmap: a spare bit is set");
    }
    return { key, value, terminal, siblings: siblings(depth, bitmap, list) };
}

function siblings(depth, bitmap, list) {
    const found = [];
    if (!Array.isArray(list)) throw malformed("siblings: expected an array");
    let next = 0;
    for (let place = 0; place < depth; place += 1) {
        if (bit(bitmap, place)) {
            found.push(null);
            continue;
        }
        const hash = list[next];
        next += 1;
        if (!isDigest(hash)) throw malformed(`siblings[${place}]: expected 32 bytes`);
        if (equal(hash, EMPTY)) throw malformed(`siblings[${place}]: an empty one must be left out`);
        found.push(hash);
    }
    if (next !== list.length) throw malformed("siblings: more hashes than the bitmap asks for");
    return found;
}

/** Refuses a proof that does not lead to `root`. */
export function checkMapProof(proof, root) {
    const path = sha256(proof.key);
    let hash = bottom(proof, path);
    const depth = proof.siblings.length;
    require(depth === 0 || proof.siblings[0] !== null,
        "map-mismatch", "the leaf stands lower than its neighbours allow");
    proof.siblings.forEach((sibling, place) => {
        const other = sibling ?? EMPTY;
        hash = bit(path, depth - 1 - place) ? inner(other, hash) : inner(hash, other);
    });
    require(equal(hash, root), "map-mismatch", "the map proof does not lead to the root of the state map");
}

function bottom({ value, terminal, siblings: found }, path) {
    if (value !== null) {
        require(terminal === null, "map-mismatch", "a proof of presence must not have a terminal leaf");
        return leaf(path, sha256(value));
    }
    if (terminal === null) return EMPTY;
    const [otherPath, valueHash] = terminal;
    require(!equal(otherPath, path), "map-mismatch", "the terminal leaf is the key's own");
    for (let place = 0; place < found.length; place += 1) {
        require(bit(otherPath, place) === bit(path, place),
            "map-mismatch", "the terminal leaf does not stand in the key's place");
    }
    return leaf(otherPath, valueHash);
}
