// Deterministic CBOR (RFC 8949 section 4.2.1), strict: one byte string per value, anything else is
// refused with the offset of the defect. Integers outside the safe range of numbers become BigInt.

import { Refusal, compare, concat, fromUTF8, utf8 } from "./bytes.js";

/** A tagged value. */
export class Tagged {
    constructor(tag, value) {
        this.tag = tag;
        this.value = value;
    }
}

/** The bounds of one log entry: bytes, nesting, items. */
export const ENTRY = { bytes: 65535, depth: 16, items: 16384 };
/** The bounds of a transparent statement or another file that carries several entries. */
export const FILE = { bytes: 1 << 19, depth: 16, items: 16384 };

/** Decodes exactly one item that fills `bytes`. */
export function decode(bytes, limits = ENTRY) {
    if (bytes.length > limits.bytes) throw refused("too long", limits.bytes);
    const reader = new Reader(bytes, limits);
    const value = reader.item(1);
    if (reader.at !== bytes.length) throw refused("trailing bytes", reader.at);
    return value;
}

function refused(problem, offset) {
    return new Refusal("malformed", `CBOR: ${problem} at byte ${offset}`);
}

class Reader {
    constructor(bytes, limits) {
        this.bytes = bytes;
        this.limits = limits;
        this.at = 0;
        this.items = 0;
    }

    item(depth) {
        const start = this.at;
        if (depth > this.limits.depth) throw refused("nested too deep", start);
        this.items += 1;
        if (this.items > this.limits.items) throw refused("too many items", start);
        const first = this.byte();
        const major = first >> 5;
        if (major === 7) return simple(first, start);
        const argument = this.argument(first, start);
        switch (major) {
            case 0: return argument;
            case 1: return typeof argument === "bigint" ? -1n - argument : negative(argument);
            case 2: return this.content(argument, start).slice();
            case 3: return this.text(argument, start);
            case 4: return this.array(argument, depth, start);
            case 5: return this.map(argument, depth, start);
            default: return new Tagged(argument, this.item(depth + 1));
        }
    }

    byte() {
        if (this.at >= this.bytes.length) throw refused("cut short", this.at);
        this.at += 1;
        return this.bytes[this.at - 1];
    }

    argument(first, start) {
        const short = first & 31;
        if (short < 24) return short;
        if (short === 31) throw refused("an indefinite length", start);
        if (short > 27) throw refused("a reserved head", start);
        const width = 1 << (short - 24);
        if (this.bytes.length - this.at < width) throw refused("cut short", start);
        let value = 0n;
        for (let count = 0; count < width; count += 1) value = (value << 8n) | BigInt(this.byte());
        const smallest = width === 1 ? 24n : 1n << BigInt(width * 4);
        if (value < smallest) throw refused("not the shortest form", start);
        return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    }

    content(count, start) {
        if (count > this.bytes.length - this.at) throw refused("cut short", start);
        this.at += count;
        return this.bytes.subarray(this.at - count, this.at);
    }

    text(count, start) {
        const text = fromUTF8(this.content(count, start));
        if (text === null) throw refused("text that is not UTF-8", start);
        return text;
    }

    array(count, depth, start) {
        if (count > this.bytes.length - this.at) throw refused("cut short", start);
        const items = [];
        for (let place = 0; place < count; place += 1) items.push(this.item(depth + 1));
        return items;
    }

    map(count, depth, start) {
        if (count > (this.bytes.length - this.at) / 2) throw refused("cut short", start);
        const entries = new Map();
        let previous = null;
        for (let place = 0; place < count; place += 1) {
            const keyStart = this.at;
            const key = this.item(depth + 1);
            if (!["string", "number", "bigint"].includes(typeof key)) {
                throw refused("a map key that is neither text nor integer", keyStart);
            }
            const encoded = this.bytes.subarray(keyStart, this.at);
            const order = previous === null ? -1 : compare(previous, encoded);
            if (order === 0) throw refused("a key that occurs twice", keyStart);
            if (order > 0) throw refused("keys out of order", keyStart);
            previous = encoded;
            entries.set(key, this.item(depth + 1));
        }
        return entries;
    }
}

function negative(argument) {
    return argument === Number.MAX_SAFE_INTEGER ? -1n - BigInt(argument) : -1 - argument;
}

function simple(first, start) {
    switch (first) {
        case 0xf4: return false;
        case 0xf5: return true;
        case 0xf6: return null;
        default: throw refused("a float or a simple value", start);
    }
}

/** The one encoding of a value: what `decode` reads. */
export function encode(value) {
    if (value === null) return Uint8Array.of(0xf6);
    if (value === false) return Uint8Array.of(0xf4);
    if (value === true) return Uint8Array.of(0xf5);
    if (value instanceof Uint8Array) return concat(head(2, value.length), value);
    if (value instanceof Tagged) return concat(head(6, value.tag), encode(value.value));
    if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(encode));
    if (value instanceof Map) return encodeMap(value);
    switch (typeof value) {
        case "string": {
            const bytes = utf8(value);
            return concat(head(3, bytes.length), bytes);
        }
        case "number":
        case "bigint":
            return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
        default:
            throw new TypeError("a value that CBOR cannot carry here");
    }
}

function encodeMap(map) {
    const pairs = Array.from(map, ([key, item]) => [encode(key), encode(item)]);
    pairs.sort((left, right) => compare(left[0], right[0]));
    return concat(head(5, pairs.length), ...pairs.flat());
}

function head(major, argument) {
    const value = BigInt(argument);
    const first = major << 5;
    if (value < 24n) return Uint8Array.of(first | Number(value));
    const power = [0, 1, 2, 3].find((exponent) => value < 1n << BigInt(8 << exponent));
    const bytes = new Uint8Array(1 + (1 << power));
    bytes[0] = first | (24 + power);
    let rest = value;
    for (let at = bytes.length - 1; at > 0; at -= 1) {
        bytes[at] = Number(rest & 255n);
        rest >>= 8n;
    }
    return bytes;
}

/**
 * Reads a map with text keys strictly: each field is asked for by name and checked, and `finish`
 * refuses the rest.
 */
export class Fields {
    constructor(value, path = "$") {
        if (!(value instanceof Map)) throw new Refusal("malformed", `${path}: expected a map`);
        this.rest = new Map(value);
        this.path = path;
    }

    take(name, check, expectation, isOptional = false) {
        const value = this.rest.get(name);
        if (value === undefined && isOptional) return undefined;
        const isThere = this.rest.delete(name);
        if (!isThere || !check(value)) {
            throw new Refusal("malformed", `${this.path}.${name}: expected ${expectation}`);
        }
        return value;
    }

    unsigned(name, isOptional) {
        return this.take(name, isCount, "a whole number below 2^53", isOptional);
    }

    text(name, isOptional) {
        return this.take(name, (value) => typeof value === "string", "text", isOptional);
    }

    digest(name, isOptional) {
        return this.take(name, isDigest, "32 bytes", isOptional);
    }

    bytes(name, isOptional) {
        const check = (value) => value instanceof Uint8Array;
        return this.take(name, check, "a byte string", isOptional);
    }

    array(name, isOptional) {
        return this.take(name, Array.isArray, "an array", isOptional);
    }

    finish() {
        for (const key of this.rest.keys()) {
            throw new Refusal("malformed", `${this.path}.${key}: a field that is not known here`);
        }
    }
}

/** Whether a decoded value is a whole number from 0 in the safe range. */
export function isCount(value) {
    return typeof value === "number" && value >= 0;
}

/** Whether a decoded value is 32 bytes. */
export function isDigest(value) {
    return value instanceof Uint8Array && value.length === 32;
}
