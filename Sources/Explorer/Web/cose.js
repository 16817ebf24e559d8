// COSE_Sign1 with Ed25519 (RFC 9052, 9053, 9864) and key thumbprints (RFC 9679).

import { Refusal, concat, require } from "./bytes.js";
import { ENTRY, Tagged, decode, encode } from "./cbor.js";
import { verify } from "./ed25519.js";
import { sha256 } from "./sha256.js";

/** Labels of header parameters and claims. */
export const LABEL = {
    alg: 1, contentType: 3, kid: 4, claims: 15, receipts: 394, vds: 395, vdp: 396,
    issuer: 1, subject: 2, audience: 3, issuedAt: 6,
    origin: -70001, treeSize: -70002, leafIndex: -70003,
};

/** A decoded, tagged COSE_Sign1. */
export class Sign1 {
    constructor(bytes, limits = ENTRY) {
        const object = decode(bytes, limits);
        const isTagged = object instanceof Tagged && object.tag === 18;
        require(isTagged && Array.isArray(object.value) && object.value.length === 4,
            "malformed", "COSE: expected tag 18 and an array of 4 items");
        const [protectedBytes, unprotected, payload, signature] = object.value;
        require(protectedBytes instanceof Uint8Array, "malformed", "COSE: protected: expected bytes");
        require(unprotected instanceof Map, "malformed", "COSE: unprotected: expected a map");
        require(payload === null || payload instanceof Uint8Array,
            "malformed", "COSE: payload: expected bytes or null");
        require(signature instanceof Uint8Array && signature.length === 64,
            "malformed", "COSE: signature: expected 64 bytes");
        this.protectedBytes = protectedBytes;
        this.protected = protectedHeader(protectedBytes, limits);
        this.unprotected = unprotected;
        this.payload = payload;
        this.signature = signature;
        for (const label of unprotected.keys()) {
            require(!this.protected.has(label),
                "malformed", "COSE: unprotected repeats a label of the protected header");
        }
    }

    /** The same object with another unprotected header, encoded. */
    encodedWith(unprotected) {
        const parts = [this.protectedBytes, unprotected, this.payload, this.signature];
        return encode(new Tagged(18, parts));
    }

    /** Whether `key` signed this object; a detached payload is given. */
    async isSignedBy(key, detached = null) {
        const algorithm = this.protected.get(LABEL.alg);
        if (algorithm !== -8 && algorithm !== -19) return false;
        if ((this.payload === null) !== (detached !== null)) return false;
        const message = ["Signature1", this.protectedBytes, new Uint8Array(), this.payload ?? detached];
        return verify(key, this.signature, encode(message));
    }
}

function protectedHeader(bytes, limits) {
    if (bytes.length === 0) return new Map();
    const header = decode(bytes, limits);
    if (!(header instanceof Map) || header.size === 0) {
        throw new Refusal("malformed", "COSE: protected: expected an encoded map that is not empty");
    }
    return header;
}

const OKP_PREFIX = concat(Uint8Array.of(0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20));

/** The RFC 9679 thumbprint of an Ed25519 key. */
export function thumbprint(key) {
    return sha256(OKP_PREFIX, key);
}

