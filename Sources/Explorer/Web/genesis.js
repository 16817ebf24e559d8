// The genesis statement: the founders with their keys, and the trust policy that follows from them.

import { equal, require } from "./bytes.js";
import { Fields, decode, isCount } from "./cbor.js";
import { Sign1, thumbprint } from "./cose.js";
import { SIGNATURE, makeKey } from "./note.js";
import { Policy } from "./policy.js";
import { sha256 } from "./sha256.js";
import { Statement, readHeader, threshold } from "./statement.js";

/** Reads a genesis statement and checks every signature in it. */
export async function readGenesis(bytes) {
    const statement = new Statement(bytes);
    require(statement.kind === "genesis", "malformed", "this is no genesis statement");
    const body = statement.body;
    require(body instanceof Map && Array.isArray(body.get("members")) && isCount(body.get("time")),
        "malformed", "the genesis body cannot be read");
    const origin = body.get("origin");
    require(typeof origin === "string" && statement.audience === origin && statement.subject === origin,
        "malformed", "the genesis names another origin than its header");
    const members = [];
    for (const item of body.get("members")) members.push(await readFounder(item, origin));
    await checkFounders(statement, members);
    return {
        statement, origin, members, time: body.get("time"), chain: sha256(bytes),
        policy: decode(body.get("policy")), catalogue: decode(body.get("catalogue")),
    };
}

async function readFounder(bytes, origin) {
    const card = new Statement(bytes);
    require(card.kind === "member" && card.audience === origin, "malformed", "a founder's card is of another ledger");
    const member = readCard(card.body);
    require(member.id === card.issuer && (await card.isSignedBy(member.statementKey)),
        "bad-signature", `the card of ${member.id} is not signed by its own key`);
    await checkSecondKey(card, member);
    return member;
}

/** The second key of a card agrees to it: the card carries its approval, in the member's name. */
async function checkSecondKey(card, member) {
    if (!member.coKey) {
        require(card.approvals.length === 0, "malformed", `the card of ${member.id} has approvals and no second key`);
        return;
    }
    require(card.approvals.length === 1, "bad-signature", `the second key of ${member.id} has not agreed to its card`);
    const message = new Sign1(card.approvals[0]);
    const header = readHeader(message);
    require(header.isApproval && header.kind === "member" && header.issuer === member.id
        && header.audience === card.audience && equal(header.kid, thumbprint(member.coKey))
        && (await message.isSignedBy(member.coKey, card.bodyBytes)),
        "bad-signature", `the second key of ${member.id} did not sign its card`);
}

/** Reads the body of a member card; fields that this page does not use are left alone. */
export function readCard(body) {
    const fields = new Fields(body, "card");
    const member = { coKey: fields.digest("coKey", true), organisation: fields.text("organisation", true) };
    for (const name of ["id", "name", "role", "country"]) member[name] = fields.text(name);
    member.statementKey = fields.digest("statementKey");
    const node = body.get("node");
    if (node === undefined) return member;
    const card = new Fields(node, "card.node");
    member.node = { peer: card.text("peer"), api: card.text("api") };
    for (const name of ["vote", "log", "cosigner", "transport"]) member.node[name] = card.digest(name);
    return member;
}

async function checkFounders(statement, members) {
    const approvers = new Set();
    for (const bytes of statement.approvals) {
        const message = new Sign1(bytes);
        const header = readHeader(message);
        const member = members.find(({ id }) => id === header.issuer);
        require(member && header.isApproval && header.kind === "genesis" && header.audience === statement.audience
            && equal(header.kid, thumbprint(member.statementKey)),
            "bad-signature", "the genesis carries a signature of somebody who is no founder");
        require(await message.isSignedBy(member.statementKey, statement.bodyBytes),
            "bad-signature", `the signature of ${member.id} under the genesis does not hold`);
        approvers.add(member.id);
    }
    const signer = members.find(({ id }) => id === statement.issuer);
    require(signer && (await statement.isSignedBy(signer.statementKey)),
        "bad-signature", "the genesis statement is not signed by a founder");
    approvers.add(signer.id);
    const missing = members.filter(({ id }) => !approvers.has(id)).map(({ id }) => id);
    require(missing.length === 0, "bad-signature", `${missing.join(", ")} did not sign the genesis`);
}

/** The members that run a node, in the order of their ids. */
export function validators(members) {
    return members.filter((member) => member.node).sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** The keys of the members that run a node, as hand-offs name them. */
export function validatorKeys(members) {
    return validators(members).map(({ id, role, node }) => ({ id, role, ...node }));
}

/** The trust policy of the founders. */
export function trustPolicy({ origin, members }) {
    const keys = validatorKeys(members);
    return validatorsPolicy(origin, keys, (cosigner) => keys.find((one) => equal(one.cosigner, cosigner))?.api);
}

/** The trust policy of a set of validators: any log key, and cosignatures of n - f of them. */
export function validatorsPolicy(origin, keys, urlOf) {
    const policy = new Policy();
    const domain = origin.split("/")[0];
    for (const { id, log, cosigner } of keys) policy.addLog(makeKey(origin, SIGNATURE.ed25519, log), urlOf(cosigner), id);
    for (const { id, cosigner } of keys) {
        policy.addWitness(id, makeKey(`${id}.${domain}`, SIGNATURE.cosignature, cosigner), urlOf(cosigner));
    }
    policy.addGroup("validators", String(threshold(keys.length)), keys.map(({ id }) => id));
    policy.setQuorum("validators");
    return policy;
}
