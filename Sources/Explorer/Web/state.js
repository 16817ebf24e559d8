// What the ledger holds at a checkpoint: block headers, state proofs, accounts.

import { Refusal, base64, decimal, equal, fromBase64, fromUTF8, require } from "./bytes.js";
import { Fields, decode, encode, isCount } from "./cbor.js";
import { checkInclusion, leafHash } from "./merkle.js";
import { parseNote } from "./note.js";
import { evaluate } from "./policy.js";
import { checkMapProof, decodeMapProof } from "./statemap.js";

/** The stages of a quantity, in the order of the ledger; the last four are final. */
export const STAGES = [
    "reserved", "licensed", "in_transit", "delivered", "shortfall", "disputed", "lost", "returned",
    "retired", "expired", "passed_on",
];
/** The stages that nothing leaves any more. */
export const FINAL = new Set(STAGES.slice(7));

/** Reads a block header. */
export function decodeHeader(bytes) {
    require(bytes.length <= 1024, "malformed", "the block header is too long");
    const fields = new Fields(decode(bytes), "header");
    const header = {};
    header.version = fields.unsigned("ver");
    require(header.version === 1, "malformed", "header.ver: expected 1");
    for (const name of ["height", "view", "time", "previousIndex", "first", "count", "policyIndex"]) {
        header[name] = fields.unsigned(name);
    }
    for (const name of ["previousHash", "mapRoot", "validators"]) header[name] = fields.digest(name);
    header.proposer = fields.text("proposer");
    fields.finish();
    require(header.count > 0, "malformed", "header.count: expected at least 1");
    header.index = header.first + header.count;
    return header;
}

/** Reads a `.tlog-proof` file. */
export function parseTlogProof(input) {
    const text = typeof input === "string" ? input : fromUTF8(input);
    require(text !== null && text.length <= 16000000, "malformed", "the proof is no text, or too long");
    const split = text.indexOf("\n\n");
    require(split > 0, "malformed", "the proof has no checkpoint");
    const lines = text.slice(0, split).split("\n");
    require(lines.shift() === "c2sp.org/tlog-proof@v1", "malformed", "line 1 of the proof: another format");
    let extra = null;
    if (lines[0]?.startsWith("extra ")) {
        extra = fromBase64(lines.shift().slice(6));
        require(extra, "malformed", "the proof's extra data must be base64");
    }
    const indexLine = lines.shift() ?? "";
    const index = indexLine.startsWith("index ") ? decimal(indexLine.slice(6)) : null;
    require(index !== null, "malformed", "the proof has no index line");
    require(lines.length <= 64, "malformed", "the proof's path is too long");
    const path = lines.map((line) => {
        const hash = fromBase64(line);
        require(hash?.length === 32, "malformed", "the proof's path: expected base64 of 32 bytes");
        return hash;
    });
    return { extra, index, path, note: parseNote(text.slice(split + 2)) };
}

/**
 * Checks a proof about the state map from the signatures down: checkpoint, header, map proofs.
 *
 * The `extra` of the file is CBOR `[header, map proof]`, or `[header, [map proof, ...]]`.
 */
export async function verifyStateProof(input, policy) {
    const proof = parseTlogProof(input);
    require(proof.extra, "malformed", "the proof has no extra data");
    const parts = decode(proof.extra, { bytes: 16000000, depth: 4, items: 100000 });
    require(Array.isArray(parts) && parts.length === 2 && parts[0] instanceof Uint8Array,
        "malformed", "the proof's extra data: expected a header and map proofs");
    const header = decodeHeader(parts[0]);
    const list = Array.isArray(parts[1]) ? parts[1] : [parts[1]];
    require(list.every((item) => item instanceof Uint8Array), "malformed", "a map proof is no byte string");
    const mapProofs = list.map(decodeMapProof);
    const verdict = await evaluate(policy, proof.note);
    const { size, root } = verdict.checkpoint;
    require(proof.index === header.index && header.index + 1 === size, "not-the-state",
        `the header is leaf ${header.index}, but the state at size ${size} stands in its last leaf`);
    checkInclusion(proof.index, size, leafHash(parts[0]), proof.path, root);
    for (const mapProof of mapProofs) checkMapProof(mapProof, header.mapRoot);
    const entries = mapProofs.map((mapProof, place) => ({
        ...readEntry(mapProof), depth: mapProof.siblings.length, mapProof: list[place],
    }));
    return { ...verdict, header, headerBytes: parts[0], path: proof.path, entries };
}

