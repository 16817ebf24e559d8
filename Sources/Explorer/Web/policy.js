// C2SP trust policies: whom the reader believes, and how many of them must have signed.

import { Refusal, fromUTF8, require } from "./bytes.js";
import { SIGNATURE, parseCheckpoint, parseKey, verifyNote } from "./note.js";

const ITEMS_MAX = 256;

/** Reads a tlog-policy file. */
export function parsePolicy(input) {
    const text = typeof input === "string" ? input : fromUTF8(input);
    require(text !== null && text.length <= 262144, "malformed", "the trust policy is no text, or too long");
    require(text.endsWith("\n"), "malformed", "trust policy: the last line does not end in a newline");
    const policy = new Policy();
    const lines = text.split("\n");
    lines.forEach((line, place) => {
        try {
            policy.read(line);
        } catch (error) {
            throw new Refusal("malformed", `trust policy, line ${place + 1}: ${error.message}`);
        }
    });
    require(policy.quorum !== undefined, "malformed", "trust policy: there is no quorum line");
    return policy;
}

/** Logs, witnesses, groups and the quorum; `quorum` is null if none is asked for. */
export class Policy {
    constructor() {
        this.logs = [];
        this.witnesses = [];
        this.groups = [];
        this.quorum = undefined;
        this.names = new Map();
        this.grouped = new Set();
    }

    read(line) {
        require(!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line), "malformed", "a control character");
        const [keyword, ...fields] = line.split(/[ \t]+/).filter((field) => field !== "");
        if (keyword === undefined || keyword.startsWith("#")) return;
        const expected = { log: [1, 2], witness: [2, 3], group: [3, 999], quorum: [1, 1] }[keyword];
        require(expected, "malformed", `unknown keyword '${keyword.slice(0, 20)}'`);
        require(fields.length >= expected[0] && fields.length <= expected[1],
            "malformed", `wrong number of fields after '${keyword}'`);
        if (keyword === "log") this.addLog(parseKey(fields[0]), fields[1]);
        if (keyword === "witness") this.addWitness(fields[0], parseKey(fields[1]), fields[2]);
        if (keyword === "group") this.addGroup(fields[0], fields[1], fields.slice(2));
        if (keyword === "quorum") this.setQuorum(fields[0]);
    }

    addLog(key, url, holder) {
        require(this.logs.length < ITEMS_MAX, "malformed", "too many logs");
        require(key.type === SIGNATURE.ed25519, "malformed", "a log needs a key of type 1");
        requireNew(key, this.logs);
        this.logs.push({ key, url, holder });
    }

    addWitness(name, key, url) {
        require(this.witnesses.length < ITEMS_MAX, "malformed", "too many witnesses");
        require(key.type === SIGNATURE.cosignature, "malformed", "a witness needs a key of type 4");
        requireNew(key, this.witnesses);
        this.define(name, { witness: key });
        this.witnesses.push({ name, key, url });
    }

    addGroup(name, threshold, members) {
        require(this.groups.length < ITEMS_MAX, "malformed", "too many groups");
        const words = { any: 1, all: members.length };
        const needed = words[threshold] ?? (/^[1-9][0-9]{0,2}$/.test(threshold) ? Number(threshold) : 0);
        require(needed >= 1 && needed <= members.length,
            "malformed", `group '${name}' needs 1 to ${members.length} of its members`);
        for (const member of members) {
            require(this.names.has(member), "malformed", `'${member}' is not defined on an earlier line`);
            require(!this.grouped.has(member), "malformed", `'${member}' is a group member twice`);
            this.grouped.add(member);
        }
        this.define(name, { needed, members });
        this.groups.push({ name, needed, members });
    }

    setQuorum(name) {
        require(this.quorum === undefined, "malformed", "the quorum is set twice");
        require(name === "none" || this.names.has(name), "malformed", `'${name}' is not defined`);
        this.quorum = name === "none" ? null : name;
    }

    define(name, item) {
        require(name !== "none" && !this.names.has(name), "malformed", `'${name}' cannot be defined here`);
        this.names.set(name, item);
    }

    /** Whether the quorum holds if exactly these witness keys signed. */
    isMet(signed, name = this.quorum) {
        if (name === null) return true;
        const item = this.names.get(name);
        if (item.witness) return signed.has(item.witness);
        return item.members.filter((member) => this.isMet(signed, member)).length >= item.needed;
    }

    /** The node addresses that the policy names, each once. */
    get urls() {
        return [...new Set([...this.witnesses, ...this.logs].map((item) => item.url).filter(Boolean))];
    }

    /** The name of the member behind a log key, if it is known, or by the address that both lines share. */
    nameOfLog(log) {
        return log.holder ?? this.witnesses.find((witness) => witness.url === log.url)?.name ?? log.key.name;
    }
}

function requireNew(key, others) {
    const isNew = others.every((other) => String(other.key.publicKey) !== String(key.publicKey));
    require(isNew, "malformed", "one public key stands on two lines");
}

/**
 * Checks a checkpoint against the policy.
 *
 * Gives checkpoint, who signed with which time, and the time at which the quorum was complete.
 * Throws if no log key signed, a known signature does not hold, or the quorum is not met.
 */
export async function evaluate(policy, note) {
    const { lack, ...verdict } = await inspect(policy, note);
    if (lack) throw lack;
    return verdict;
}

/** Like `evaluate`, but a quorum that is not met is no refusal: `lack` says what is missing, null if nothing is. */
export async function inspect(policy, note) {
    const checkpoint = parseCheckpoint(note.text);
    const logs = policy.logs.filter((log) => log.key.name === checkpoint.origin);
    require(logs.length > 0, "unknown-ledger", `the trust policy has no log '${checkpoint.origin}'`);
    const keys = [...logs, ...policy.witnesses].map((item) => item.key);
    const signed = await verifyNote(note, keys);
    const signers = policy.witnesses
        .filter((witness) => signed.has(witness.key))
        .map((witness) => ({ name: witness.name, time: signed.get(witness.key).time }));
    require(logs.some((log) => signed.has(log.key)),
        "quorum-not-met", "no log key of the trust policy signed the checkpoint");
    const names = signers.map((signer) => signer.name).join(", ") || "nobody";
    const lack = policy.isMet(signed) ? null : new Refusal("quorum-not-met",
        `the checkpoint of size ${checkpoint.size} lacks the quorum '${policy.quorum}': ${names} signed`);
    return { checkpoint, note, signers, time: quorumTime(policy, signed), lack };
}

function quorumTime(policy, signed) {
    const times = [...signed.values()].map(({ time }) => time).filter((time) => time !== null);
    times.sort((left, right) => right - left);
    const isMetAt = (limit) => {
        const those = [...signed].filter(([, { time }]) => time !== null && time >= limit);
        return policy.isMet(new Set(those.map(([key]) => key)));
    };
    return times.find(isMetAt) ?? null;
}
