// Byte strings and their text forms. Each text form has one spelling; another one is refused.

/** Why something was refused: a stable code and a sentence. */
export class Refusal extends Error {
    constructor(code, message) {
        super(message);
        this.name = "Refusal";
        this.code = code;
    }
}

/** Throws a refusal unless `condition` holds. */
export function require(condition, code, message) {
    if (!condition) throw new Refusal(code, message);
}

/** All parts, one after the other. */
export function concat(...parts) {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}

/** Whether two byte strings are the same. */
export function equal(left, right) {
    return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** The order of bytes: negative if `left` comes first, 0 if both are the same. */
export function compare(left, right) {
    const count = Math.min(left.length, right.length);
    for (let at = 0; at < count; at += 1) {
        if (left[at] !== right[at]) return left[at] - right[at];
    }
    return left.length - right.length;
}

/** Lower-case hexadecimal digits. */
export function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes from lower-case hexadecimal digits, or null. */
export function fromHex(text) {
    if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Base64 with padding (RFC 4648 section 4). */
export function base64(bytes) {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
}

/** Bytes from base64 with padding in its one spelling, or null. */
export function fromBase64(text) {
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
}

/** The UTF-8 bytes of a text. */
export function utf8(text) {
    return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes, or null if they are not UTF-8. */
export function fromUTF8(bytes) {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return null;
    }
}

/** A whole number in its one decimal form, below 2^53, or null. */
export function decimal(text) {
    if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : null;
}

/** Whether bytes stand somewhere in others. */
export function holds(bytes, part) {
    for (let at = bytes.indexOf(part[0]); at >= 0; at = bytes.indexOf(part[0], at + 1)) {
        if (equal(bytes.subarray(at, at + part.length), part)) return true;
    }
    return part.length === 0;
}
