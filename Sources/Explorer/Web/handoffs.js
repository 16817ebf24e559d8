// From the founders to the present validators: every epoch's validators are named by a header that a quorum of those
// before signed. What follows needs the hash of the genesis statement and nothing else.

import { Refusal, equal, fromUTF8, require } from "./bytes.js";
import { decode, encode } from "./cbor.js";
import { validatorKeys, validatorsPolicy } from "./genesis.js";
import { checkInclusion, leafHash } from "./merkle.js";
import { parseNote } from "./note.js";
import { evaluate } from "./policy.js";
import { sha256 } from "./sha256.js";
import { Unreachable } from "./source.js";
import { decodeHeader, verifyStateProof } from "./state.js";

const MARK = "QLEDGER-HANDOFFS-V1";
const LIMITS = { bytes: 1 << 24, depth: 16, items: 1 << 20 };
const isBytes = (value) => value instanceof Uint8Array;

/** Whether bytes begin as a file of hand-offs does: an array of three whose first item is the mark. */
export function isHandOffs(bytes) {
    return bytes[0] === 0x83 && bytes[1] === 0x60 + MARK.length && fromUTF8(bytes.subarray(2, 2 + MARK.length)) === MARK;
}

/** Reads a file of hand-offs: the genesis statement and the steps, of which nothing is checked yet. */
export function readHandOffs(bytes) {
    const parts = decode(bytes, LIMITS);
    const isFile = Array.isArray(parts) && parts.length === 3 && parts[0] === MARK && isBytes(parts[1]) && Array.isArray(parts[2]);
    require(isFile, "malformed", "this is no file of hand-offs");
    return { genesis: parts[1], steps: parts[2].map(readStep) };
}

function readStep(item) {
    const isStep = Array.isArray(item) && item.length === 4 && isBytes(item[0]) && isBytes(item[1])
        && Array.isArray(item[2]) && item[2].length <= 64 && item[2].every((hash) => isBytes(hash) && hash.length === 32) && Array.isArray(item[3]);
    require(isStep, "malformed", "a step of the hand-offs cannot be read");
    return { note: parseNote(item[0]), header: item[1], path: item[2], validators: item[3].map(readKeys) };
}

function readKeys(row) {
    const isRow = Array.isArray(row) && row.length === 5 && row.slice(0, 2).every((text) => typeof text === "string")
        && row.slice(2).every((key) => isBytes(key) && key.length === 32);
    require(isRow, "malformed", "a validator of the hand-offs cannot be read");
    const [id, role, vote, log, cosigner] = row;
    return { id, role, vote, log, cosigner };
}

/** The digest of a set of validators, as a block header carries it. */
export function keysDigest(keys) {
    const rows = [...keys].sort((left, right) => (left.id < right.id ? -1 : 1))
        .map(({ id, role, vote, log, cosigner }) => [id, role, vote, log, cosigner]);
    return sha256(encode(rows));
}

/**
 * Walks from a checked genesis to the present validators.
 *
 * Gives one `{ number, policy, keys, end }` an epoch, the present one last; `end` is the size at which it was sealed,
 * null for the present one. `urlOf` gives the address of a cosigner key, or undefined.
 */
export async function walk(genesis, steps, urlOf = () => undefined) {
    const epochs = [];
    let keys = validatorKeys(genesis.members);
    let size = 0;
    for (const [place, step] of steps.entries()) {
        const policy = validatorsPolicy(genesis.origin, keys, urlOf);
        try {
            size = await checkStep(step, policy, genesis.origin, size);
        } catch (error) {
            throw new Refusal(error.code ?? "malformed", `the end of epoch ${place + 1}: ${error.message}`);
        }
        epochs.push({ number: place + 1, policy, keys, end: size });
        keys = step.validators;
    }
    return [...epochs, { number: steps.length + 1, policy: validatorsPolicy(genesis.origin, keys, urlOf), keys, end: null }];
}

/**
 * The epochs from the one on whose end a trusted policy accepts: that policy, then the ledger's own of later validators.
 *
 * What the policy asks for beyond the ledger's own rule is not asked of later epochs, so it is kept where it lists the
 * present validators itself. Without an end that it accepts it stands alone.
 */
export async function follow(policy, steps, urlOf = () => undefined) {
    const known = steps.findLastIndex(({ validators }) => listsLogs(policy, validators));
    const epochs = [];
    let [present, keys, size] = [policy, null, 0];
    for (const [place, step] of steps.entries()) {
        if (place <= known) continue;
        const accepted = await evaluate(present, step.note).catch(() => null);
        if (!accepted) {
            require(epochs.length === 0, "quorum-not-met", `the end of epoch ${place + 1} lacks its quorum`);
            continue;
        }
        const { origin } = accepted.checkpoint;
        size = await checkStep(step, present, origin, size);
        epochs.push({ number: place + 1, policy: present, keys, end: size });
        keys = step.validators;
        present = validatorsPolicy(origin, keys, urlOf);
    }
    return [...epochs, { number: steps.length + 1, policy: present, keys, end: null }];
}

function listsLogs({ logs }, validators) {
    return logs.length === validators.length
        && validators.every(({ log }) => logs.some(({ key }) => equal(key.publicKey, log)));
}

async function checkStep({ note, header, path, validators }, policy, origin, size) {
    const { checkpoint } = await evaluate(policy, note);
    require(checkpoint.origin === origin && checkpoint.size > size, "not-consistent",
        `its checkpoint of size ${checkpoint.size} does not follow size ${size}`);
    checkInclusion(checkpoint.size - 1, checkpoint.size, leafHash(header), path, checkpoint.root);
    require(equal(decodeHeader(header).validators, keysDigest(validators)), "not-the-state",
        "its header names other validators of the next epoch");
    return checkpoint.size;
}

/**
 * What `check` makes by the policy of the newest epoch whose validators may have signed.
 *
 * `sizeOf` gives the size of the tree that a result is about: nobody is believed beyond the end of his epoch.
 */
export async function byEpoch(trust, sizeOf, check) {
    let failure = null;
    for (const { policy, end, number } of [...(trust.epochs ?? [{ policy: trust.policy, end: null, number: 1 }])].reverse()) {
        try {
            const result = await check(policy);
            if (end === null || sizeOf(result) <= end) return result;
            failure ??= new Refusal("quorum-not-met", `signed by the validators of epoch ${number}, which ended at size ${end}`);
        } catch (error) {
            failure ??= error;
        }
    }
    throw failure;
}

/**
 * The proof of a part of the state that a source gives, such as "countries".
 *
 * It is at the newest checkpoint, or, while that lacks the lines of outside witnesses that the reader asks for, at the
 * newest that has them.
 */
export function provenState(trust, source, part) {
    return orWitnessed(
        async () => verifyState(trust, await source.get(`v1/proof/${part}`)),
        async () => verifyState(trust, await source.get(`v1/witnessed-proof/${part}`)));
}

/** What `newest` gives, or `witnessed` where that lacks signatures; the lack is told if there is nothing else. */
export async function orWitnessed(newest, witnessed) {
    try {
        return await newest();
    } catch (error) {
        if (error.code !== "quorum-not-met") throw error;
        return witnessed().catch((other) => {
            throw other instanceof Unreachable ? error : other;
        });
    }
}

/** Checks a proof about the state map by the epoch whose validators may have signed it. */
export function verifyState(trust, bytes) {
    return byEpoch(trust, ({ checkpoint }) => checkpoint.size, (policy) => verifyStateProof(bytes, policy));
}
