// Decisions of the members: proposals, votes, suspensions, and what they changed.

import { h, link, table } from "./dom.js";
import { count, moment } from "./format.js";
import { readGovernance } from "./governance.js";
import { Statement, isStatement } from "./statement.js";
import { WIDTH } from "./tiles.js";
import { summary } from "./view-claims.js";

const KINDS = new Set(["genesis", "policy", "catalogue", "member", "organisation", "proposal", "vote", "suspension", "facility", "storage", "inventory", "evidence"]);
// Governance is rare among claims: this many bundles are read for one page.
const BUNDLES_MAX = 8;

/** The statements of governance in the newest bundles that a reader asks for. */
export async function governanceView({ report, source }, startText) {
    const governance = await readGovernance(report, source);
    const last = Math.floor((report.head.checkpoint.size - 1) / WIDTH);
    const start = startText === undefined ? last : Math.min(last, Number(startText));
    const end = Math.max(0, start - BUNDLES_MAX + 1);
    const rows = [];
    for (let number = start; number >= end; number -= 1) {
        const leaves = await report.tree.bundle(number);
        for (const [place, leaf] of [...leaves.entries()].reverse()) {
            if (!isStatement(leaf)) continue;
            const statement = new Statement(leaf);
            if (!KINDS.has(statement.kind)) continue;
            const index = number * WIDTH + place;
            rows.push([link(`leaf/${index}`, count(index)), moment(statement.issuedAt), statement.kind, statement.issuer, statement.subject, summary(statement)]);
        }
    }
    return [
        h("h1", {}, "Governance"),
        governance ? [proposals(governance.proposals), suspensions(governance.suspensions), convictions(governance.convictions)] : null,
        h("h2", {}, "In the order of the log"),
        h("p", {}, `Everything but claims in leaves ${count(end * WIDTH)} to ${count(Math.min(report.head.checkpoint.size, (start + 1) * WIDTH) - 1)}, newest first,`
            + " read from the log and checked here."),
        h("div", { class: "cards" }, table("Decisions and registrations", [["Leaf"], ["Signed"], ["Kind"], ["By"], ["About"], ["What"]], rows, "No decision among these leaves.")),
        end > 0 ? h("p", {}, link(`governance/${end - 1}`, "older")) : null,
    ];
}

function proposals(all) {
    const word = { open: "warn", passed: "good" };
    return h("div", { class: "cards" }, table("Proposals and how they were voted on, proven from the state map",
        [["Proposal"], ["What"], ["State"], ["For"], ["Against"], ["Votes until"]],
        all.map(({ names, record, body }) => [
            link(`leaf/${record.get("index")}`, names.join("/")), summary({ kind: "proposal", body }),
            h("span", { class: word[record.get("state")] ?? null }, record.get("state")), voters(record, true), voters(record, false), moment(record.get("ends")),
        ]), "Nothing was ever proposed."));
}

function voters(record, approves) {
    const names = record.get("votes").filter(([, choice]) => choice === approves).map(([member]) => member);
    return names.join(", ") || "nobody";
}

function suspensions(all) {
    if (all.length === 0) return null;
    return h("div", { class: "cards" }, table("Suspensions", [["Suspension"], ["Member"], ["State"], ["Since"], ["Lapses unless confirmed"], ["Confirmed by"]],
        all.map(({ names, record }) => [
            link(`leaf/${record.get("index")}`, names.join("/")), record.get("member"), record.get("state"), moment(record.get("since")), moment(record.get("until")), voters(record, true),
        ])));
}

function convictions(all) {
    if (all.length === 0) return null;
    return h("div", { class: "cards" }, table("Validators convicted by their own votes", [["Evidence"], ["Member"], ["What"], ["Brought by"]],
        all.map(({ names, record, body }) => [
            link(`leaf/${record.get("index")}`, names[0]), body.get("member"), summary({ kind: "evidence", body }), record.get("issuer"),
        ])));
}
