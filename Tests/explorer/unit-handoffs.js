// Changes of validators: a chain of three epochs, made with keys of this run.

import { base64, fromHex, fromUTF8, hex } from "/explorer/bytes.js";
import { encode } from "/explorer/cbor.js";
import { readGenesis, validatorsPolicy } from "/explorer/genesis.js";
import { byEpoch, follow, isHandOffs, keysDigest, readHandOffs, walk } from "/explorer/handoffs.js";
import { leafHash, nodeHash } from "/explorer/merkle.js";
import { SIGNATURE, parseNote } from "/explorer/note.js";
import { evaluate } from "/explorer/policy.js";
import { Memory, rememberedTrust } from "/explorer/trust.js";
import { kindOf, verifyFile } from "/explorer/verify.js";
import { file, refuses, same, test } from "./harness.js";
import { signer } from "./signer.js";

const ORIGIN = "quota.example/test";

async function validator(id) {
    const signers = [await signer(ORIGIN, SIGNATURE.ed25519), await signer(`${id}.quota.example`, SIGNATURE.cosignature)];
    const [log, cosigner] = signers.map(({ key }) => key.publicKey);
    return { signers, keys: { id, role: "agency", vote: log, log, cosigner } };
}

const [a, b, c, d, e, f] = await Promise.all(["a", "b", "c", "d", "e", "f"].map(validator));
const keysOf = (set) => set.map(({ keys }) => keys);
const policyOf = (set) => validatorsPolicy(ORIGIN, keysOf(set), () => undefined);

async function note(size, root, set) {
    const text = `${ORIGIN}\n${size}\n${base64(root)}\n`;
    const lines = await Promise.all(set.flatMap(({ signers }) => signers).map((one) => one.line(text)));
    return parseNote(`${text}\n${lines.join("")}`);
}

// The block that ends an epoch: a tree of two leaves and one of four, the header last.
async function step(size, set, next) {
    const fields = { ver: 1, height: size, view: 1, time: 1, previousIndex: 0, first: size - 2, count: 1, policyIndex: 0, proposer: "a" };
    const digests = { previousHash: new Uint8Array(32), mapRoot: new Uint8Array(32), validators: keysDigest(keysOf(next)) };
    const header = encode(new Map(Object.entries({ ...fields, ...digests })));
    const other = leafHash(Uint8Array.of(1));
    const pair = nodeHash(other, leafHash(header));
    const [path, root] = size === 2 ? [[other], pair] : [[other, nodeHash(other, other)], nodeHash(nodeHash(other, other), pair)];
    return { note: await note(size, root, set), header, path, validators: keysOf(next) };
}

const [first, second, third] = [[a, b, c, d], [a, b, c, d, e], [b, c, e, f]];
const steps = [await step(2, first, second), await step(4, second, third)];

test("a policy that knows one epoch is led to the present one", async () => {
    const found = await follow(policyOf(first), steps);
    same(found.map(({ end }) => end), [2, 4, null]);
    same(found.at(-1).policy.witnesses.map(({ name }) => name), ["b", "c", "e", "f"]);
    const head = await note(8, new Uint8Array(32), third);
    same((await byEpoch({ epochs: found }, ({ checkpoint }) => checkpoint.size, (policy) => evaluate(policy, head))).signers.length, 4);
    const late = await note(8, new Uint8Array(32), first);
    await refuses("quorum-not-met", () => byEpoch({ epochs: found }, ({ checkpoint }) => checkpoint.size, (policy) => evaluate(policy, late)));
});

test("a policy that lists the present validators is kept, however strict it is", async () => {
    const strict = policyOf(third);
    strict.groups[0].needed = 4;
    strict.names.get("validators").needed = 4;
    for (const policy of [strict, policyOf(third)]) {
        const found = await follow(policy, steps);
        same(found.length, 1);
        same(found[0].policy === policy, true);
    }
    // Of the second epoch, with the end of the first signed by enough of its members.
    same((await follow(policyOf(second), steps)).map(({ end }) => end), [4, null]);
});

test("a policy of strangers is led nowhere, and a step that does not hold is refused", async () => {
    same((await follow(policyOf([f]), steps)).length, 1);
    await refuses("not-the-state", () => follow(policyOf(first), [{ ...steps[0], validators: keysOf(third) }, steps[1]]));
    await refuses("quorum-not-met", async () => follow(policyOf(first), [steps[0], { ...steps[1], note: await note(4, new Uint8Array(32), first.slice(0, 3)) }]));
    await refuses("not-consistent", () => follow(policyOf(first), [steps[0], steps[0]]));
});

test("the published hand-offs lead to the published validators, and those that lead nowhere are refused", async () => {
    const vectors = JSON.parse(fromUTF8(await file("vectors/handoffs.json")));
    const { genesis: bytes, steps: found } = readHandOffs(fromHex(vectors.file));
    const founders = await readGenesis(bytes);
    same(hex(founders.chain), vectors.chainID);
    const epochs = await walk(founders, found);
    same(epochs.map(({ number, end, keys }) => [number, end, hex(keysDigest(keys))]), vectors.epochs.map(({ number, end, digest }) => [number, end, digest]));
    same(epochs.map(({ keys }) => keys.map(({ id }) => id)), vectors.epochs.map(({ validators }) => validators.map(({ id }) => id)));
    for (const { why, file: text } of vectors.refused) {
        const result = await walk(founders, readHandOffs(fromHex(text)).steps).then(() => "accepted", () => "refused");
        same(result, "refused", why);
    }
});

const founding = await file("example/genesis.cose");
const genesis = await readGenesis(founding);
const handOffs = encode(["QLEDGER-HANDOFFS-V1", founding, []]);

test("a file of hand-offs is proven without trusting anybody, and refused to who trusts another ledger", async () => {
    same([isHandOffs(handOffs), kindOf(handOffs), isHandOffs(founding)], [true, "handoffs", false]);
    const result = await verifyFile(handOffs, { policy: null });
    same([result.verdict, result.signers], ["proven", ["atlas", "jp-meti", "nl-cdiu", "us-bis"]]);
    same((await verifyFile(handOffs, { policy: null, chain: new Uint8Array(32) })).code, "other-ledger");
    same((await verifyFile(handOffs.slice(0, -1), { policy: null })).verdict, "refused");
    const bad = handOffs.slice();
    bad[bad.length - 40] ^= 1;
    same((await verifyFile(bad, { policy: null })).verdict, "refused");
});

test("a pinned file is enough without a node, and another hash makes it forgotten", async () => {
    const memory = new Memory();
    memory.pinLedger(genesis, handOffs);
    const trust = await rememberedTrust(memory);
    same([trust.level, hex(trust.chain), trust.epochs.length], ["genesis", hex(genesis.chain), 1]);
    memory.pinGenesis("00".repeat(32));
    same(await rememberedTrust(memory), null);
});
