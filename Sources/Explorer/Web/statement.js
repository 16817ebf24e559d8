// Statements as the log holds them, and transparent statements, which carry receipts (RFC 9943).

import { Refusal, equal, require, utf8 } from "./bytes.js";
import { ENTRY, FILE, decode, isCount, isDigest } from "./cbor.js";
import { LABEL, Sign1, thumbprint } from "./cose.js";
import { inclusionRoot, leafHash } from "./merkle.js";

const TYPE = /^application\/vnd\.quota-ledger\.([a-z]+)(\.approval)?\+cbor$/;
const TAG_18 = 0xd2;

/** Whether a leaf is a statement; the others are block headers. */
export function isStatement(leaf) {
    return leaf[0] === TAG_18;
}

/** Whether a decoded value is text that is not empty and has at most `lengthMax` bytes. */
export function shortText(value, lengthMax) {
    return typeof value === "string" && value.length > 0 && utf8(value).length <= lengthMax;
}

/** The protected header of a statement or approval: exactly the labels 1, 3, 4 and 15. */
export function readHeader(message) {
    const labels = [...message.protected.keys()].sort((left, right) => left - right);
    require(String(labels) === "1,3,4,15", "malformed", "protected header: expected the labels 1, 3, 4, 15");
    const claims = message.protected.get(LABEL.claims);
    const names = claims instanceof Map ? [...claims.keys()].sort((left, right) => left - right) : [];
    require(String(names) === "1,2,3,6", "malformed", "CWT claims: expected the labels 1, 2, 3, 6");
    const type = TYPE.exec(message.protected.get(LABEL.contentType));
    require(type, "malformed", "protected header: no content type of this ledger");
    require([-8, -19].includes(message.protected.get(LABEL.alg)), "malformed", "algorithm: expected -8 or -19");
    const kid = message.protected.get(LABEL.kid);
    require(isDigest(kid), "malformed", "kid: expected 32 bytes");
    const [issuer, subject, audience, issuedAt] = [1, 2, 3, 6].map((label) => claims.get(label));
    require(shortText(issuer, 63) && shortText(subject, 512) && shortText(audience, 128) && isCount(issuedAt),
        "malformed", "CWT claims: expected iss, sub, aud as text and iat as a number");
    return { kind: type[1], isApproval: type[2] !== undefined, kid, issuer, subject, audience, issuedAt };
}

/** A statement: who says what about what, and the bytes that were signed. */
export class Statement {
    constructor(bytes) {
        this.bytes = bytes;
        this.message = new Sign1(bytes, ENTRY);
        require(this.message.unprotected.size === 0, "malformed", "a statement has no unprotected header");
        require(this.message.payload?.length > 0, "malformed", "the payload is missing");
        Object.assign(this, readHeader(this.message));
        require(!this.isApproval, "malformed", "an approval is no statement");
        this.payload = decode(this.message.payload);
        const isWrapped = this.payload instanceof Map && this.payload.size === 2
            && this.payload.get("body") instanceof Uint8Array && Array.isArray(this.payload.get("approvals"));
        this.bodyBytes = isWrapped ? this.payload.get("body") : this.message.payload;
        this.body = isWrapped ? decode(this.bodyBytes) : this.payload;
        this.approvals = isWrapped ? this.payload.get("approvals") : [];
        this.leafHash = leafHash(bytes);
    }

    /** Whether this key signed, and is the one that the header names. */
    async isSignedBy(key) {
        return equal(thumbprint(key), this.kid) && this.message.isSignedBy(key);
    }
}

/** A statement with receipts, taken apart; nothing is checked yet. */
export function readTransparent(bytes) {
    const message = new Sign1(bytes, FILE);
    const receipts = message.unprotected.get(LABEL.receipts) ?? [];
    const isPlain = message.unprotected.size === (message.unprotected.has(LABEL.receipts) ? 1 : 0);
    require(isPlain && Array.isArray(receipts) && receipts.length <= 64
        && receipts.every((receipt) => receipt instanceof Uint8Array),
        "malformed", "unprotected header: expected receipts (394) and nothing else");
    return { statement: new Statement(message.encodedWith(new Map())), receipts };
}

/** One receipt (RFC 9942), its claims compared with its proof. */
export class Receipt {
    constructor(bytes) {
        require(bytes.length <= 4096, "malformed", "a receipt has at most 4,096 bytes");
        this.message = new Sign1(bytes);
        require(this.message.payload === null, "malformed", "a receipt's payload must be detached");
        const header = this.message.protected;
        const labels = [...header.keys()].sort((left, right) => left - right);
        require(String(labels) === "1,4,15,395" && header.get(LABEL.vds) === 1,
            "malformed", "receipt: expected the labels 1, 4, 15 and 395 = 1");
        this.kid = header.get(LABEL.kid);
        require(isDigest(this.kid), "malformed", "receipt: kid: expected 32 bytes");
        this.readClaims(header.get(LABEL.claims));
        this.readProof(this.message.unprotected);
        require(this.size === this.claimed.size && this.index === this.claimed.index,
            "malformed", "receipt: tree size and leaf index must be those of the proof");
    }

