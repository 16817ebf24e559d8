// The one word of trust, computed here from signatures: VERIFIED, STALE or DISAGREE.

import { Refusal, equal, hex, require } from "./bytes.js";
import { decode } from "./cbor.js";
import { writeEvidence } from "./evidence.js";
import { country, count, moment } from "./format.js";
import { byEpoch, keysDigest, orWitnessed, provenState } from "./handoffs.js";
import { parseNote, verifyNote } from "./note.js";
import { evaluate, inspect } from "./policy.js";
import { Source, Unreachable } from "./source.js";
import { readAccount } from "./state.js";
import { Statement, isStatement } from "./statement.js";
import { Tree } from "./tiles.js";

// Another node may be a block ahead; two minutes ahead is more than that.
const LAG_SECONDS_MAX = 120;

/** What was found out about the ledger, and every reason why it is not simply VERIFIED. */
export class Report {
    constructor() {
        this.reasons = [];
        this.nodes = [];
        this.accounts = [];
        this.evidence = null;
    }

    add(kind, what, error) {
        const isSilence = error instanceof Unreachable;
        const text = error.message ?? String(error);
        this.reasons.push({ kind: isSilence ? "silence" : kind, code: error.code ?? null, text: `${what}: ${text}` });
    }

    /** The word, from the worst reason. */
    get word() {
        const kinds = this.reasons.map(({ kind }) => kind);
        if (kinds.includes("lie")) return "DISAGREE";
        if (!this.head || !this.header) return "NO ANSWER";
        return kinds.includes("old") ? "STALE" : "VERIFIED";
    }

    /** Runs one check; a refusal becomes a reason. */
    async attempt(what, work) {
        try {
            return await work();
        } catch (error) {
            this.add("lie", what, error);
            return null;
        }
    }
}

/** Examines what a source shows, and compares it with the other nodes and with what was seen before. */
export async function examine(source, trust, memory, now) {
    const report = new Report();
    report.trust = trust;
    const proof = await report.attempt("the totals", async () => provenState(trust, source, "countries"));
    const own = await report.attempt("the checkpoint", async () => newestOf(trust, source));
    report.head = [own, proof].filter(Boolean).sort((left, right) => right.checkpoint.size - left.checkpoint.size)[0];
    if (!report.head) return report;
    report.tree = new Tree(source, report.head.checkpoint);
    if (proof) await takeState(report, proof, source);
    if (own && proof) await continues(report, "the checkpoint", [own, proof]);
    if (own?.newer && own.newer.checkpoint.size > report.head.checkpoint.size) await takeNewer(report, own.newer, source);
    await Promise.all([checkBefore(report, memory), checkNodes(report, source)]);
    checkAge(report, memory.values.maxAge, now);
    report.before = memory.lastVisit(now);
    if (report.word === "VERIFIED") {
        memory.set({ head: report.head.note.bytes });
        memory.look(now, report.head.checkpoint.size, totalsOf(report.accounts));
    }
    return report;
}

function totalsOf(accounts) {
    return Object.fromEntries(accounts.filter(({ isUsed }) => isUsed).map(({ key, consumed }) => [hex(key), consumed]));
}

/** Judges a checkpoint by the epoch whose validators may have signed it. */
function judged(trust, note, judge = evaluate) {
    return byEpoch(trust, ({ checkpoint }) => checkpoint.size, (policy) => judge(policy, note));
}

/**
 * The newest checkpoint of a source that the reader's trust accepts.
 *
 * Lines of outside witnesses may come when the checkpoint that they are for has been replaced; what the source shows as
 * the newest is then `newer`, with what it lacks.
 */
async function newestOf(trust, source) {
    const shown = parseNote(await source.get("checkpoint"));
    return orWitnessed(() => judged(trust, shown), async () => {
        const witnessed = await judged(trust, parseNote(await source.get("v1/witnessed-checkpoint")));
        return { ...witnessed, newer: await judged(trust, shown, inspect) };
    });
}

// It must continue what is shown, and that something is newer is said; it is no lie and no reason to be old.
async function takeNewer(report, newer, source) {
    if (!(await checkExtends(report, "the newest checkpoint", new Tree(source, newer.checkpoint), report.head, newer))) return;
    report.newer = newer;
    report.reasons.push({ kind: "late", code: "awaits-lines", text: `the newest checkpoint, of ${count(newer.checkpoint.size)} leaves, continues`
        + ` this one and does not carry yet all signatures that you ask for: ${newer.signers.map(({ name }) => name).join(", ")} signed it` });
}

