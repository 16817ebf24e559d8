// The log as it is: leaves by bundles of 256, newest first, and one leaf with everything about it.

import { equal, hex, holds, utf8 } from "./bytes.js";
import { decode, encode } from "./cbor.js";
import { stageName, stageRows } from "./chart.js";
import { thumbprint } from "./cose.js";
import { code, download, facts, h, link, table } from "./dom.js";
import { amount, count, country, day, localMoment, moment } from "./format.js";
import { knownMembers } from "./governance.js";
import { byEpoch, provenState } from "./handoffs.js";
import { Unreachable } from "./source.js";
import { decodeHeader, proofFile, readStages, sumOf } from "./state.js";
import { Statement, isStatement, verifyTransparent } from "./statement.js";
import { WIDTH } from "./tiles.js";

/** One page of claims: a bundle of 256 leaves, each proven to stand where it stands. */
export async function claimsView({ report, source }, numberText) {
    const last = Math.floor((report.head.checkpoint.size - 1) / WIDTH);
    const number = numberText === undefined ? last : Number(numberText);
    const leaves = await report.tree.bundle(number);
    const records = await claimRecords(report, source, number);
    const rows = [];
    for (const [place, leaf] of leaves.entries()) {
        if (!isStatement(leaf)) continue;
        const statement = new Statement(leaf);
        if (statement.kind !== "member") rows.push(row(number * WIDTH + place, statement, records));
    }
    const first = number * WIDTH;
    return [
        h("h1", {}, "Statements in the order of the log"),
        h("p", {}, `Leaves ${count(first)} to ${count(first + leaves.length - 1)} of ${count(report.head.checkpoint.size)}: each was hashed`
            + " here and leads to the signed root. Block headers stand between the statements and are not listed."),
        pager(number, last),
        h("div", { class: "cards" }, table("Newest first", [["Leaf"], ["Kind"], ["Issuer"], ["Subject"], ["What"], ["State"]], rows.reverse(),
            "Only block headers here.")),
        pager(number, last),
        h("form", { onsubmit: goTo }, h("label", { for: "goto" }, "Leaf, or issuer/claim"),
            h("input", { id: "goto", name: "goto", placeholder: "26, or atlas/A-2026-004", autocomplete: "off" }),
            h("button", {}, "Show")),
    ];
}

function goTo(event) {
    event.preventDefault();
    const text = event.target.elements.goto.value.trim();
    location.hash = /^[0-9]+$/.test(text) ? `#/leaf/${text}` : `#/claim/${text}`;
}

function pager(number, last) {
    return h("p", {},
        number < last ? [link(`claims/${last}`, "newest"), " · ", link(`claims/${number + 1}`, "newer"), " · "] : null,
        `page ${count(last - number + 1)} of ${count(last + 1)}`,
        number > 0 ? [" · ", link(`claims/${number - 1}`, "older"), " · ", link("claims/0", "oldest")] : null);
}

function row(index, statement, records) {
    const record = records?.get(`${statement.issuer}\n${statement.subject}`);
    return [
        link(`leaf/${index}`, count(index)), statement.kind, statement.issuer, statement.subject, summary(statement),
        statement.kind === "claim" ? stateWord(record) : "",
    ];
}

/** One line of what a statement says. */
export function summary({ kind, body }) {
    if (!(body instanceof Map)) return "";
    if (kind === "claim" && Array.isArray(body.get("lines"))) {
        const lines = body.get("lines").map((line) => `${count(line.get("quantity"))} × ${line.get("sku")}`);
        return `${lines.join(", ")} to ${country(body.get("destination"))} under ${body.get("authority")}`;
    }
    if (kind === "event" && Array.isArray(body.get("claim"))) return eventWords(body);
    if (kind === "organisation") return `${body.get("id")}, ${country(body.get("location"))}`;
    if (kind === "genesis") return `founds ${body.get("origin")}`;
    if (kind === "evidence") return contradiction(body);
    const words = ["event", "choice", "claim", "reason", "id"].map((name) => body.get(name));
    const action = body.get("action") instanceof Map ? actionWords(body.get("action")) : null;
    return [action, ...words].filter((word) => word && typeof word === "string").join(", ");
}

// What a proposal would do, and to whom or what.
function actionWords(action) {
    const [kind, document, card, body] = ["kind", "document", "card", "body"].map((name) => action.get(name));
    if (kind === "event") return eventWords(body);
    const names = [action.get("member"), action.get("claim")?.join("/"), action.get("limit"), action.get("country"), action.get("subject")?.join("/")];
    if (card) names.push(new Statement(card).subject);
    if (body instanceof Map) names.push(body.get("id"));
    const versioned = document ? decode(document) : new Map([["id", action.get("policy")], ["version", action.get("version")]]);
    if (versioned.get("version") !== undefined) names.push(`${versioned.get("id")} version ${versioned.get("version")}`);
    const from = action.get("effective");
    return [kind, ...names.filter(Boolean), from ? `from ${from}` : null].filter(Boolean).join(" ");
}