/** One entry of a verified proof as a `.tlog-proof` file of its own, which any verifier reads. */
export function proofFile(proof, entry) {
    const extra = base64(encode([proof.headerBytes, entry.mapProof]));
    const head = ["c2sp.org/tlog-proof@v1", `extra ${extra}`, `index ${proof.header.index}`];
    return [...head, ...proof.path.map(base64), "", proof.note.bytes].join("\n");
}

function readEntry({ key, value }) {
    const names = decode(key);
    const isName = (name) => typeof name === "string" || isCount(name) || name instanceof Uint8Array;
    require(Array.isArray(names) && names.every(isName),
        "malformed", "the key of a map proof cannot be read");
    return { names, key, value };
}

/** Reads an entry under `["account", limit, subject..., period]`. */
export function readAccount(entry) {
    const { names, key, value } = entry;
    require(names.length >= 3 && names[0] === "account", "other-account", "the proof is not about an account");
    const account = {
        entry, key, limit: names[1], subject: names.slice(2, -1), period: names[names.length - 1], isUsed: value !== null,
    };
    return value === null ? account : Object.assign(account, readTotal(value));
}

/** Reads the value of an account: its amounts by stage, what counts against the cap, the cap. */
export function readTotal(value) {
    const fields = new Fields(decode(value), "account");
    const total = { unit: fields.text("unit"), asOf: fields.unsigned("asOf"), cap: fields.unsigned("cap", true) };
    total.stages = readStages(fields.array("amounts"), "account.amounts");
    total.chips = readStages(fields.array("chips"), "account.chips");
    for (const name of ["released", "releasedChips", "overrides"]) {
        const number = fields.unsigned(name, true);
        require(number !== 0, "malformed", `account.${name}: 0 is left out`);
        total[name] = number ?? 0;
    }
    fields.finish();
    total.consumed = sumOf(total.stages) - total.released;
    require(total.consumed >= 0 && sumOf(total.chips) >= total.releasedChips,
        "malformed", "account.released: more than the account holds");
    return total;
}

/** Numbers by stage: an array in the order of the stages, without zeros at its end. */
export function readStages(numbers, path) {
    const isGood = Array.isArray(numbers) && numbers.length <= STAGES.length
        && numbers.every((number) => Number.isSafeInteger(number) && number >= 0 && number < 2 ** 52);
    require(isGood && numbers.at(-1) !== 0, "malformed", `${path}: expected numbers by stage without zeros at the end`);
    return Object.fromEntries(STAGES.map((stage, place) => [stage, numbers[place] ?? 0]));
}

/** The sum over all stages. */
export function sumOf(stages) {
    return Object.values(stages).reduce((sum, number) => sum + number, 0);
}

/** What is left of a cap, negative beyond it; null without a cap. */
export function room(account) {
    return account.cap === undefined ? null : account.cap - account.consumed;
}

/** How full an account is, as the interface says it. */
export function status(account) {
    const left = room(account);
    if (left === null) return "no cap";
    if (left < 0) return "over";
    if (left === 0) return "full";
    return left <= Math.floor(account.cap / 10) ? "near" : "open";
}

/** Refuses two verified checkpoints that contradict each other. */
export function checkSameTree(one, other) {
    if (one.size !== other.size || equal(one.root, other.root)) return;
    throw new Refusal("fork", `two trees of size ${one.size} were signed with different roots`);
}
