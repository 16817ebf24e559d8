// C2SP signed notes, checkpoints and cosignatures.

import { Refusal, base64, concat, decimal, equal, fromBase64, fromHex, fromUTF8, hex, require, utf8 } from "./bytes.js";
import { isAcceptable, verify } from "./ed25519.js";
import { sha256 } from "./sha256.js";

/** Types of note signatures that this ledger uses. */
export const SIGNATURE = { ed25519: 1, cosignature: 4 };

const NOTE_BYTES_MAX = 1000000;
const SIGNATURES_MAX = 100;

function isKeyName(name) {
    return name.length > 0 && !/[\u0000-\u001f+]|\s/u.test(name);
}

/** A public key of a note: name, type, key and the four bytes by which signatures name it. */
export function makeKey(name, type, publicKey) {
    require(isKeyName(name), "malformed", "a key name must not be empty or hold spaces or '+'");
    require(isAcceptable(publicKey), "malformed", `the key of ${name} is no acceptable Ed25519 key`);
    const id = sha256(utf8(name), Uint8Array.of(10, type), publicKey).subarray(0, 4);
    return { name, type, publicKey, id };
}

/** The text form of a key: `name+hash+base64 key`. */
export function vkey({ name, id, type, publicKey }) {
    return `${name}+${hex(id)}+${base64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Reads `name+hash+base64 key`. */
export function parseKey(vkey) {
    const [name, id, ...rest] = vkey.split("+");
    const material = fromBase64(rest.join("+"));
    const stated = fromHex(id ?? "");
    require(material && stated?.length === 4, "malformed", "a verifier key reads name+8 hex digits+base64");
    require(Object.values(SIGNATURE).includes(material[0]), "malformed", "a key type that is not known here");
    const key = makeKey(name, material[0], material.slice(1));
    require(equal(key.id, stated), "malformed", `the key id of ${name} is not that of its key`);
    return key;
}

/** Reads a signed note: its text and its signature lines. */
export function parseNote(input) {
    const text = typeof input === "string" ? input : fromUTF8(input);
    require(text !== null, "malformed", "the note is not UTF-8");
    require(text.length <= NOTE_BYTES_MAX, "malformed", "the note is too long");
    require(!/[\u0000-\u0009\u000b-\u001f]/.test(text) && text.endsWith("\n"),
        "malformed", "the note holds control characters or does not end in a newline");
    const split = text.lastIndexOf("\n\n");
    require(split > 0 && split + 2 < text.length, "malformed", "the note has no signatures");
    const lines = text.slice(split + 2, -1).split("\n");
    require(lines.length <= SIGNATURES_MAX, "malformed", "the note has too many signatures");
    return { text: text.slice(0, split + 1), signatures: lines.map(parseSignature), bytes: text };
}

function parseSignature(line, number) {
    const [dash, name, blob, ...rest] = line.split(" ");
    const bytes = fromBase64(blob ?? "");
    if (dash !== "\u2014" || rest.length > 0 || !isKeyName(name ?? "") || !bytes || bytes.length < 5) {
        throw new Refusal("malformed", `signature line ${number + 1} of the note cannot be read`);
    }
    return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
}

/** Reads the text of a checkpoint: origin, size, root, extension lines. */
export function parseCheckpoint(text) {
    const lines = text.split("\n");
    require(lines.pop() === "" && lines.length >= 3, "malformed", "a checkpoint has at least three lines");
    const [origin, sizeText, rootText, ...extensions] = lines;
    const size = decimal(sizeText);
    const root = fromBase64(rootText);
    require(origin !== "" && extensions.every((line) => line !== ""),
        "malformed", "a line of the checkpoint is empty");
    require(size !== null, "malformed", "line 2 of the checkpoint is not a tree size");
    require(root?.length === 32, "malformed", "line 3 of the checkpoint is not a hash");
    return { origin, size, root };
}

function uint64(bytes) {
    return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

async function checkLine(line, key, text) {
    if (key.type === SIGNATURE.ed25519) {
        return (await verify(key.publicKey, line.bytes, utf8(text))) ? { time: null } : null;
    }
    if (line.bytes.length !== 72) return null;
    const time = uint64(line.bytes.subarray(0, 8));
    if (time > 0x7fffffffffffffffn) return null;
    const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
    return (await verify(key.publicKey, line.bytes.subarray(8), message)) ? { time: Number(time) } : null;
}

/**
 * The keys that signed a note, each once with its newest time.
 *
 * A line of a known key that does not hold makes the whole note refused; lines of others are ignored.
 */
export async function verifyNote(note, keys) {
    const signed = new Map();
    for (const line of note.signatures) {
        const key = keys.find((other) => other.name === line.name && equal(other.id, line.id));
        if (!key) continue;
        const result = await checkLine(line, key, note.text);
        require(result, "bad-signature", `the signature of ${key.name} (${hex(key.id)}) does not hold`);
        const before = signed.get(key);
        if (!before || (before.time ?? 0) < (result.time ?? 0)) signed.set(key, result);
    }
    return signed;
}