/** What two votes of one member in one view say, `[epoch, kind, view, proposal or null, member, signature]` each. */
function contradiction(body) {
    const [[epoch, first, view], [, second]] = body.get("votes");
    const words = { 11: "voted for two proposals", 13: "made another proposal final than it voted for", 23: "gave the view up and made it final", 33: "made two proposals final" };
    return `${body.get("member")} ${words[`${first}${second}`]} in view ${count(view)} of epoch ${count(epoch)}`;
}

function eventWords(body) {
    const [quantities, date] = [body.get("quantities"), body.get("date")];
    const items = Array.isArray(quantities) ? ` ${quantities.map(count).join(" and ")} of` : "";
    const places = ["from", "to"].filter((name) => typeof body.get(name) === "string").map((name) => ` ${name} ${stageName(body.get(name))}`).join("");
    return `${body.get("event").replaceAll("_", " ")}${items} ${body.get("claim").join("/")}${places}${date ? ` on ${date}` : ""}`;
}

// The first word that holds for any part of the claim, as the ledger's programs say it.
const WORD_ORDER = ["disputed", "reserved", "licensed", "in_transit", "delivered", "shortfall", "lost", "returned", "retired", "passed_on"];

/** Where a claim stands, in one word. */
export function stateWord(record) {
    if (record === undefined) return "not in this copy";
    if (record.get("decision") === "awaiting") return "awaits a decision";
    const lines = record.get("lines").map(([, , numbers]) => readStages(numbers, "claim.lines"));
    const word = WORD_ORDER.find((stage) => lines.some((stages) => stages[stage] > 0));
    return stageName(word ?? record.get("ended") ?? "cancelled");
}

/** The proven state of every claim in a bundle, by issuer and id; null where a copy does not have it. */
async function claimRecords(report, source, number) {
    try {
        const proof = await provenState(report.trust, source, `claims/${number}`);
        const records = new Map();
        for (const entry of proof.entries) {
            if (entry.names[0] !== "claim" || entry.value === null) continue;
            const record = decode(entry.value);
            record.proof = [proof, entry];
            records.set(`${entry.names[1]}\n${entry.names[2]}`, record);
        }
        return records;
    } catch (error) {
        if (!(error instanceof Unreachable)) report.add("lie", "the claims", error);
        return null;
    }
}

/** The leaf of a claim that is named by issuer and id. */
export async function claimView(context, issuer, id) {
    const key = encode(["claim", issuer, id]);
    const { report, source } = context;
    try {
        const proof = await provenState(report.trust, source, `state?key=${hex(key)}`);
        const [entry] = proof.entries;
        if (!equal(entry.key, key)) throw new Error("the server proved another key");
        if (entry.value === null) return h("p", {}, `It is proven that ${issuer} never made a claim ${id} on this ledger.`);
        return await leafView(context, decode(entry.value).get("index"));
    } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        return h("p", {}, "This copy cannot look a claim up by its id: open it from the list of claims.");
    }
}

/** One leaf: what it says, when, who signed, that it is in the log, and how it stands. */
export async function leafView({ report, source }, indexText) {
    const index = Number(indexText);
    const leaf = await report.tree.leaf(index);
    if (!isStatement(leaf)) return headerView(report, index, leaf);
    const statement = new Statement(leaf);
    const block = await blockOf(report.tree, index);
    const records = statement.kind === "claim" ? await claimRecords(report, source, Math.floor(index / WIDTH)) : null;
    const record = records?.get(`${statement.issuer}\n${statement.subject}`);
    const events = statement.kind === "claim" ? await eventsOf(report.tree, statement, index) : { found: [], isComplete: true };
    return [
        h("h1", {}, `${statement.kind} ${statement.subject}`),
        h("p", {}, summary(statement)),
        h("h2", {}, "Timeline"),
        timeline(statement, block, record, events.found),
        events.isComplete ? null : h("p", { class: "warn" }, `Events in the newest ${count(report.tree.size - events.searched)} leaves were not looked for.`),
        record ? stateSection(report, statement, record) : null,
        h("h2", {}, "What was signed"),
        facts(["Issuer", statement.issuer], ["Subject", statement.subject], ["Ledger", statement.audience],
            ["Key of the issuer", code(hex(statement.kid))], ["Leaf", count(index)], ["Leaf hash", code(hex(statement.leafHash))]),
        h("pre", {}, readable(statement.body)),
        h("h2", {}, "Proof"),
        await proofSteps(report, source, statement, index, record),
        receiptSection(report, source, statement, index),
    ];
}