async function takeState(report, proof, source) {
    Object.assign(report, { proof, header: proof.header });
    report.accounts = (await report.attempt("the totals", async () => proof.entries.map(readAccount))) ?? [];
    await report.attempt("the members", async () => {
        if (!report.trust.validators) return;
        const isKnown = report.trust.epochs.some(({ keys }) => equal(keysDigest(keys), proof.header.validators));
        require(isKnown, "unknown-ledger", "the validators are not those to whom the hand-offs from the genesis lead");
    });
    await report.attempt("the policy", async () => {
        report.policy = await readPolicy(report.tree, proof.header.policyIndex);
        if (report.policy) checkNoneMissing(report);
    });
    await report.attempt("the server's table", async () => compareTable(report, source));
}

/** The policy in the statement at an index, of the genesis or of a proposal; null if it withdrew the last one. */
export async function readPolicy(tree, index) {
    const leaf = await tree.leaf(index);
    require(isStatement(leaf), "not-the-state", `leaf ${index} holds no policy`);
    const { body } = new Statement(leaf);
    const action = body.get("action");
    if (action instanceof Map && action.get("kind") === "withdraw") return null;
    const bytes = action instanceof Map ? action.get("document") : body.get("policy");
    const policy = bytes instanceof Uint8Array ? decode(bytes) : null;
    require(policy instanceof Map && Array.isArray(policy.get("limits")), "not-the-state", `leaf ${index} holds no policy`);
    return policy;
}

/** The limits of a policy that cap countries. */
export function countryLimits(policy) {
    return policy.get("limits").filter((limit) => String(limit.get("subject")) === "destination"
        && (limit.has("cap") || limit.get("window")?.get("steps") !== undefined));
}

// Every country of the policy must be there, used or not, under a period that holds today: so that a
// server cannot leave out the one that is over.
function checkNoneMissing(report) {
    const year = new Date(report.header.time * 1000).getUTCFullYear();
    for (const limit of countryLimits(report.policy)) {
        const id = limit.get("id");
        const current = report.accounts.filter((account) => account.limit === id && coversYear(account.period, year));
        const shown = new Set(current.map((account) => account.subject[0]));
        const missing = (report.policy.get("countries") ?? []).filter((code) => !shown.has(code));
        require(current.length === 0 ? !limit.has("cap") : missing.length === 0, "left-out",
            `the server leaves out ${missing.slice(0, 5).map(country).join(", ") || "every country"} under ${id}`);
    }
}

/** Whether the name of a period can cover a year: 2026, 2025-2027, 2026-Q2, since-2025-01-01. */
export function coversYear(period, year) {
    const since = /^since-(\d{4})/.exec(period);
    if (since) return Number(since[1]) <= year;
    const years = /^(\d{4})(?:-(\d{4})$)?/.exec(period);
    return years !== null && Number(years[1]) <= year && year <= Number(years[2] ?? years[1]);
}

async function compareTable(report, source) {
    let table;
    try {
        table = await source.json("v1/accounts");
    } catch (error) {
        if (error instanceof Unreachable) return;
        throw error;
    }
    if (table.checkpoint?.size !== report.proof.checkpoint.size) return;
    for (const row of table.accounts ?? []) {
        const proven = report.accounts.find((account) => account.limit === row.limit && account.period === row.period
            && String(account.subject) === String(row.subject));
        if (!proven?.isUsed) continue;
        const told = row.consumed.tenths ?? row.consumed.count;
        require(told === proven.consumed, "lying-table", `it says ${row.consumed.text} for ${row.subject.join(", ")}`
            + ` (${row.limit}), and the members signed another number`);
    }
}

async function continues(report, what, [one, other]) {
    const [small, large] = [one, other].sort((left, right) => left.checkpoint.size - right.checkpoint.size);
    if (small.checkpoint.size === large.checkpoint.size) {
        if (!equal(small.checkpoint.root, large.checkpoint.root)) await noteFork(report, small, large);
        return;
    }
    await report.attempt(what, async () => checkExtends(report, what, report.tree, small, large));
}

