// Which claims wait for somebody, and checkpoints whose outside lines come late.

import { attentionOf } from "/explorer/attention.js";
import { Refusal } from "/explorer/bytes.js";
import { orWitnessed } from "/explorer/handoffs.js";
import { SIGNATURE, parseNote, vkey } from "/explorer/note.js";
import { evaluate, inspect, parsePolicy } from "/explorer/policy.js";
import { Unreachable } from "/explorer/source.js";
import { refuses, same, test } from "./harness.js";
import { signer } from "./signer.js";

const TODAY = 20000;
const STAGES = { reserved: 0, licensed: 1, in_transit: 2, delivered: 3 };

/** A claim of ten items in one stage. */
function claim(stage, fields = {}) {
    return new Map([["lines", [["h100-sxm", 1, [...Array(STAGES[stage]).fill(0), 10]]]], ...Object.entries(fields)]);
}

function why(record, policy = null) {
    return attentionOf(record, policy, TODAY).map(({ why, items, since }) => [why, items, since]);
}

test("a delivery is overdue the day after its time, if it is still on its way", () => {
    same(why(claim("in_transit", { shipped: TODAY - 60 })), []);
    same(why(claim("in_transit", { shipped: TODAY - 61 })), [["delivery overdue", 10, TODAY - 61]]);
    same(why(claim("delivered", { shipped: TODAY - 61 })), []);
    const policy = new Map([["lifecycle", new Map([["deliveryDays", 90]])]]);
    same(why(claim("in_transit", { shipped: TODAY - 61 }), policy), []);
    same(why(claim("in_transit", { shipped: TODAY - 91 }), policy), [["delivery overdue", 10, TODAY - 91]]);
});

test("a consent that nobody gave or refused in time is a silence", () => {
    same(why(claim("reserved", { consent: [null, true, TODAY] })), []);
    same(why(claim("reserved", { consent: [null, true, TODAY - 1] })), [["consent not answered", 10, TODAY - 1]]);
    for (const answer of [true, false]) same(why(claim("reserved", { consent: [answer, true, TODAY - 1] })), []);
    same(why(claim("in_transit", { consent: [null, false, TODAY - 1] })), []);
});

test("a decision is waited for as long as something is reserved, and presence is told every so often", () => {
    same(why(claim("reserved", { decision: "awaiting" })), [["waits for a decision", 10, null]]);
    same(why(claim("licensed", { decision: "awaiting" })), []);
    same(why(claim("delivered", { attested: TODAY - 180 })), []);
    same(why(claim("delivered", { attested: TODAY - 181 })), [["presence overdue", 10, TODAY - 181]]);
    same(why(claim("delivered")), []);
});

test("a checkpoint without an outside line is told apart from one that nobody signed", async () => {
    const origin = "attention.example/log";
    const [log, outside, stranger] = [
        await signer(origin, SIGNATURE.ed25519), await signer("outside.example", SIGNATURE.cosignature), await signer(origin, SIGNATURE.ed25519),
    ];
    const policy = parsePolicy(`log ${vkey(log.key)}\nwitness outside ${vkey(outside.key)}\nquorum outside\n`);
    const text = `${origin}\n3\n${"A".repeat(43)}=\n`;
    const note = async (...signers) => parseNote(`${text}\n${(await Promise.all(signers.map((one) => one.line(text)))).join("")}`);
    same((await inspect(policy, await note(log))).lack.code, "quorum-not-met");
    await refuses("quorum-not-met", async () => evaluate(policy, await note(log)));
    same((await inspect(policy, await note(log, outside))).lack, null);
    same((await evaluate(policy, await note(log, outside))).signers.length, 1);
    await refuses("quorum-not-met", async () => inspect(policy, await note(stranger)));
});

test("what lacks lines is replaced by what has them, and by nothing else", async () => {
    const lacking = () => Promise.reject(new Refusal("quorum-not-met", "the newest"));
    const absent = () => Promise.reject(new Unreachable("here", "answered 404", 404));
    const wrong = () => Promise.reject(new Refusal("bad-signature", "the other"));
    same(await orWitnessed(async () => "newest", wrong), "newest");
    same(await orWitnessed(lacking, async () => "witnessed"), "witnessed");
    await refuses("quorum-not-met", () => orWitnessed(lacking, absent));
    await refuses("bad-signature", () => orWitnessed(lacking, wrong));
    await refuses("bad-signature", () => orWitnessed(wrong, async () => "witnessed"));
});
