// What the members decided, proven from the state map: members, policies, proposals, suspensions, convictions.

import { decode } from "./cbor.js";
import { readCard } from "./genesis.js";
import { provenState } from "./handoffs.js";
import { Unreachable } from "./source.js";

/** The proven records of governance; null where a copy does not have them. Read once a visit. */
export async function readGovernance(report, source) {
    report.governance ??= load(report, source);
    return report.governance;
}

async function load(report, source) {
    let proof;
    try {
        proof = await provenState(report.trust, source, "governance");
    } catch (error) {
        if (error instanceof Unreachable) return null;
        throw error;
    }
    const of = (kind) => proof.entries.filter(({ names, value }) => names[0] === kind && value !== null)
        .map((entry) => ({ entry, names: entry.names.slice(1), record: decode(entry.value) }));
    return {
        proof,
        members: of("member").map(({ entry, record }) => ({ entry, ...readCard(decode(record.get("body"))), record })),
        policies: of("policy").map(withBody).sort(byIndex),
        proposals: of("proposal").map(withBody).sort(byIndex),
        suspensions: of("suspension").sort(byIndex),
        convictions: of("evidence").map(withBody).sort(byIndex),
    };
}

function withBody(item) {
    return { ...item, body: decode(item.record.get("body")) };
}

function byIndex(left, right) {
    return right.record.get("index") - left.record.get("index");
}

/** Every member whose key is proven: those of the genesis, and those that came or changed later. */
export async function knownMembers(report, source) {
    const governance = await readGovernance(report, source);
    return governance?.members ?? report.trust.members ?? [];
}

/** What differs between two documents: [path, before, after], null where one has nothing. */
export function differences(before, after, path = "") {
    if (before instanceof Map && after instanceof Map) {
        const names = [...new Set([...before.keys(), ...after.keys()])];
        return names.flatMap((name) => differences(before.get(name) ?? null, after.get(name) ?? null, path === "" ? name : `${path}.${name}`));
    }
    if (isNamed(before) && isNamed(after)) {
        const byName = (list) => new Map(list.map((item) => [item.get("id"), item]));
        return differences(byName(before), byName(after), path);
    }
    return text(before) === text(after) ? [] : [[path, before, after]];
}

// A list of things with ids is compared by id, so that one new limit is one difference.
function isNamed(value) {
    return Array.isArray(value) && value.every((item) => item instanceof Map && item.has("id"));
}

function text(value) {
    if (value instanceof Map) return `{${[...value].map(([name, item]) => `${name}:${text(item)}`).join()}}`;
    return Array.isArray(value) ? `[${value.map(text).join()}]` : `${typeof value} ${String(value)}`;
}
