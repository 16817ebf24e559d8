// Decisions of the members: proposals, votes, suspensions, and what they changed.

import { h, link, table } from "./dom.js";
import { count, moment } from "./format.js";
import { Statement, isStatement } from "./statement.js";
import { WIDTH } from "./tiles.js";
import { summary } from "./view-claims.js";

const KINDS = new Set(["genesis", "policy", "catalogue", "member", "organisation", "proposal", "vote", "suspension", "facility", "storage", "inventory"]);
// Governance is rare among claims: this many bundles are read for one page.
const BUNDLES_MAX = 8;

/** The statements of governance in the newest bundles that a reader asks for. */
export async function governanceView({ report }, startText) {
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
        h("p", {}, `Everything but claims in leaves ${count(end * WIDTH)} to ${count(Math.min(report.head.checkpoint.size, (start + 1) * WIDTH) - 1)}, newest first,`
            + " read from the log and checked here."),
        h("div", { class: "cards" }, table("Decisions and registrations", [["Leaf"], ["Signed"], ["Kind"], ["By"], ["About"], ["What"]], rows, "No decision among these leaves.")),
        end > 0 ? h("p", {}, link(`governance/${end - 1}`, "older")) : null,
    ];
}
