// The published intake receipts, by whom the reader may trust.

import { equal, fromHex, fromUTF8, hex } from "/explorer/bytes.js";
import { encode } from "/explorer/cbor.js";
import { readGenesis } from "/explorer/genesis.js";
import { readHandOffs, walk } from "/explorer/handoffs.js";
import { Intake, verifyIntake } from "/explorer/intake.js";
import { kindOf, verifyFile } from "/explorer/verify.js";
import { file, refuses, same, test } from "./harness.js";

const published = async (name) => JSON.parse(fromUTF8(await file(`vectors/${name}.json`)));
const rows = await published("intakes");
const chain = await published("handoffs");
const { genesis: founding, steps } = readHandOffs(fromHex(chain.file));
const genesis = await readGenesis(founding);
const epochs = await walk(genesis, steps);
const founded = { policy: epochs.at(-1).policy, epochs, chain: genesis.chain, genesis };
const believed = { policy: epochs[0].policy };

test("the published intake receipts are read as published, and hold by founders and by a policy", async () => {
    for (const row of rows) {
        const bytes = fromHex(row.bytes);
        same(kindOf(bytes), "intake");
        const intake = new Intake(bytes);
        for (const name of ["node", "subject", "origin", "time", "kind", "issuer", "size", "height", "epoch", "view"]) same(intake[name], row[name], name);
        for (const name of ["kid", "entry", "chain", "root"]) same(hex(intake[name]), row[name], name);
        same((await verifyIntake(bytes, founded)).isNamed, true);
        same((await verifyIntake(bytes, believed)).isNamed, false);
        const { verdict, signers, limits } = await verifyFile(bytes, founded);
        same([verdict, signers, limits.length], ["proven", [row.node], 2]);
    }
});

test("an intake receipt is refused by who trusts another ledger, other keys or another epoch", async () => {
    const bytes = fromHex(rows[0].bytes);
    await refuses("other-ledger", () => verifyIntake(bytes, { ...founded, chain: new Uint8Array(32) }));
    await refuses("quorum-not-met", () => verifyIntake(bytes, { ...founded, epochs: epochs.slice(1) }));
    const vkeys = (logs) => ({ policy: { logs } });
    await refuses("unknown-ledger", () => verifyIntake(bytes, vkeys([])));
    const others = believed.policy.logs.filter(({ key }) => !equal(key.publicKey, fromHex(rows[0].key)));
    await refuses("quorum-not-met", () => verifyIntake(bytes, vkeys(others)));
});

test("a changed or cut intake receipt is refused, wherever it is changed", async () => {
    const bytes = fromHex(rows[0].bytes);
    for (let at = 0; at < bytes.length; at += 1) {
        const changed = bytes.slice();
        changed[at] ^= 1;
        same((await verifyFile(changed, founded)).verdict, "refused", `byte ${at}:`);
    }
    for (const length of [0, 1, 200, bytes.length - 1]) await refuses("malformed", () => new Intake(bytes.slice(0, length)));
    await refuses("malformed", () => new Intake(new Uint8Array(1025)));
});

test("an intake receipt with another payload is malformed", async () => {
    const { message } = new Intake(fromHex(rows[0].bytes));
    const fields = (changes) => {
        const { kind, issuer, entry, chain: id, size, root, height, epoch, view } = { ...new Intake(fromHex(rows[0].bytes)), ...changes };
        return new Map(Object.entries({ kind, issuer, entry, chain: id, size, root, height, epoch, view }).filter(([, value]) => value !== undefined));
    };
    const signed = (payload) => {
        message.payload = encode(payload);
        return message.encodedWith(new Map());
    };
    same(new Intake(signed(fields({}))).size, rows[0].size);
    const bad = [{ kind: "Claim" }, { kind: 1 }, { issuer: "" }, { issuer: "x".repeat(64) }, { entry: new Uint8Array(31) }, { view: undefined },
        { size: 2 * rows[0].height }, { epoch: -1 }];
    for (const changes of bad) await refuses("malformed", () => new Intake(signed(fields(changes))));
    await refuses("malformed", () => new Intake(signed(new Map([...fields({}), ["more", 1]]))));
    await refuses("malformed", () => new Intake(message.encodedWith(new Map([[394, []]]))));
});
