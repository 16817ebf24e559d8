// Opened values: the ledger holds salted digests, a file holds the values behind some of them.
// Form: ["quota-ledger/disclosure@v1", transparent statement, [[salt, field, value]]].

import { Refusal, equal, require, utf8 } from "./bytes.js";
import { decode, encode, isDigest } from "./cbor.js";
import { sha256 } from "./sha256.js";
import { verifyTransparent } from "./statement.js";

const MARK = "quota-ledger/disclosure@v1";
const LIMITS = { bytes: 4 << 20, depth: 4, items: 2048 };
const OPENINGS_MAX = 256;
const VALUE_BYTES_MAX = 1 << 20;

/** Whether a file says that it opens values. */
export function isDisclosure(bytes) {
    const start = [0x83, 0x78, MARK.length, ...utf8(MARK)];
    return start.every((byte, at) => bytes[at] === byte);
}

/** A file taken apart: the transparent statement's bytes and the openings; nothing is checked yet. */
export function readDisclosure(bytes) {
    const parts = decode(bytes, LIMITS);
    require(Array.isArray(parts) && parts.length === 3 && parts[0] === MARK && parts[1] instanceof Uint8Array && Array.isArray(parts[2]),
        "malformed", "the disclosure: expected its mark, a statement and openings");
    require(parts[2].length > 0 && parts[2].length <= OPENINGS_MAX, "malformed", "the disclosure: expected 1 to 256 openings");
    return { transparent: parts[1], openings: parts[2].map(readOpening) };
}

function readOpening(opening) {
    const [salt, field, value] = Array.isArray(opening) && opening.length === 3 ? opening : [];
    require(salt instanceof Uint8Array && salt.length === 16 && typeof field === "string" && field !== "" && utf8(field).length <= 128
        && typeof value === "string" && utf8(value).length <= VALUE_BYTES_MAX, "malformed", "the disclosure: an opening cannot be read");
    return { salt, field, value };
}

/** The salted digests of a statement as [name, digest], in the order of its body. */
export function saltedDigests(statement) {
    const found = [];
    const collect = (value, name) => {
        if (isDigest(value)) {
            if (name !== null) found.push([name, value]);
        } else if (Array.isArray(value)) {
            for (const item of value) collect(item, name);
        } else if (value instanceof Map) {
            for (const [key, item] of value) collect(item, typeof key === "string" ? key : null);
        }
    };
    collect(statement.body, null);
    return found;
}

/** Refuses an opening that is not behind a digest of its name. */
export function checkOpenings(statement, openings) {
    const digests = saltedDigests(statement);
    for (const { salt, field, value } of openings) {
        const digest = sha256(encode([salt, field, value]));
        if (digests.some(([name, other]) => name === field && equal(other, digest))) continue;
        throw new Refusal("not-disclosed", digests.some(([name]) => name === field)
            ? `the value given for '${field}' is not the one in the statement`
            : `the statement has no salted digest named '${field}'`);
    }
}

/** Checks the statement's receipts, and that each opened value belongs to it. */
export async function verifyDisclosure(bytes, policy) {
    const { transparent, openings } = readDisclosure(bytes);
    const proof = await verifyTransparent(transparent, policy);
    checkOpenings(proof.statement, openings);
    return { ...proof, openings };
}