    readClaims(claims) {
        require(claims instanceof Map && claims.size === 6, "malformed", "receipt: expected six claims");
        const text = (label) => {
            const value = claims.get(label);
            require(shortText(value, 1024), "malformed", `receipt: claim ${label}: expected text`);
            return value;
        };
        const number = (label) => {
            const value = claims.get(label);
            require(isCount(value), "malformed", `receipt: claim ${label}: expected a number`);
            return value;
        };
        this.issuer = text(LABEL.issuer);
        this.subject = text(LABEL.subject);
        this.issuedAt = number(LABEL.issuedAt);
        this.origin = text(LABEL.origin);
        this.claimed = { size: number(LABEL.treeSize), index: number(LABEL.leafIndex) };
    }

    readProof(unprotected) {
        const proofs = unprotected.size === 1 ? unprotected.get(LABEL.vdp) : null;
        const list = proofs instanceof Map && proofs.size === 1 ? proofs.get(-1) : null;
        require(Array.isArray(list) && list.length === 1 && list[0] instanceof Uint8Array,
            "malformed", "receipt: expected one inclusion proof and nothing else");
        const parts = decode(list[0]);
        require(Array.isArray(parts) && parts.length === 3 && isCount(parts[0]) && isCount(parts[1])
            && Array.isArray(parts[2]) && parts[2].length > 0 && parts[2].length <= 63
            && parts[2].every(isDigest), "malformed", "receipt: the inclusion proof cannot be read");
        [this.size, this.index, this.path] = parts;
    }

    /** The root that `key` signed for this leaf. */
    async verifiedRoot(leaf, key) {
        const root = inclusionRoot(this.index, this.size, leaf, this.path);
        const isSigned = await this.message.isSignedBy(key, root);
        require(isSigned, "bad-signature", "its key did not sign the root to which the proof leads");
        return root;
    }
}

/** How many of `count` validators must agree. */
export function threshold(count) {
    return count === 0 ? 0 : count - Math.floor((count - 1) / 3);
}

/**
 * Checks a transparent statement: enough trusted log keys must have signed one root over it.
 *
 * A receipt of a key that is not trusted is ignored; one of a trusted key that does not hold makes the
 * whole file refused. Throws with every reason.
 */
export async function verifyTransparent(bytes, policy) {
    const { statement, receipts } = readTransparent(bytes);
    const logs = policy.logs.filter((log) => log.key.name === statement.audience);
    require(logs.length > 0, "unknown-ledger", `the trust policy has no log '${statement.audience}'`);
    const good = [];
    let ignored = 0;
    for (const [place, receiptBytes] of receipts.entries()) {
        const log = signerOf(receiptBytes, logs);
        if (!log) {
            ignored += 1;
            continue;
        }
        good.push(await provenReceipt(receiptBytes, statement, log, place, policy));
    }
    const agreed = largestAgreement(good);
    const needed = threshold(logs.length);
    require(agreed.length >= needed, "quorum-not-met",
        `${agreed.length} of the ${logs.length} trusted log keys signed one root, ${needed} must`);
    const { index, size } = agreed[0].receipt;
    const times = agreed.map(({ receipt }) => receipt.issuedAt).sort((left, right) => right - left);
    return {
        statement, index, size, root: agreed[0].root, ignored, needed, trusted: logs.length,
        signers: agreed.map(({ name }) => name).sort(), time: times[needed - 1],
    };
}

function signerOf(bytes, logs) {
    try {
        const kid = new Sign1(bytes).protected.get(LABEL.kid);
        return logs.find((log) => kid instanceof Uint8Array && equal(thumbprint(log.key.publicKey), kid));
    } catch {
        return undefined;
    }
}

async function provenReceipt(bytes, statement, log, place, policy) {
    try {
        const receipt = new Receipt(bytes);
        require(receipt.origin === statement.audience, "other-ledger", "it is for another ledger");
        require(receipt.subject === statement.subject, "claims-differ", "its subject is not the statement's");
        const root = await receipt.verifiedRoot(statement.leafHash, log.key.publicKey);
        return { receipt, root, name: policy.nameOfLog(log) };
    } catch (error) {
        throw new Refusal(error.code ?? "malformed", `receipt ${place + 1}: ${error.message}`);
    }
}

function largestAgreement(good) {
    let best = [];
    for (const one of good) {
        const agreed = [];
        for (const other of good) {
            const agrees = equal(one.root, other.root) && one.receipt.index === other.receipt.index
                && one.receipt.size === other.receipt.size;
            const isNew = agreed.every(({ receipt }) => !equal(receipt.kid, other.receipt.kid));
            if (agrees && isNew) agreed.push(other);
        }
        if (agreed.length > best.length) best = agreed;
    }
    return best;
}

