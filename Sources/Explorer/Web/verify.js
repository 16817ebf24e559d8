// The verifier for files: says what a file proves, by whom it is signed, and what it does not prove.
// It needs the trust policy and nothing else: no node, no network.

import { Refusal, equal, fromUTF8, hex } from "./bytes.js";
import { isCertificate, verifyCertificate } from "./certificate.js";
import { isDisclosure, verifyDisclosure } from "./disclosure.js";
import { isEvidence, verifyEvidence } from "./evidence.js";
import { amount, count, day, moment } from "./format.js";
import { readGenesis } from "./genesis.js";
import { byEpoch, isHandOffs, readHandOffs, verifyState, walk } from "./handoffs.js";
import { verifyIntake } from "./intake.js";
import { SIGNATURE, parseNote, vkey } from "./note.js";
import { evaluate } from "./policy.js";
import { readAccount, room } from "./state.js";
import { readTransparent, verifyTransparent } from "./statement.js";

/** The kinds that are checked without knowing whom the reader trusts. */
export const TRUSTLESS = new Set(["evidence", "genesis", "handoffs"]);

/** What a file seems to be, by its first bytes. */
export function kindOf(bytes) {
    if (bytes[0] === 0xd2) {
        try {
            const { kind } = readTransparent(bytes).statement;
            return ["genesis", "intake"].includes(kind) ? kind : "receipt";
        } catch {
            return "receipt";
        }
    }
    if (isDisclosure(bytes)) return "disclosure";
    if (isHandOffs(bytes)) return "handoffs";
    const text = fromUTF8(bytes);
    if (text === null) return "unknown";
    if (isCertificate(text)) return "certificate";
    if (text.startsWith("c2sp.org/tlog-proof@v1\n")) return "total";
    if (isEvidence(text)) return "evidence";
    if (/^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n/.test(text)) return "checkpoint";
    if (/^(?:#|log |witness |group |quorum )/.test(text)) return "policy";
    return "unknown";
}

/**
 * Checks one file.
 *
 * Gives `{ verdict: "proven" | "refused", kind, code, sentences, signers }`; never throws.
 */
export async function verifyFile(bytes, trust) {
    const kind = kindOf(bytes);
    try {
        if (!TRUSTLESS.has(kind) && !trust.policy) throw new Refusal("no-trust", "this page does not know whom you trust");
        const check = { receipt, total, evidence, checkpoint, genesis, handoffs, disclosure, certificate, intake }[kind];
        if (!check) throw new Refusal("malformed", "this is no receipt, total, checkpoint, genesis, chain of hand-offs, disclosure, certificate, intake receipt or evidence");
        const result = await check(bytes, trust);
        return { verdict: "proven", kind, code: null, ...result };
    } catch (error) {
        const code = error instanceof Refusal ? error.code : "malformed";
        return { verdict: "refused", kind, code, sentences: [error.message], limits: [], signers: [] };
    }
}

async function receipt(bytes, trust) {
    return statementReport(await byEpoch(trust, ({ size }) => size, (policy) => verifyTransparent(bytes, policy)), trust);
}

async function disclosure(bytes, trust) {
    const proof = await byEpoch(trust, ({ size }) => size, (policy) => verifyDisclosure(bytes, policy));
    const report = await statementReport(proof, trust);
    return {
        ...report, openings: proof.openings,
        sentences: [...proof.openings.map(({ field, value }) => `It says ${field}: ${value}`), ...report.sentences],
        limits: ["It does not prove that the opened values are true: the issuer fixed them when it signed, no more.", ...report.limits],
    };
}

async function certificate(bytes, trust) {
    const proof = await byEpoch(trust, ({ size }) => size, (policy) => verifyCertificate(bytes, policy));
    const report = await statementReport(proof, trust);
    return {
        ...report, openings: proof.openings,
        sentences: ["The certificate is genuine: every word and the drawing on it follow from the attached proof.",
            ...proof.openings.map(({ field, value }) => `It opens ${field}: ${value}`), ...report.sentences],
        limits: [`It does not prove that the page was made on ${moment(proof.madeAt)}: its maker chose that time.`, ...report.limits],
    };
}

/** What a statement with receipts proves, in sentences. */
async function statementReport(proof, trust) {
    const { statement } = proof;
    const sentences = [
        `Leaf ${count(proof.index)} of ${statement.audience} is the ${statement.kind} '${statement.subject}' of`
            + ` ${statement.issuer}, signed on ${moment(statement.issuedAt)}.`,
        `${proof.signers.length} of ${proof.trusted} validators signed the tree of ${count(proof.size)} leaves that`
            + ` holds it: ${proof.signers.join(", ")} (${proof.needed} are needed).`,
    ];
    sentences.push(...claimFacts(statement));
    const issuer = trust.members?.find(({ id }) => id === statement.issuer);
    if (issuer) {
        const isSigned = await statement.isSignedBy(issuer.statementKey);
        if (!isSigned) throw new Refusal("bad-signature", `${statement.issuer} did not sign this statement`);
        sentences.push(`The signature of ${statement.issuer} holds under the key of its member card.`);
    }
    if (proof.ignored > 0) sentences.push(`${proof.ignored} receipts of unknown keys were ignored.`);
    return {
        sentences, signers: proof.signers, time: proof.time, statement,
        limits: [
            "It does not prove that the goods exist or arrived: that is what the exporter declared.",
            "It does not prove how the claim stands today: later events can change that.",
            issuer ? null : "The issuer's own signature was not checked: its key is not known to this page.",
        ].filter(Boolean),
    };
}

function claimFacts({ kind, body }) {
    if (kind !== "claim" || !(body instanceof Map) || !Array.isArray(body.get("lines"))) return [];
    const lines = body.get("lines").map((line) => `${count(line.get("quantity"))} of ${line.get("sku")}`);
    return [`It claims ${lines.join(" and ")} for ${body.get("destination")} under ${body.get("authority")}.`];
}

async function intake(bytes, trust) {
    const { intake: taken, isNamed } = await verifyIntake(bytes, trust);
    return {
        signers: [taken.node], time: taken.time,
        sentences: [
            `${taken.node} took the ${taken.kind} '${taken.subject}' of ${taken.issuer} on ${moment(taken.time)} by its own clock,`
                + ` in view ${count(taken.view)} of epoch ${count(taken.epoch)}.`,
            `The entry's leaf hash is ${hex(taken.entry)}.`,
            `The node held block ${count(taken.height)} of ${taken.origin} then: ${count(taken.size)} leaves with the root ${hex(taken.root)}.`,
        ],
        limits: [
            "It does not prove that the statement was admitted: that takes its receipt, or a later state without it (quota-verify intake --proof).",
            "It does not prove that the node's clock was right, that it had no newer block, or that it told the others.",
            isNamed ? null : `It does not prove that the key is that of ${taken.node}, except by its own word: a trusted log key signed.`,
        ].filter(Boolean),
    };
}

async function total(bytes, trust) {
    const proof = await verifyState(trust, bytes);
    const sentences = proof.entries.flatMap((entry) => (entry.names[0] === "account"
        ? [totalSentence(readAccount(entry))]
        : [`The state holds ${entry.value ? "an entry" : "no entry"} under ${entry.names.join(" / ")}.`]));
    const { checkpoint, signers, time, header } = proof;
    sentences.push(`This is the state at checkpoint ${count(checkpoint.size)} of ${checkpoint.origin}, whose last block`
        + ` is of ${moment(header.time)}.`);
    const names = signers.map(({ name }) => name).sort();
    sentences.push(`It is signed by ${names.join(", ")}; the quorum was complete on ${moment(time)}.`);
    return {
        sentences, signers: names, time, entries: proof.entries,
        limits: [
            "It is a sum of what exporters declared; the total of declared numbers is still declared.",
            "It says nothing about later checkpoints.",
        ],
    };
}

function totalSentence(account) {
    const who = account.subject.join(", ");
    const place = `${account.limit}, period ${account.period}`;
    if (!account.isUsed) return `${who}: nothing was ever counted under ${place}.`;
    const used = amount(account.consumed, account.unit);
    if (account.cap === undefined) return `${who}: ${used} counted under ${place}, which has no cap.`;
    const left = room(account);
    const rest = left < 0 ? `${amount(-left, account.unit)} over the cap` : `${amount(left, account.unit)} left`;
    return `${who}: ${used} of ${amount(account.cap, account.unit)} used, ${rest} (${place}).`;
}

async function checkpoint(bytes, trust) {
    const { checkpoint: head, signers, time } = await byEpoch(trust, ({ checkpoint: { size } }) => size, (policy) => evaluate(policy, parseNote(bytes)));
    const names = signers.map(({ name }) => name).sort();
    return {
        signers: names, time,
        sentences: [
            `The log ${head.origin} had ${count(head.size)} leaves with the root ${hex(head.root)}.`,
            `Signed by ${names.join(", ")}; the quorum was complete on ${moment(time)}.`,
        ],
        limits: ["It proves which tree was signed, not what is in it."],
    };
}

async function genesis(bytes, trust) {
    const founded = await readGenesis(bytes);
    const { origin, members, chain, time } = founded;
    checkChain(chain, trust);
    return {
        signers: members.map(({ id }) => id), time, founded,
        sentences: [
            `The genesis of ${origin} of ${day(time)}, signed by all ${members.length} founders.`,
            `Its hash is ${hex(chain)}.`,
        ],
        limits: ["It proves who founded this ledger, not that this is the ledger you mean: compare the hash."],
    };
}

function checkChain(chain, trust) {
    if (trust.chain && !equal(chain, trust.chain)) {
        throw new Refusal("other-ledger", `this genesis has the hash ${hex(chain)}, and you trust ${hex(trust.chain)}`);
    }
}

// So many epochs are told of one by one.
const EPOCHS_TOLD_MAX = 12;

async function handoffs(bytes, trust) {
    const file = readHandOffs(bytes);
    const founded = await readGenesis(file.genesis);
    checkChain(founded.chain, trust);
    const epochs = await walk(founded, file.steps);
    const names = (keys) => keys.map(({ id }) => id).sort();
    const told = epochs.slice(-EPOCHS_TOLD_MAX).map(({ number, keys, end }) => (
        `Epoch ${number}${end === null ? ", as far as these steps go" : `, until leaf ${count(end - 1)}`}: ${names(keys).join(", ")}.`));
    return {
        signers: names(epochs.at(-1).keys), time: founded.time, founded,
        sentences: [
            `The validators of ${founded.origin} from its founders on, in ${count(epochs.length)} epochs: each set is named by the quorum of the one before.`,
            ...told, `The hash of the genesis is ${hex(founded.chain)}.`,
        ],
        limits: [
            "It does not prove that this is the ledger you mean: compare the hash.",
            "It does not prove that no epoch came after these: a newer file may have more steps.",
        ],
    };
}

async function evidence(bytes, trust) {
    const { keys, older, newer, prefix } = await verifyEvidence(bytes);
    const policies = (trust.epochs ?? (trust.policy ? [trust] : [])).map(({ policy }) => policy).reverse();
    const known = policies.flatMap(({ witnesses, logs }) => [...witnesses, ...logs]);
    const names = keys.map((key) => {
        const item = known.find((other) => equal(other.key.publicKey, key.publicKey));
        if (!item) return `the key ${vkey(key)}, which this page does not know`;
        return `${item.name ?? trust.policy.nameOfLog(item)} (${key.type === SIGNATURE.cosignature ? "cosigner" : "log"} key)`;
    });
    const trees = prefix
        ? `A FORK: trees of ${count(older.size)} and ${count(newer.size)} leaves of ${older.origin} were signed, and the larger does`
            + ` not continue the smaller: its first ${count(older.size)} leaves have the root ${hex(prefix.root)}, and ${hex(older.root)} was signed.`
        : `A FORK: two trees of size ${count(older.size)} of ${older.origin} were signed, with the roots ${hex(older.root)} and ${hex(newer.root)}.`;
    return {
        signers: names.sort(), time: null, sentences: [trees, `Signed both, and so broke the rule of the log: ${names.join("; ")}.`],
        limits: ["It proves who signed two histories, not which of them is true, nor that the holders of the keys meant it: a stolen key convicts as well."],
    };
}
