// Where bytes come from: a node, or any file server that holds a static copy of one.

import { fromUTF8 } from "./bytes.js";

const ANSWER_BYTES_MAX = 32 << 20;
const PATIENCE_MS = 15000;

/** Nothing came back, so nothing is known; this is no lie of anybody. */
export class Unreachable extends Error {
    constructor(address, cause, status = 0) {
        super(`${address}: ${cause}`);
        this.name = "Unreachable";
        this.status = status;
    }
}

/** One server of the ledger's files. */
export class Source {
    constructor(base) {
        this.base = base.endsWith("/") ? base : `${base}/`;
    }

    address(path) {
        return new URL(path, this.base).href;
    }

    /** The bytes of a file, or `Unreachable`. */
    async get(path) {
        const address = this.address(path);
        let response;
        try {
            response = await fetch(address, {
                credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE_MS),
            });
        } catch {
            throw new Unreachable(address, "no answer");
        }
        if (!response.ok) throw new Unreachable(address, `answered ${response.status}`, response.status);
        try {
            const bytes = new Uint8Array(await response.arrayBuffer());
            if (bytes.length <= ANSWER_BYTES_MAX) return bytes;
        } catch {
            throw new Unreachable(address, "the answer broke off");
        }
        throw new Unreachable(address, "the answer is too long");
    }

    /** A JSON document; what it says is to be compared with proofs. */
    async json(path) {
        const text = fromUTF8(await this.get(path));
        try {
            return JSON.parse(text);
        } catch {
            throw new Unreachable(this.address(path), "the answer is no JSON");
        }
    }
}
