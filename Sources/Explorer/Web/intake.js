// A node's signed word that it took a statement. It promises nothing; beside a later checkpoint it shows how long the
// statement lay.

import { Refusal, equal, require } from "./bytes.js";
import { ENTRY, Fields, decode } from "./cbor.js";
import { Sign1, thumbprint } from "./cose.js";
import { readHeader, shortText } from "./statement.js";

const BYTES_MAX = 1024;

/** A receipt of an intake, taken apart; nothing is checked yet. */
export class Intake {
    constructor(bytes) {
        require(bytes.length <= BYTES_MAX, "malformed", "an intake receipt has at most 1,024 bytes");
        this.message = new Sign1(bytes, ENTRY);
        require(this.message.unprotected.size === 0, "malformed", "an intake receipt has no unprotected header");
        const header = readHeader(this.message);
        require(header.kind === "intake" && !header.isApproval, "malformed", "this is no intake receipt");
        require(this.message.payload?.length > 0, "malformed", "the payload is missing");
        ({ issuer: this.node, subject: this.subject, audience: this.origin, issuedAt: this.time, kid: this.kid } = header);
        const fields = new Fields(decode(this.message.payload), "payload");
        this.kind = fields.text("kind");
        require(/^[a-z]{1,16}$/.test(this.kind), "malformed", "payload.kind: expected a kind of statement");
        this.issuer = fields.take("issuer", (value) => shortText(value, 63), "a member");
        for (const name of ["entry", "chain", "root"]) this[name] = fields.digest(name);
        for (const name of ["size", "height", "epoch", "view"]) this[name] = fields.unsigned(name);
        fields.finish();
        // Each block has a statement and a header.
        require(Math.floor(this.size / 2) > this.height, "malformed",
            `payload.size: a log of ${this.height} blocks after the first has more leaves`);
    }
}

/**
 * Checks who signed an intake receipt.
 *
 * Who knows the way from the founders asks for the log key that the node had in the epoch of which it speaks; who
 * believes a policy, for any log key of it, which does not say whose it is. Gives `{ intake, isNamed }`.
 */
export async function verifyIntake(bytes, trust) {
    const intake = new Intake(bytes);
    const isNamed = Boolean(trust.chain);
    const key = isNamed ? keyOfNode(intake, trust) : keyOfPolicy(intake, trust);
    require(await intake.message.isSignedBy(key), "bad-signature", `${intake.node} did not sign this intake receipt`);
    return { intake, isNamed };
}

function keyOfNode(intake, { chain, epochs, genesis }) {
    require(equal(intake.chain, chain) && intake.origin === genesis.origin, "other-ledger", `it is of another ledger, '${intake.origin}'`);
    const epoch = epochs.find(({ number }) => number === intake.epoch);
    const log = epoch?.keys.find(({ id }) => id === intake.node)?.log;
    return trusted(intake, log ? [log] : []);
}

function keyOfPolicy(intake, { policy, epochs }) {
    const policies = epochs?.map((epoch) => epoch.policy) ?? [policy];
    const logs = policies.flatMap(({ logs: all }) => all).filter(({ key }) => key.name === intake.origin);
    require(logs.length > 0, "unknown-ledger", `the trust policy has no log '${intake.origin}'`);
    return trusted(intake, logs.map(({ key }) => key.publicKey));
}

function trusted({ kid, node, epoch }, keys) {
    const key = keys.find((one) => equal(thumbprint(one), kid));
    if (!key) throw new Refusal("quorum-not-met", `the key that it names is no trusted log key of ${node} in epoch ${epoch}`);
    return key;
}