// The events of a claim stand somewhere behind it; so many bundles are read for one page.
const EVENT_BUNDLES_MAX = 16;

async function eventsOf(tree, claim, index) {
    const found = [];
    const first = Math.floor(index / WIDTH);
    const last = Math.floor((tree.size - 1) / WIDTH);
    const end = Math.min(last, first + EVENT_BUNDLES_MAX - 1);
    const name = utf8(claim.subject);
    let waiting = [];
    const bundles = await Promise.all(Array.from({ length: end - first + 1 }, (_, place) => tree.bundle(first + place)));
    for (const [number, bundle] of bundles.entries()) {
        for (const [place, leaf] of bundle.entries()) {
            if (!isStatement(leaf)) {
                const { time } = waiting.length > 0 ? decodeHeader(leaf) : {};
                for (const event of waiting) found.push({ ...event, time });
                waiting = [];
                continue;
            }
            // Most leaves are about other claims, and need not be read to see that.
            const event = holds(leaf, name) ? new Statement(leaf) : null;
            if (event && isAbout(event, claim)) waiting.push({ index: (first + number) * WIDTH + place, event });
        }
    }
    return { found, isComplete: end === last, searched: (end + 1) * WIDTH };
}

function isAbout({ kind, issuer, body }, claim) {
    if (kind === "cancel") return issuer === claim.issuer && body.get("claim") === claim.subject;
    if (kind === "event") return String(body.get("claim")) === `${claim.issuer},${claim.subject}`;
    return kind === "vote" && String(body.get("on")) === `claim,${claim.issuer},${claim.subject}`;
}

async function blockOf(tree, index) {
    for (let at = index + 1; at < tree.size; at += 1) {
        const leaf = await tree.leaf(at);
        if (!isStatement(leaf)) return decodeHeader(leaf);
    }
    return null;
}

function timeline(statement, block, record, events) {
    const steps = [[statement.issuedAt, `${statement.issuer} signed it.`]];
    if (block) steps.push([block.time, `Block ${count(block.height)} made it final, proposed by ${block.proposer}.`]);
    for (const { index, event, time } of events) {
        steps.push([time, [`${event.issuer}: ${summary(event)} (`, link(`leaf/${index}`, `leaf ${count(index)}`), ")."]]);
    }
    if (record) steps.push([null, `Now: ${stateWord(record)}.`]);
    return h("ol", { class: "steps" }, steps.map(([time, text]) => h("li", {}, time === null ? null
        : [h("time", { datetime: new Date(time * 1000).toISOString() }, moment(time)), h("span", { class: "soft" }, ` (here ${localMoment(time)})`), ": "], text)));
}

function unitOf(policy, limit) {
    const metric = policy?.get("limits").find((one) => one.get("id") === limit)?.get("metric");
    return metric?.get("kind") === "tpp" ? "tpp" : "units";
}

function stateSection(report, statement, record) {
    const lines = record.get("lines").map(([sku, circuits, numbers, grades]) => ({ sku, circuits, stages: readStages(numbers, "claim.lines"), grades }));
    const held = (record.get("movements") ?? []).map(([limit, subject, period, perUnit, released = 0]) => [
        limit, subject.join(", "), period,
        link(`proof/${hex(encode(["account", limit, ...subject, period]))}`, amount(
            lines.reduce((sum, line, place) => sum + perUnit[place] * sumOf(line.stages), -released), unitOf(report.policy, limit))),
    ]);
    const notes = [["overridden", "It entered beyond a cap by an override."], ["licence", "A licence is on record."], ["test", "A laboratory test is on record."]];
    return [h("h2", {}, `How it stands: ${stateWord(record)}`),
        h("div", { class: "cards" }, table("Items by stage", [["Item"], ["Where"], ["Evidence of what was delivered"]], lines.map(({ sku, stages, grades }) => [
            sku, stageRows({ stages }).map(([stage, value]) => `${count(value)} ${stageName(stage)}`).join(", ") || "none", gradeWords(stages, grades)]))),
        held.length > 0 ? table("What it counts against", [["Limit"], ["Whose"], ["Period"], ["Amount", "number"]], held) : null,
        notes.filter(([name]) => record.has(name)).map(([, text]) => h("p", {}, text)),
        dueWords(record.get("due")),
        h("details", {}, h("summary", {}, "The record in the state map"), h("pre", {}, readable(record))),
        h("p", {}, download(`${statement.subject}.tlog-proof`, proofFile(...record.proof), "Save the proof of this state (.tlog-proof)"))];
}

