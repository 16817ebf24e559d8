// Claims about which somebody must do something: nodes name them, and each is proven from the state map.

import { hex } from "./bytes.js";
import { decode } from "./cbor.js";
import { provenState } from "./handoffs.js";
import { Source, Unreachable } from "./source.js";
import { readStages } from "./state.js";

const DAY = 86400;

/**
 * Why somebody must do something about a claim on a day, counted from 1970-01-01: `{ why, items, since }`.
 *
 * The rule is that of the ledger's reports, and follows from the proven record and the policy alone.
 */
export function attentionOf(record, policy, today) {
    const lines = record.get("lines").map(([, , numbers]) => readStages(numbers, "claim.lines"));
    const given = (name, standard) => policy?.get("lifecycle")?.get(name) ?? standard;
    const found = [];
    const add = (why, stage, since = null) => {
        const items = lines.reduce((sum, stages) => sum + stages[stage], 0);
        if (items > 0) found.push({ why, items, since });
    };
    const isPast = (day, days) => day > 0 && day + days < today;
    if (record.get("decision") === "awaiting") add("waits for a decision", "reserved");
    const [answer, , answerBy] = record.get("consent") ?? [true];
    if (answer === null && answerBy < today) add("consent not answered", "reserved", answerBy);
    const [shipped, attested] = ["shipped", "attested"].map((name) => record.get(name) ?? 0);
    if (isPast(shipped, given("deliveryDays", 60))) add("delivery overdue", "in_transit", shipped);
    if (isPast(attested, given("presenceDays", 180))) add("presence overdue", "delivered", attested);
    return found;
}

/**
 * The claims that need attention now, oldest first, and who was asked for them. Read once a visit.
 *
 * That a claim needs it is proven; that there is no other, only told. So every node is asked: a claim is shown as soon as
 * one of them names it.
 */
export async function readAttention(report, source, now) {
    report.attention ??= load(report, source, Math.floor(now / DAY));
    return report.attention;
}

async function load(report, source, today) {
    const others = report.nodes.filter(({ state, isOwn }) => !isOwn && ["agrees", "behind", "ahead"].includes(state))
        .map(({ name, url }) => ({ name, source: new Source(url), isNewer: true }));
    const answers = await Promise.all([{ name: "this server", source, isNewer: false }, ...others].map((one) => ask(report, one)));
    const found = new Map();
    for (const { entries } of answers) {
        for (const { names, key, value } of entries) {
            if (names[0] !== "claim" || value === null || found.has(hex(key))) continue;
            const record = decode(value);
            const why = attentionOf(record, report.policy, today);
            if (why.length > 0) found.set(hex(key), { issuer: names[1], id: names[2], record, why });
        }
    }
    const claims = [...found.values()].sort((left, right) => left.record.get("index") - right.record.get("index"));
    return { claims, told: answers.filter(({ isAnswer }) => isAnswer).map(({ name }) => name) };
}

// Another node could show the claim as it once was; its proof counts if it is no older than what is shown.
async function ask(report, { name, source, isNewer }) {
    try {
        const { checkpoint, entries } = await provenState(report.trust, source, "attention");
        const isUsed = !isNewer || checkpoint.size >= report.head.checkpoint.size;
        return { name, isAnswer: isUsed, entries: isUsed ? entries : [] };
    } catch (error) {
        if (!(error instanceof Unreachable)) report.add("lie", `the claims that wait, of ${name}`, error);
        return { name, isAnswer: false, entries: [] };
    }
}
