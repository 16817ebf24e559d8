// Evidence of a fork: two signed checkpoints that cannot be of one log, in a file that convicts on its
// own (`quota-ledger/fork-evidence@v1`).

import { Refusal, base64, decimal, equal, fromBase64, fromUTF8, require, utf8 } from "./bytes.js";
import { checkConsistency } from "./merkle.js";
import { SIGNATURE, parseCheckpoint, parseKey, parseNote, verifyNote, vkey } from "./note.js";

const FIRST_LINE = "quota-ledger/fork-evidence@v1";
const KEYS_MAX = 64;

/** Whether a text is a file of this form. */
export function isEvidence(text) {
    return text.startsWith(`${FIRST_LINE}\n`);
}

/**
 * The file that convicts whoever signed both notes.
 *
 * `prefix` is `{ root, path }` of the newer tree at the older size where the sizes differ, else null.
 */
export function writeEvidence(keys, older, newer, prefix) {
    const head = [FIRST_LINE, ...keys.map((key) => `key ${vkey(key)}`)];
    if (prefix) head.push(`prefix ${base64(prefix.root)}`, ...prefix.path.map((hash) => `path ${base64(hash)}`));
    const notes = [["older", older], ["newer", newer]].map(([name, note]) => `${name} ${utf8(note.bytes).length}\n${note.bytes}`);
    return `${head.join("\n")}\n\n${notes.join("")}`;
}

/** Takes a file apart. */
export function readEvidence(bytes) {
    const reader = new Lines(bytes);
    require(reader.line() === FIRST_LINE, "malformed", `line 1: expected '${FIRST_LINE}'`);
    const [keys, path] = [[], []];
    let root = null;
    for (let line = reader.line(); line !== ""; line = reader.line()) {
        const [word, value, ...rest] = line.split(" ");
        require(rest.length === 0, "malformed", "a line of the evidence has too many words");
        if (word === "key" && root === null && keys.length < KEYS_MAX) keys.push(parseKey(value));
        else if (word === "prefix" && root === null) root = hash(value);
        else if (word === "path" && root !== null && path.length < 64) path.push(hash(value));
        else throw new Refusal("malformed", "expected key, prefix, path or an empty line, in order");
    }
    const older = reader.note("older");
    const newer = reader.note("newer");
    require(reader.isAtEnd, "malformed", "bytes follow the newer note");
    return { keys, prefix: root && { root, path }, older, newer };
}

function hash(text) {
    const bytes = fromBase64(text ?? "");
    require(bytes?.length === 32, "malformed", "expected a base64 hash of 32 bytes");
    return bytes;
}

class Lines {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    get isAtEnd() {
        return this.at === this.bytes.length;
    }

    line() {
        const end = this.bytes.indexOf(10, this.at);
        const text = end < 0 ? null : fromUTF8(this.bytes.subarray(this.at, end));
        require(text !== null, "malformed", "a line of the evidence is missing or not UTF-8");
        this.at = end + 1;
        return text;
    }

    note(name) {
        const [word, number, ...rest] = this.line().split(" ");
        const count = decimal(number ?? "");
        require(word === name && rest.length === 0 && count > 0 && count <= this.bytes.length - this.at,
            "malformed", `expected '${name}', a number of bytes, and as many bytes`);
        this.at += count;
        return parseNote(this.bytes.subarray(this.at - count, this.at));
    }
}

/**
 * Checks that each key of the file signed both checkpoints, and that no log that only grows has both.
 *
 * No trust is needed: whoever holds such a key broke the promise that it stands for.
 */
export async function verifyEvidence(bytes) {
    const { keys, prefix, older, newer } = readEvidence(bytes);
    const [first, second] = [older, newer].map(({ text }) => parseCheckpoint(text));
    require(first.origin === second.origin, "other-ledger", "the two checkpoints are of two ledgers");
    require(keys.length > 0, "malformed", "the evidence names no key");
    for (const key of keys) {
        require(key.type === SIGNATURE.cosignature || key.name === first.origin,
            "other-ledger", `the log key '${key.name}' is not of '${first.origin}'`);
        for (const note of [older, newer]) {
            const signed = await verifyNote(note, [key]);
            require(signed.size === 1, "bad-signature", `${key.name} did not sign both checkpoints`);
        }
    }
    checkConflict(first, second, prefix);
    return { keys, older: first, newer: second, prefix };
}

function checkConflict(first, second, prefix) {
    require(first.size <= second.size, "malformed", "the older checkpoint has the larger size");
    if (first.size === second.size) {
        require(prefix === null, "malformed", "trees of one size need no prefix");
        require(!equal(first.root, second.root), "no-conflict", "both checkpoints sign one root");
        return;
    }
    require(prefix !== null, "no-conflict", "the sizes differ and no prefix shows that the trees do");
    checkConsistency(first.size, prefix.root, second.size, second.root, prefix.path);
    require(!equal(prefix.root, first.root), "no-conflict", "the newer tree extends the older one");
}