function gradeWords(stages, grades = []) {
    if (stages.delivered === 0) return "";
    const attested = grades.reduce((sum, number) => sum + number, 0);
    return [stages.delivered > attested ? `${count(stages.delivered - attested)} declared only` : null,
        ...grades.map((number, place) => (number > 0 ? `${count(number)} of grade ${place + 1}` : null))].filter(Boolean).join(", ");
}

function dueWords([reserved, licensed] = []) {
    const words = [reserved ? `what is reserved lapses after ${day(reserved * 86400)}` : null, licensed ? `what is licensed expires after ${day(licensed * 86400)}` : null];
    const known = words.filter(Boolean).join("; ");
    return known === "" ? null : h("p", {}, `Unless something happens, ${known} (UTC).`);
}

async function proofSteps(report, source, statement, index, record) {
    const member = (await knownMembers(report, source)).find(({ id }) => id === statement.issuer);
    const names = member && equal(thumbprint(member.statementKey), statement.kid);
    const isSigned = names ? await statement.isSignedBy(member.statementKey) : null;
    if (isSigned === false) {
        report.add("lie", `leaf ${index}`, new Error(`${statement.issuer} did not sign it with the key of its card`));
    }
    return h("ol", { class: "steps" },
        h("li", { class: isSigned ? "good" : isSigned === null ? "warn" : "alarm" }, isSigned
            ? `The signature of ${statement.issuer} holds under the key of its member card.`
            : isSigned === null ? `The key that signed is not the one that ${statement.issuer} has now, so the signature was not checked here.`
                : `The signature of ${statement.issuer} does not hold.`),
        h("li", { class: "good" }, `Its hash stands at leaf ${count(index)} of the tree whose root is ${hex(report.head.checkpoint.root).slice(0, 16)}…`),
        h("li", { class: "good" }, `That root was signed by ${report.head.signers.map(({ name }) => name).sort().join(", ")}.`),
        record ? h("li", { class: "good" }, "Its state was proven against the root of the state map in the last block header.") : null);
}

function receiptSection(report, source, statement, index) {
    const place = h("div", {});
    // Until somebody asks there is nothing to print.
    const section = h("section", { class: "ask" });
    const check = async () => {
        try {
            const bytes = await source.get(`v1/statements/${index}/transparent`);
            const proof = await byEpoch(report.trust, ({ size }) => size, (policy) => verifyTransparent(bytes, policy));
            section.classList.remove("ask");
            place.replaceChildren(h("p", { class: "good" }, `Receipts of ${proof.signers.join(", ")} hold over the tree of ${count(proof.size)} leaves.`),
                h("p", {}, download(`${statement.subject}.scitt`, bytes, "Save statement and receipts (.scitt)")));
        } catch (error) {
            const text = error instanceof Unreachable ? "This copy has no receipts; ask a node for them." : error.message;
            place.replaceChildren(h("p", { class: error instanceof Unreachable ? "warn" : "alarm" }, text));
        }
    };
    section.append(h("h2", {}, "Receipts"), h("p", {}, h("button", { type: "button", onclick: check }, "Get and check the receipts of all validators")), place);
    return section;
}

function headerView(report, index, leaf) {
    const header = decodeHeader(leaf);
    return [h("h1", {}, `Block ${count(header.height)}`), facts(
        ["Leaf", count(index)], ["Time", `${moment(header.time)} (here ${localMoment(header.time)})`], ["Proposed by", header.proposer],
        ["View", count(header.view)], ["Statements", count(header.count)],
        ["First statement", link(`leaf/${header.first}`, count(header.first))],
        ["Previous block", link(`leaf/${header.previousIndex}`, `leaf ${count(header.previousIndex)}`)],
        ["Policy", link(`leaf/${header.policyIndex}`, `leaf ${count(header.policyIndex)}`)],
        ["Root of the state map", code(hex(header.mapRoot))], ["Validators", code(hex(header.validators))])];
}

/** A decoded value as indented text, byte strings in hexadecimal digits. */
export function readable(value, indent = "") {
    const deeper = `${indent}  `;
    if (value instanceof Uint8Array) return value.length > 2048 ? `(${count(value.length)} bytes)` : hex(value);
    if (value instanceof Map) {
        return [...value].map(([key, item]) => {
            const isNested = item instanceof Map || (Array.isArray(item) && item.some((part) => part instanceof Map || Array.isArray(part)));
            return `${indent}${key}:${isNested ? "\n" : " "}${readable(item, isNested ? deeper : "")}`;
        }).join("\n");
    }
    if (Array.isArray(value)) {
        const isFlat = value.every((item) => !(item instanceof Map) && !Array.isArray(item));
        if (isFlat) return value.map((item) => readable(item)).join(", ");
        return value.map((item) => `${indent}-\n${readable(item, deeper)}`).join("\n");
    }
    return String(value);
}
