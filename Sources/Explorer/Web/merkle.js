// The RFC 9162 tree over SHA-256, and the proofs about it.

import { equal, require } from "./bytes.js";
import { sha256 } from "./sha256.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf. */
export function leafHash(bytes) {
    return sha256(LEAF, bytes);
}

/** The hash of an inner node. */
export function nodeHash(left, right) {
    return sha256(NODE, left, right);
}

/** The root of a whole tree of these leaf or subtree hashes, for a count that is a power of two. */
export function fullRoot(hashes) {
    let row = hashes;
    while (row.length > 1) {
        const above = [];
        for (let at = 0; at < row.length; at += 2) above.push(nodeHash(row[at], row[at + 1]));
        row = above;
    }
    return row[0];
}

/** The root to which an inclusion path leads from a leaf hash (RFC 9162 section 2.1.3.2). */
export function inclusionRoot(index, size, leaf, path) {
    require(index < size, "not-included", `leaf ${index} is outside a tree of ${size} leaves`);
    let place = BigInt(index);
    let last = BigInt(size) - 1n;
    let hash = leaf;
    for (const sibling of path) {
        require(last !== 0n, "not-included", "the path is longer than index and size ask for");
        if ((place & 1n) === 1n || place === last) {
            hash = nodeHash(sibling, hash);
            while ((place & 1n) === 0n && place !== 0n) {
                place >>= 1n;
                last >>= 1n;
            }
        } else {
            hash = nodeHash(hash, sibling);
        }
        place >>= 1n;
        last >>= 1n;
    }
    require(last === 0n, "not-included", "the path is shorter than index and size ask for");
    return hash;
}

/** Refuses a path that does not lead from the leaf to the root. */
export function checkInclusion(index, size, leaf, path, root) {
    require(equal(inclusionRoot(index, size, leaf, path), root),
        "not-included", "the path does not lead to the root of the checkpoint");
}

/** Refuses a path that does not show the second tree to extend the first (RFC 9162 2.1.4.2). */
export function checkConsistency(oldSize, oldRoot, newSize, newRoot, path) {
    const fail = (problem) => require(false, "not-consistent", problem);
    if (oldSize > newSize) fail("the older tree is larger than the newer one");
    if (oldSize === newSize) {
        if (path.length > 0) fail("one size needs no path");
        require(equal(oldRoot, newRoot), "fork", `two trees of size ${oldSize} have different roots`);
        return;
    }
    if (oldSize === 0) {
        if (path.length > 0) fail("an empty tree needs no path");
        return;
    }
    if (path.length === 0) fail("the path is missing");
    let place = BigInt(oldSize) - 1n;
    let last = BigInt(newSize) - 1n;
    while ((place & 1n) === 1n) {
        place >>= 1n;
        last >>= 1n;
    }
    const hashes = place === 0n ? [oldRoot, ...path] : path;
    let first = hashes[0];
    let second = hashes[0];
    for (const hash of hashes.slice(1)) {
        if (last === 0n) fail("the path is too long");
        if ((place & 1n) === 1n || place === last) {
            first = nodeHash(hash, first);
            second = nodeHash(hash, second);
            while ((place & 1n) === 0n && place !== 0n) {
                place >>= 1n;
                last >>= 1n;
            }
        } else {
            second = nodeHash(second, hash);
        }
        place >>= 1n;
        last >>= 1n;
    }
    if (last !== 0n) fail("the path is too short");
    if (!equal(first, oldRoot) || !equal(second, newRoot)) fail("the path does not join the two roots");
}

