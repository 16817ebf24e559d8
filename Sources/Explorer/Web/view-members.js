// Members with their keys, and the policy: in force, next, and how it came to be.

import { hex } from "./bytes.js";
import { thumbprint } from "./cose.js";
import { code, facts, h, link, table } from "./dom.js";
import { count, country, moment } from "./format.js";
import { readable } from "./view-claims.js";

/** Who takes part, with the keys that anyone may compare elsewhere. */
export function membersView({ report }) {
    const { genesis, members } = report.trust;
    if (!members) return [h("h1", {}, "Members"), h("p", {}, "The genesis of this ledger could not be read here.")];
    return [
        h("h1", {}, "Members"),
        h("p", {}, `The founders, from the genesis statement of ${moment(genesis.time)}: every card and every founder's signature was checked`
            + " here. Compare the keys with what the members publish elsewhere."),
        h("div", { class: "cards" }, table("Founders", [["Member"], ["Name"], ["Role"], ["Country"], ["Key of its statements"], ["Node"]],
            members.map((member) => [
                member.id, member.name, member.role, country(member.country), code(hex(thumbprint(member.statementKey))),
                member.node ? member.node.api : "none",
            ]))),
        h("h2", {}, "Whose cosignatures count"),
        h("div", { class: "cards" }, table("Cosigner keys of the trust policy", [["Name"], ["Key name"], ["Public key"]],
            report.trust.policy.witnesses.map(({ name, key }) => [name, key.name, code(hex(key.publicKey))]))),
        h("p", {}, report.trust.policy.groups.map(({ name, needed, members: names }) => (
            `${name}: ${needed} of ${names.length} must sign (${names.join(", ")}).`)).join(" ")),
        facts(["Genesis hash", code(hex(genesis.chain))], ["Digest of the validators, in the last block", code(hex(report.header.validators))]),
    ];
}

/** The policy in force, read from the leaf that the last block names. */
export function policyView({ report }) {
    const { policy } = report;
    if (!policy) return [h("h1", {}, "Policy"), h("p", {}, "The policy in force could not be proven; see the reasons above.")];
    const get = (name) => policy.get(name);
    return [
        h("h1", {}, `Policy in force: ${get("title") ?? get("id")}`),
        facts(["Id", get("id")], ["Version", get("version")], ["Status", get("status")], ["Citation", get("citation")],
            ["Valid", period(get("validity"))], ["Leaf", link(`leaf/${report.header.policyIndex}`, count(report.header.policyIndex))]),
        get("statusNote") ? h("p", {}, get("statusNote")) : null,
        h("h2", {}, "Limits"),
        h("div", { class: "cards" }, table("What is counted, for whom, up to how much",
            [["Limit"], ["For each"], ["Window"], ["Cap", "number"], ["Counts"], ["Given back"], ["Beyond it"], ["Citation"]],
            get("limits").map(limitRow))),
        h("h2", {}, "Routes"),
        h("div", { class: "cards" }, table("On which authority goods may go", [["Route"], ["Title"], ["Rules", "number"], ["Citation"]],
            (get("routes") ?? []).map((route) => [route.get("id"), route.get("title"), count((route.get("rules") ?? []).length), route.get("citation")]))),
        h("h2", {}, "Groups of countries"),
        (get("groups") ?? []).map((group) => h("details", {}, h("summary", {}, group.get("title") ?? group.get("id")), h("pre", {}, readable(group)))),
        h("details", {}, h("summary", {}, "The whole policy"), h("pre", {}, readable(policy))),
    ];
}

function limitRow(limit) {
    const metric = limit.get("metric")?.get("kind") ?? "";
    return [
        limit.get("title") ?? limit.get("id"), limit.get("subject").join(" × "), windowText(limit.get("window")),
        limit.has("cap") ? `${count(limit.get("cap"))} ${metric === "tpp" ? "TPP" : metric}` : limit.get("window")?.has("steps") ? "by steps" : "none",
        limit.get("countBasis") ?? "", (limit.get("release")?.get("on") ?? []).join(", ") || "nothing",
        limit.get("exceeded")?.get("outcome") ?? "", limit.get("citation"),
    ];
}

function windowText(range) {
    if (!(range instanceof Map)) return "";
    const [from, through] = [range.get("from"), range.get("through")];
    return `${String(range.get("kind")).replaceAll("_", " ")}${from ? ` from ${from}` : ""}${through ? ` through ${through}` : ""}`;
}

function period(validity) {
    if (!(validity instanceof Map)) return null;
    return [validity.get("from"), validity.get("through") ?? "open"].filter(Boolean).join(" to ");
}
