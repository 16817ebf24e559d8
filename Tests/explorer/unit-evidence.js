// Evidence of a fork: made with keys of this run, so that somebody really signs two histories.

import { base64, fromUTF8, utf8 } from "/explorer/bytes.js";
import { readEvidence, verifyEvidence, writeEvidence } from "/explorer/evidence.js";
import { leafHash, nodeHash } from "/explorer/merkle.js";
import { SIGNATURE, parseKey, parseNote, vkey } from "/explorer/note.js";
import { parsePolicy } from "/explorer/policy.js";
import { verifyFile } from "/explorer/verify.js";
import { refuses, same, test } from "./harness.js";
import { signer } from "./signer.js";

const log = await signer("quota.example/test", SIGNATURE.ed25519);
const cosigner = await signer("atlas.quota.example", SIGNATURE.cosignature);

async function note(size, root, signers = [log, cosigner], origin = "quota.example/test") {
    const text = `${origin}\n${size}\n${base64(root)}\n`;
    const lines = [];
    for (const one of signers) lines.push(await one.line(text));
    return parseNote(`${text}\n${lines.join("")}`);
}

const leaves = Array.from({ length: 4 }, (_, place) => leafHash(utf8(`leaf ${place}`)));
const [left, right] = [nodeHash(leaves[0], leaves[1]), nodeHash(leaves[2], leaves[3])];
const root = nodeHash(left, right);
const keys = [log.key, cosigner.key];
const sameSize = writeEvidence(keys, await note(2, left), await note(2, right), null);
const twoSizes = writeEvidence(keys, await note(2, right), await note(4, root), { root: left, path: [right] });

test("a key reads as it is written", () => same(parseKey(vkey(cosigner.key)), cosigner.key));

test("two roots of one size convict whoever signed both", async () => {
    const result = await verifyEvidence(utf8(sameSize));
    same([result.older.size, result.keys.length], [2, 2]);
});

test("a larger tree that does not continue a smaller one convicts too", async () => {
    same((await verifyEvidence(utf8(twoSizes))).newer.size, 4);
});

test("the page says who is convicted, with a trust policy by name and without one by key", async () => {
    const policy = parsePolicy(`log ${vkey(log.key)} https://a.example\nwitness atlas ${vkey(cosigner.key)} https://a.example\nquorum atlas\n`);
    const named = await verifyFile(utf8(sameSize), { policy });
    same([named.verdict, named.kind], ["proven", "evidence"]);
    same(named.signers, ["atlas (cosigner key)", "atlas (log key)"]);
    same((await verifyFile(utf8(sameSize), { policy: null })).verdict, "proven");
});

test("evidence is refused where nothing contradicts, nobody signed both, or another ledger is meant", async () => {
    const good = [await note(2, left), await note(4, root)];
    const prefix = { root: left, path: [right] };
    const cases = [
        ["no-conflict", writeEvidence(keys, good[0], good[0], null)], ["no-conflict", writeEvidence(keys, good[0], good[1], prefix)],
        ["no-conflict", writeEvidence(keys, good[0], good[1], null)],
        ["not-consistent", writeEvidence(keys, await note(2, right), good[1], { root: right, path: [right] })],
        ["malformed", writeEvidence([], good[0], await note(2, right), null)],
        ["malformed", writeEvidence(keys, good[1], good[0], null)],
        ["malformed", writeEvidence(keys, good[0], await note(2, right), prefix)],
        ["bad-signature", writeEvidence(keys, good[0], await note(2, right, [log]), null)],
        ["other-ledger", writeEvidence(keys, good[0], await note(2, right, [log, cosigner], "quota.example/other"), null)],
        ["other-ledger", writeEvidence([(await signer("else.example", SIGNATURE.ed25519)).key], good[0], await note(2, right), null)],
    ];
    for (const [code, text] of cases) await refuses(code, () => verifyEvidence(utf8(text)));
});

test("evidence with any byte turned is refused, but in lines of others", async () => {
    const bytes = utf8(twoSizes);
    let accepted = 0;
    for (let at = 0; at < bytes.length; at += 1) {
        const bad = bytes.slice();
        bad[at] ^= 1;
        accepted += await verifyEvidence(bad).then(() => 1, () => 0);
    }
    same(accepted, 0);
    same(fromUTF8(bytes).startsWith("quota-ledger/fork-evidence@v1\n"), true);
    same(readEvidence(bytes).prefix.path.length, 1);
});
