// The example ledger in Keys/: its genesis, receipt and total hold, and damaged ones do not.

import { base64, fromUTF8, hex, utf8 } from "/explorer/bytes.js";
import { decode, encode } from "/explorer/cbor.js";
import { readGenesis, trustPolicy, validatorKeys } from "/explorer/genesis.js";
import { keysDigest } from "/explorer/handoffs.js";
import { differences } from "/explorer/governance.js";
import { coversYear } from "/explorer/ledger.js";
import { parsePolicy } from "/explorer/policy.js";
import { parseTlogProof, proofFile, readAccount, room, status, verifyStateProof } from "/explorer/state.js";
import { Memory, rememberedTrust } from "/explorer/trust.js";
import { kindOf, verifyFile } from "/explorer/verify.js";
import { file, refuses, same, test } from "./harness.js";

const genesisBytes = await file("example/genesis.cose");
const policyBytes = await file("example/trust-policy");
const receipt = await file("example/A-2026-004.scitt");
const total = await file("example/malaysia.tlog-proof");
const policy = parsePolicy(policyBytes);
const genesis = await readGenesis(genesisBytes);
const trust = { policy, members: genesis.members, chain: genesis.chain };

test("the trust policy that follows from the genesis is the published one", () => {
    const derived = trustPolicy(genesis);
    const keys = ({ logs, witnesses }) => [...logs, ...witnesses].map(({ key, url }) => `${key.name} ${hex(key.id)} ${hex(key.publicKey)} ${url}`).sort();
    same(keys(derived), keys(policy));
    same(derived.groups, policy.groups);
});

test("a genesis with one bit turned is refused wherever the bit is", async () => {
    let accepted = 0;
    for (let at = 0; at < genesisBytes.length; at += 97) {
        const bad = genesisBytes.slice();
        bad[at] ^= 1;
        accepted += await readGenesis(bad).then(() => 1, () => 0);
    }
    same(accepted, 0);
});

test("the receipt is proven, and says what it is about", async () => {
    const result = await verifyFile(receipt, trust);
    same([result.verdict, result.kind, result.signers], ["proven", "receipt", ["atlas", "jp-meti", "nl-cdiu", "us-bis"]]);
    same(result.sentences.join(" ").includes("631 of h100-sxm for MY"), true);
});

test("the total is proven, to the unit", async () => {
    const result = await verifyFile(total, trust);
    same([result.verdict, result.kind], ["proven", "total"]);
    same(result.sentences[0].includes("789,989,992 TPP of 790,000,000 TPP"), true);
});

test("the header of the total names the validators of the genesis", async () => {
    const { header } = await verifyStateProof(total, policy);
    same(header.validators, keysDigest(validatorKeys(genesis.members)));
});

test("a proof that the page writes is byte for byte the one that it read", async () => {
    const proof = await verifyStateProof(total, policy);
    same(proofFile(proof, proof.entries[0]), fromUTF8(total));
});

test("a bit turned in the statement of a receipt is refused wherever it is", async () => {
    let accepted = 0;
    for (const at of [...Array(130).keys(), ...Array.from({ length: 160 }, (_, place) => receipt.length - 160 + place)]) {
        const bad = receipt.slice();
        bad[at] ^= 1;
        if ((await verifyFile(bad, { policy })).verdict === "proven") accepted += 1;
    }
    same(accepted, 0);
});

test("a bit turned in what a total proves is refused wherever it is", async () => {
    const end = fromUTF8(total).indexOf("\n\u2014 ");
    let accepted = 0;
    for (let at = 0; at < end; at += 1) {
        const bad = total.slice();
        bad[at] ^= 1;
        if ((await verifyFile(bad, trust)).verdict === "proven") accepted += 1;
    }
    same(accepted, 0);
});

test("a total cut short, unsigned, or of another place is refused", async () => {
    const text = fromUTF8(total);
    const bad = [text.slice(0, 500), text.replace(/^\u2014 .*\n/gm, ""), text.replace(/^index (\d+)$/m, (_, index) => `index ${index - 1}`), text.replace(/^extra .*\n/m, ""), `${text}x`];
    for (const one of bad) same((await verifyFile(utf8(one), trust)).verdict, "refused", one.slice(0, 30));
});

test("fewer signatures than the quorum are refused, exactly the quorum is enough", async () => {
    const lines = fromUTF8(total).split("\n");
    const without = (names) => utf8(lines.filter((line) => !names.some((name) => line.startsWith(`\u2014 ${name}`))).join("\n"));
    same((await verifyFile(without(["atlas"]), trust)).verdict, "proven");
    const result = await verifyFile(without(["atlas", "us-bis"]), trust);
    same([result.verdict, result.code], ["refused", "quorum-not-met"]);
});

