// Members with their keys, and the policy: in force, next, and how it came to be.

import { hex } from "./bytes.js";
import { thumbprint } from "./cose.js";
import { code, facts, h, link, table } from "./dom.js";
import { count, country, moment, policyStatus } from "./format.js";
import { differences, knownMembers, readGovernance } from "./governance.js";
import { limitBasis } from "./limits.js";
import { readable } from "./view-claims.js";

/** Who takes part, with the keys that anyone may compare elsewhere. */
export async function membersView({ report, source }) {
    const { genesis, policy } = report.trust;
    const members = await knownMembers(report, source);
    const governance = await readGovernance(report, source);
    const suspended = new Set((governance?.suspensions ?? []).filter(({ record }) => ["open", "confirmed"].includes(record.get("state"))).map(({ record }) => record.get("member")));
    return [
        h("h1", {}, "Members"),
        h("p", {}, genesis ? `The ledger was founded on ${moment(genesis.time)}; every founder's card and signature under the genesis was checked here. ` : null,
            governance ? "Who is a member now, with which key, is proven from the state map." : "This copy proves the founders only.", " Compare the keys with what the members publish elsewhere."),
        h("div", { class: "cards" }, table("Members", [["Member"], ["Name"], ["Role"], ["Country"], ["Key of its statements"], ["Node"], ["State"]],
            members.map((member) => [
                member.id, member.name, member.role, country(member.country), code(hex(thumbprint(member.statementKey))), member.node ? member.node.api : "none",
                stateWords(member, suspended),
            ]))),
        h("h2", {}, "Whose cosignatures count"),
        h("div", { class: "cards" }, table("Cosigner keys of the trust policy", [["Name"], ["Key name"], ["Public key"]],
            policy.witnesses.map(({ name, key }) => [name, key.name, code(hex(key.publicKey))]))),
        h("p", {}, policy.groups.map(({ name, needed, members: names }) => `${name}: ${needed} of ${names.length} must sign (${names.join(", ")}).`).join(" ")),
        facts(["Genesis hash", genesis ? code(hex(genesis.chain)) : null], ["Digest of the validators, in the last block", code(hex(report.header.validators))]),
    ];
}

function stateWords({ id, record }, suspended) {
    if (suspended.has(id)) return h("span", { class: "alarm" }, "suspended");
    if (record?.has("ended")) return h("span", { class: "warn" }, "left on ", whole(moment(record.get("ended"))));
    return record?.has("changed") ? ["changed by ", link(`leaf/${record.get("changed")}`, `leaf ${count(record.get("changed"))}`)] : "member";
}

/** The policy in force, the next one, and how the policies followed one another. */
export async function policyView({ report, source }) {
    const { policy, header } = report;
    const governance = await readGovernance(report, source);
    return [
        policy ? inForce(policy, header) : [h("h1", {}, "Policy"), h("p", { class: "warn" }, "No policy is in force: the last one was withdrawn by ",
            link(`leaf/${header.policyIndex}`, `leaf ${count(header.policyIndex)}`), ", or it could not be proven; see above.")],
        governance ? history(governance.policies) : h("p", { class: "soft" }, "This copy does not hold the history of policies."),
        policy ? details(policy) : null,
    ];
}

function inForce(policy, header) {
    const get = (name) => policy.get(name);
    return [
        h("h1", {}, `Policy in force: ${get("title") ?? get("id")}`),
        facts(["Id", get("id")], ["Version", get("version")], ["Status", policyStatus(policy)], ["Citation", get("citation")],
            ["Valid", period(get("validity"))], ["Leaf", link(`leaf/${header.policyIndex}`, count(header.policyIndex))]),
        get("statusNote") ? h("p", {}, get("statusNote")) : null,
        h("h2", {}, "Limits"),
        h("div", { class: "cards" }, table("What is counted, for whom, up to how much",
            [["Limit"], ["For each"], ["Window"], ["Cap", "number"], ["Counts"], ["Given back"], ["Beyond it"], ["Citation"]],
            get("limits").map((limit) => limitRow(policy, limit)))),
    ];
}

// Newest first; each with what it changed of the one before it.
function history(policies) {
    const word = { scheduled: "warn", in_force: "good" };
    return [h("h2", {}, "Next and before"), h("div", { class: "cards" }, table("Policies that were decided, proven from the state map",
        [["Policy"], ["State"], ["From"], ["Until"], ["Proposed by"], ["Leaf", "number"]],
        policies.map(({ body, record }) => [
            `${body.get("id")}, version ${body.get("version")}`,
            h("span", { class: word[record.get("state")] ?? null }, record.get("state").replace("_", " ")),
            record.has("since") ? moment(record.get("since")) : record.get("effective") ?? "", record.has("until") ? moment(record.get("until")) : "",
            record.get("issuer"), link(`leaf/${record.get("index")}`, count(record.get("index"))),
        ]))),
    policies.slice(0, -1).map(({ body }, place) => changes(policies[place + 1].body, body))];
}

function changes(before, after) {
    const found = differences(before, after);
    return h("details", {}, h("summary", {}, `${after.get("id")} version ${after.get("version")} against ${before.get("id")} version ${before.get("version")}: ${count(found.length)} differences`),
        h("div", { class: "cards" }, table("Field by field", [["Field"], ["Before"], ["After"]], found.map(([path, old, fresh]) => [
            path, old === null ? "" : h("del", {}, readable(old)), fresh === null ? "" : h("ins", {}, readable(fresh)),
        ]))));
}

function details(policy) {
    return [
        h("h2", {}, "Routes"),
        h("div", { class: "cards" }, table("On which authority goods may go", [["Route"], ["Title"], ["Rules", "number"], ["Citation"]],
            (policy.get("routes") ?? []).map((route) => [route.get("id"), route.get("title"), count((route.get("rules") ?? []).length), route.get("citation")]))),
        h("h2", {}, "Groups of countries"),
        (policy.get("groups") ?? []).map((group) => h("details", {}, h("summary", {}, group.get("title") ?? group.get("id")), h("pre", {}, readable(group)))),
        h("details", {}, h("summary", {}, "The whole policy"), h("pre", {}, readable(policy))),
    ];
}

function limitRow(policy, limit) {
    const { counted, back } = limitBasis(policy, limit);
    return [
        limit.get("title") ?? limit.get("id"), limit.get("subject").join(" × "), windowText(limit.get("window")), capText(limit),
        counted, back,
        String(limit.get("exceeded")?.get("outcome") ?? "").replaceAll("_", " "), limit.get("citation"),
    ];
}

function capText(limit) {
    if (!limit.has("cap")) return limit.get("window")?.has("steps") ? "by steps" : "none";
    const kind = limit.get("metric")?.get("kind") ?? "";
    const unit = { tpp: " TPP", share: " %", ratio: " %" }[kind] ?? ` ${kind}`;
    return `${count(limit.get("cap"))}${unit}`;
}

// A day or moment that stays on one line.
function whole(text) {
    return h("span", { class: "moment" }, text);
}

function windowText(range) {
    if (!(range instanceof Map)) return "";
    const [from, through] = [range.get("from"), range.get("through")];
    return [String(range.get("kind")).replaceAll("_", " "), from ? [" from ", whole(from)] : null, through ? [" through ", whole(through)] : null];
}

function period(validity) {
    if (!(validity instanceof Map)) return null;
    return [validity.get("from"), validity.get("through") ?? "open"].filter(Boolean).join(" to ");
}
