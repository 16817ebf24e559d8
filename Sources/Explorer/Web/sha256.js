// SHA-256 (FIPS 180-4), synchronous: a proof hashes many short inputs one after the other, and the
// browser's own digest answers each of them by a task. `selfCheck` compares the two.

import { equal, utf8 } from "./bytes.js";

const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);

// The constants are the fractions of square and cube roots of the first primes.
function fraction(root) {
    return ((root - Math.floor(root)) * 4294967296) >>> 0;
}

for (let candidate = 2, found = 0; found < 64; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
        if (candidate % divisor === 0) isPrime = false;
    }
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    ROUNDS[found] = fraction(Math.cbrt(candidate));
    found += 1;
}

const schedule = new Uint32Array(64);

function turn(word, count) {
    return (word >>> count) | (word << (32 - count));
}

function compress(state, view, offset) {
    for (let at = 0; at < 16; at += 1) schedule[at] = view.getUint32(offset + 4 * at);
    for (let at = 16; at < 64; at += 1) {
        const early = schedule[at - 15];
        const late = schedule[at - 2];
        const low = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
        const high = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
        schedule[at] = schedule[at - 16] + low + schedule[at - 7] + high;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
        const mixE = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const first = (h + mixE + ((e & f) ^ (~e & g)) + ROUNDS[at] + schedule[at]) | 0;
        const mixA = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const second = (mixA + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + first) | 0;
        d = c;
        c = b;
        b = a;
        a = (first + second) | 0;
    }
    const sums = [a, b, c, d, e, f, g, h];
    for (let at = 0; at < 8; at += 1) state[at] += sums[at];
}

/** The SHA-256 digest of all parts, one after the other. */
export function sha256(...parts) {
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    const padded = new Uint8Array((((count + 8) >>> 6) + 1) << 6);
    let at = 0;
    for (const part of parts) {
        padded.set(part, at);
        at += part.length;
    }
    padded[count] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(count / 0x20000000));
    view.setUint32(padded.length - 4, (count << 3) >>> 0);
    const state = START.slice();
    for (let offset = 0; offset < padded.length; offset += 64) compress(state, view, offset);
    const digest = new Uint8Array(32);
    const out = new DataView(digest.buffer);
    state.forEach((word, place) => out.setUint32(4 * place, word));
    return digest;
}

/** Whether this hash and the browser's agree on a few lengths around the block size. */
export async function selfCheck() {
    for (const count of [0, 1, 55, 56, 64, 65, 119, 1000]) {
        const input = utf8("q".repeat(count));
        const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", input));
        if (!equal(sha256(input), expected)) return false;
    }
    return true;
}