test("files of another ledger are refused by name", async () => {
    const other = parsePolicy(fromUTF8(policyBytes).replaceAll(/^log .*\n/gm, "")
        .replace("group", "log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\ngroup"));
    for (const bytes of [receipt, total]) {
        same((await verifyFile(bytes, { policy: other })).code, "unknown-ledger");
    }
});

test("a checkpoint alone is proven, and refused with another root", async () => {
    const note = fromUTF8(total).split("\n\n").slice(1).join("\n\n");
    const result = await verifyFile(utf8(note), trust);
    same([result.verdict, result.kind], ["proven", "checkpoint"]);
    const forged = note.replace(/\n(.)(.{42}=)\n/, (_, first, rest) => `\n${first === "A" ? "B" : "A"}${rest}\n`);
    same((await verifyFile(utf8(forged), trust)).code, "bad-signature");
});

test("files are known by what they hold", () => {
    same([receipt, total, genesisBytes, policyBytes, utf8("nonsense"), Uint8Array.of(255)].map(kindOf), ["receipt", "total", "genesis", "policy", "unknown", "unknown"]);
});

test("an account's stages add up to what counts, and one that does not add up is refused", async () => {
    const amounts = [1, 2, 3, 80, 0, 0, 0, 5, 0, 20];
    const entry = (changes) => ({
        names: ["account", "cap", "KE", "2026"], key: new Uint8Array(),
        value: encode(new Map(Object.entries({ cap: 100, unit: "units", asOf: 7, amounts, chips: amounts, released: 10, overrides: 1, ...changes }))),
    });
    const account = readAccount(entry({}));
    same([account.consumed, account.stages.delivered, account.stages.passed_on, room(account), status(account)], [101, 80, 0, -1, "over"]);
    same(status(readAccount(entry({ cap: 112 }))), "near");
    same(status(readAccount(entry({ cap: 101 }))), "full");
    for (const bad of [{ released: 1000 }, { releasedChips: 1000 }, { amounts: [1, 0] }, { amounts: [-1, 2] }, { amounts: Array(12).fill(1) }, { overrides: 0 }, { more: 1 }]) {
        await refuses("malformed", () => readAccount(entry(bad)));
    }
});

test("the names of periods say which years they cover", () => {
    same(["2026", "2025-2027", "2026-Q2", "since-2025-01-01", "2025", "2027-2029", "since-2027-01-01", "ever"].map((name) => coversYear(name, 2026)),
        [true, true, true, true, false, false, false, false]);
});

test("what the reader trusts is remembered, and a hash is taken in one form only", async () => {
    const stored = new Map();
    const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
    const memory = new Memory(storage);
    same(await rememberedTrust(memory), null);
    await refuses("malformed", () => memory.pinGenesis("abc"));
    await refuses("malformed", () => memory.pinPolicy("quorum nobody\n"));
    memory.pinGenesis(` ${hex(genesis.chain).toUpperCase()} `);
    same(new Memory(storage).values.pin, { genesis: hex(genesis.chain) });
    memory.set({ genesis: base64(genesisBytes) });
    same((await rememberedTrust(new Memory(storage))).level, "genesis");
    memory.pinPolicy(fromUTF8(policyBytes));
    same((await rememberedTrust(new Memory(storage))).level, "policy");
});

test("looks within half an hour are one visit, and what was seen goes with the trust", () => {
    const memory = new Memory();
    same(memory.lastVisit(0), null);
    memory.look(100, 10, { aa: 1 });
    same(memory.lastVisit(200), null);
    memory.look(1000, 12, { aa: 2 });
    same(memory.lastVisit(3000), { looked: 1000, size: 12, totals: { aa: 2 } });
    memory.look(3000, 14, { aa: 3 });
    same(memory.lastVisit(3001).size, 12);
    memory.pinGenesis("00".repeat(32));
    same(memory.lastVisit(9000), null);
});

test("a proof of many entries is read like one", async () => {
    const proof = parseTlogProof(total);
    const [header, mapProof] = decode(proof.extra);
    const extra = base64(encode([header, [mapProof, mapProof]]));
    const many = fromUTF8(total).replace(/^extra .*$/m, `extra ${extra}`);
    same((await verifyStateProof(many, policy)).entries.length, 2);
});

test("differences of two policies are named by path, and lists by the ids of their items", () => {
    const policy = (cap, more = []) => new Map([["id", "rule"], ["limits", [new Map([["id", "cap"], ["cap", cap], ["subject", ["destination"]]]), ...more]]]);
    same(differences(policy("1"), policy("1")), []);
    same(differences(policy("1"), policy("2")), [["limits.cap.cap", "1", "2"]]);
    same(differences(policy("1"), policy(1)).length, 1);
    const added = differences(policy("1"), policy("1", [new Map([["id", "share"]])]));
    same([added.length, added[0][0], added[0][1]], [1, "limits.share", null]);
});
