// Ed25519 signatures by the browser's WebCrypto.

import { Refusal, hex } from "./bytes.js";

// y coordinates of points of small order, which would make one signature fit every message: the
// eight points and their other spellings, without the sign bit.
const SMALL_ORDER = new Set([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

const imported = new Map();

/** Whether a 32-byte key may be trusted at all. */
export function isAcceptable(key) {
    if (key.length !== 32) return false;
    const unsigned = key.slice();
    unsigned[31] &= 0x7f;
    return !SMALL_ORDER.has(hex(unsigned));
}

/** Whether the browser gives pages of this address its cryptography, and knows Ed25519. */
export async function isAvailable() {
    if (!globalThis.crypto?.subtle) return false;
    try {
        await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
        return true;
    } catch {
        return false;
    }
}

async function importKey(key) {
    const name = hex(key);
    if (!imported.has(name)) {
        imported.set(name, crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]));
    }
    return imported.get(name);
}

/** Whether `signature` is one of `key` over `message`. */
export async function verify(key, signature, message) {
    if (!globalThis.crypto?.subtle) {
        throw new Refusal("no-crypto", "this browser withholds its cryptography from this address");
    }
    if (!isAcceptable(key) || signature.length !== 64) return false;
    if (!isAcceptable(signature.subarray(0, 32))) return false;
    try {
        return await crypto.subtle.verify("Ed25519", await importKey(key), signature, message);
    } catch {
        return false;
    }
}
