// Asks the page's verifier about every case of a manifest (Tests/second/tamper.py says what its fields mean).
// Answers are in `window.answers`, one `{ id, accepted, reason }` a case, null for a question that a page cannot answer.

import { fromBase64, fromUTF8 } from "/explorer/bytes.js";
import { readGenesis } from "/explorer/genesis.js";
import { checkConsistency } from "/explorer/merkle.js";
import { parseNote } from "/explorer/note.js";
import { evaluate, parsePolicy } from "/explorer/policy.js";
import { kindOf, verifyFile } from "/explorer/verify.js";
import { file } from "./harness.js";

const kept = new Map();

async function bytesOf(path) {
    if (!path.startsWith("base/")) return file(`cases/${path}`);
    if (!kept.has(path)) kept.set(path, file(`cases/${path}`));
    return kept.get(path);
}

async function consistency({ old, new: newer, proof }, policy) {
    const heads = [];
    for (const path of [old, newer]) heads.push((await evaluate(policy, parseNote(await bytesOf(path)))).checkpoint);
    const document = JSON.parse(fromUTF8(await bytesOf(proof)));
    const isRight = document.old === heads[0].size && document.new === heads[1].size
        && JSON.stringify(Object.keys(document).sort()) === '["new","old","path"]' && Array.isArray(document.path);
    const path = isRight ? document.path.map((text) => fromBase64(text)) : [null];
    if (path.some((hash) => hash?.length !== 32)) throw new Error("the consistency proof cannot be read");
    checkConsistency(heads[0].size, heads[0].root, heads[1].size, heads[1].root, path);
}

async function answer({ question, files }) {
    const policy = parsePolicy(await bytesOf(files.policy));
    if (question === "consistency") {
        await consistency(files, policy);
        return { verdict: "proven", sentences: [] };
    }
    const genesis = files.genesis ? await readGenesis(await bytesOf(files.genesis)) : null;
    const bytes = await bytesOf(files.file);
    if (kindOf(bytes) !== question) return { verdict: "refused", sentences: [`this is no ${question}, but: ${kindOf(bytes)}`] };
    return verifyFile(bytes, { policy, members: genesis?.members });
}

const { cases } = JSON.parse(fromUTF8(await file("cases/manifest.json")));
const answers = [];
for (const one of cases) {
    if (!["receipt", "disclosure", "certificate", "total", "checkpoint", "consistency"].includes(one.question)) {
        answers.push({ id: one.id, accepted: null, reason: "" });
        continue;
    }
    try {
        const { verdict, sentences } = await answer(one);
        answers.push({ id: one.id, accepted: verdict === "proven", reason: sentences.join(" ") });
    } catch (error) {
        answers.push({ id: one.id, accepted: false, reason: error.message });
    }
}
window.answers = answers;