// Whether a newer tree continues an older one; if not, that is a reason, and two notes that convict are kept.
async function checkExtends(report, what, tree, older, newer) {
    try {
        await tree.checkExtends(older.checkpoint);
        return true;
    } catch (error) {
        if (error instanceof Unreachable) throw error;
        report.add("lie", what, error);
        if (error.code === "not-consistent") await noteEvidence(report, older, newer, await tree.prefix(older.checkpoint.size));
        return false;
    }
}

async function noteFork(report, one, other) {
    report.add("lie", "a fork", new Refusal("fork",
        `two trees of size ${count(one.checkpoint.size)} were signed, with different roots`));
    await noteEvidence(report, one, other, null);
}

async function noteEvidence(report, older, newer, prefix) {
    const policies = (report.trust.epochs ?? [report.trust]).map(({ policy }) => policy);
    const keys = policies.flatMap((policy) => [...policy.logs, ...policy.witnesses].map(({ key }) => key));
    const signed = await Promise.all([older, newer].map(({ note }) => verifyNote(note, keys)));
    const both = keys.filter((key) => signed.every((those) => those.has(key)));
    if (both.length > 0) report.evidence ??= writeEvidence(both, older.note, newer.note, prefix);
}

async function checkBefore(report, memory) {
    if (!memory.values.head) return;
    const before = await judged(report.trust, parseNote(memory.values.head)).catch(() => null);
    if (!before) return;
    const { size } = before.checkpoint;
    if (size > report.head.checkpoint.size) {
        report.add("old", "the checkpoint", new Refusal("stale",
            `this browser saw ${count(size)} leaves before; the server now shows ${count(report.head.checkpoint.size)}`));
    } else {
        await continues(report, "what was seen before", [before, report.head]);
    }
}

async function checkNodes(report, source) {
    const { policy } = report.trust;
    report.nodes = await Promise.all(policy.urls.map(async (url) => {
        const name = policy.witnesses.find((witness) => witness.url === url)?.name ?? url;
        const node = { name, url, state: "silent", isOwn: new URL(url).host === new URL(source.base).host };
        try {
            const peer = new Source(url);
            const verdict = await shownBy(report.trust, peer);
            Object.assign(node, verdict.checkpoint, { time: verdict.time, verdict });
            node.state = await compareNode(report, node, peer);
            if (verdict.lack && node.state !== "differs") Object.assign(node, { state: "unsigned" });
        } catch (error) {
            if (!(error instanceof Unreachable)) {
                node.state = "differs";
                report.add("lie", `the node of ${name}`, error);
            }
        }
        return node;
    }));
}

/** A node's newest accepted checkpoint, or what it shows, of which something is missing: then its tree is compared all the same. */
async function shownBy(trust, peer) {
    try {
        return await newestOf(trust, peer);
    } catch (error) {
        if (error.code !== "quorum-not-met") throw error;
        return judged(trust, parseNote(await peer.get("checkpoint")), inspect);
    }
}

async function compareNode(report, node, peer) {
    const own = report.head;
    if (node.size === own.checkpoint.size) {
        if (equal(node.root, own.checkpoint.root)) return "agrees";
        await noteFork(report, own, node.verdict);
        return "differs";
    }
    const [tree, older, newer] = node.size < own.checkpoint.size ? [report.tree, node.verdict, own] : [new Tree(peer, node), own, node.verdict];
    if (!(await checkExtends(report, `the node of ${node.name}`, tree, older, newer))) return "differs";
    if (newer === own) return "behind";
    if (!newer.lack && node.time - own.time > LAG_SECONDS_MAX) {
        report.add("old", "the checkpoint", new Refusal("stale",
            `${node.name} shows ${count(node.size)} leaves, signed on ${moment(node.time)}`));
    }
    return "ahead";
}

function checkAge(report, maxAge, now) {
    const { time } = report.head;
    if (time === null) return;
    if (now - time > maxAge) {
        report.add("old", "the checkpoint", new Refusal("stale",
            `a quorum last signed on ${moment(time)}, more than ${count(Math.round(maxAge / 60))} minutes ago`));
    }
    if (time - now > LAG_SECONDS_MAX) {
        report.add("old", "the clock", new Refusal("stale",
            `the quorum signed on ${moment(time)}, which is in the future here: one of the clocks is wrong`));
    }
}

/** The hash of a checkpoint's root in hexadecimal digits, shortened. */
export function shortRoot(root) {
    return hex(root).slice(0, 12);
}
