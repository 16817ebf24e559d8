// The derivation of one number: from the signatures to the entry in the state map, each step checked.

import { equal, fromHex, hex } from "./bytes.js";
import { decode } from "./cbor.js";
import { code, download, facts, h, link } from "./dom.js";
import { amount, count, country, moment } from "./format.js";
import { provenState } from "./handoffs.js";
import { Unreachable } from "./source.js";
import { proofFile, readAccount, room } from "./state.js";
import { readable } from "./view-claims.js";

/** The proof of what the state map holds under a key, given in hexadecimal digits. */
export async function proofView({ report, source }, keyText) {
    const key = fromHex(keyText);
    if (!key) return h("p", {}, "This address names no entry of the state map.");
    const [proof, entry] = await find(report, source, key);
    if (!entry) return h("p", {}, "This copy does not hold the proof of this entry; ask a node for it.");
    const names = decode(key).map((name) => (name instanceof Uint8Array ? hex(name) : name));
    const isAccount = names[0] === "account";
    return [
        h("h1", {}, isAccount ? `Proof: ${names.slice(2, -1).map(country).join(", ")}` : `Proof: ${names.join(" / ")}`),
        isAccount ? accountFacts(readAccount(entry)) : h("pre", {}, entry.value ? readable(decode(entry.value)) : "Proven to be absent."),
        h("h2", {}, "How it follows from the signatures"),
        steps(proof, entry),
        h("p", {}, download(`${names.slice(1).join("-").replace(/[^\w.-]/g, "_")}.tlog-proof`, proofFile(proof, entry), "Save this proof (.tlog-proof)"),
            " and check it anywhere: quota-verify total FILE --policy trust-policy, or ", link("verify", "drop it here"), "."),
    ];
}

async function find(report, source, key) {
    const known = report.proof?.entries.find((entry) => equal(entry.key, key));
    if (known) return [report.proof, known];
    const names = decode(key);
    const parts = [`state?key=${hex(key)}`];
    if (names[0] === "account") parts.unshift(...names.slice(2, -1).filter((name) => /^[A-Z]{2}$/.test(name)).map((name) => `accounts/${name}`));
    for (const part of parts) {
        try {
            const proof = await provenState(report.trust, source, part);
            const entry = proof.entries.find((other) => equal(other.key, key));
            if (entry) return [proof, entry];
        } catch (error) {
            if (!(error instanceof Unreachable)) throw error;
        }
    }
    return [null, null];
}

function accountFacts(account) {
    const left = room(account);
    return facts(
        ["Counted", account.isUsed ? amount(account.consumed, account.unit) : "nothing, ever"],
        ["Cap", account.cap === undefined ? null : amount(account.cap, account.unit)],
        ["Room", left === null || Number.isNaN(left) ? null : amount(left, account.unit)],
        ["Limit", account.limit], ["Period", account.period],
        ["Last changed by", account.isUsed ? link(`leaf/${account.asOf}`, `leaf ${count(account.asOf)}`) : null]);
}

function steps(proof, entry) {
    const { checkpoint, signers, header, time } = proof;
    const names = signers.map((signer) => `${signer.name} on ${moment(signer.time)}`).sort().join("; ");
    return h("ol", { class: "steps" },
        h("li", { class: "good" }, `Signed: a tree of ${count(checkpoint.size)} leaves with the root `, code(hex(checkpoint.root)), `. Cosigned by ${names}.`),
        h("li", { class: "good" }, `Enough of them: the quorum of the trust policy is met, complete since ${moment(time)}.`),
        h("li", { class: "good" }, `Its last leaf, ${count(header.index)}, is the header of block ${count(header.height)} of ${moment(header.time)}: ${count(proof.path.length)} hashes lead from it to the root.`),
        h("li", { class: "good" }, "The header names the root of the state map ", code(hex(header.mapRoot)), "."),
        h("li", { class: "good" }, `${count(entry.depth)} more hashes lead from this entry to that root${entry.value === null ? ": its place is empty, or another's" : ""}.`),
        h("li", {}, "The entry, as it was hashed: key ", code(hex(entry.key)), entry.value === null ? ", no value." : [", value ", code(hex(entry.value)), "."]));
}
