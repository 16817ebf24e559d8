// The verifier for files, and the page that says whom the reader trusts.

import { fromUTF8, hex } from "./bytes.js";
import { code, download, facts, fill, h, link } from "./dom.js";
import { count, moment } from "./format.js";
import { TRUSTLESS, kindOf, verifyFile } from "./verify.js";

const FILE_BYTES_MAX = 16 << 20;

/** A place to drop files; `use` gets each file's name and bytes. */
export function dropZone(label, use) {
    const input = h("input", { type: "file", multiple: true, id: "files" });
    const zone = h("div", { class: "drop" }, h("label", { for: "files" }, label), input);
    const take = async (files) => {
        for (const file of files) {
            if (file.size > FILE_BYTES_MAX) await use(file.name, null);
            else await use(file.name, new Uint8Array(await file.arrayBuffer()));
        }
    };
    input.addEventListener("change", () => take(input.files));
    for (const name of ["dragover", "dragleave", "drop"]) {
        zone.addEventListener(name, (event) => {
            event.preventDefault();
            zone.classList.toggle("over", name === "dragover");
            if (name === "drop") take(event.dataTransfer.files);
        });
    }
    return zone;
}

/** "Drop a file here": nothing leaves the browser, and no node is asked. */
export function verifyView({ trust, memory }) {
    const results = h("div", { "aria-live": "polite", id: "results" });
    const use = async (name, bytes) => {
        if (bytes === null) {
            results.prepend(h("section", { class: "verdict refused" }, h("p", {}, `${name}: larger than 16 MiB.`)));
            return;
        }
        const kind = kindOf(bytes);
        if (kind === "policy") results.prepend(offerPolicy(name, bytes, memory));
        else if (!trust && !TRUSTLESS.has(kind)) results.prepend(noTrust(name));
        else results.prepend(await verdict(name, bytes, trust ?? { policy: null }, memory));
    };
    return [
        h("h1", {}, "Check a file"),
        h("p", {}, "A receipt (.scitt), a total (.tlog-proof), opened values (.disclosure), a certificate (.html), a checkpoint, a genesis, the validators' hand-offs (.handoffs), the receipt of an intake (.intake), or evidence of a fork. The file is checked in this browser:"
            + " it goes nowhere, and no server is asked."),
        dropZone("Drop files here, or choose them:", use),
        trust ? h("p", {}, "It is judged by ", link("trust", trustWords(trust)), ".") : h("p", { class: "warn" },
            "This page knows no ledger yet. Drop a trust policy, a genesis statement or a file of hand-offs here first, or open the page of a node."),
        results,
    ];
}

function noTrust(name) {
    return h("section", { class: "verdict refused" }, h("p", {}, `${name}: not checked, since this page does not know whom you trust.`));
}

async function verdict(name, bytes, trust, memory) {
    const result = await verifyFile(bytes, trust);
    const isProven = result.verdict === "proven";
    const kinds = { receipt: "receipt", total: "total", evidence: "evidence of a fork", checkpoint: "checkpoint", genesis: "genesis", handoffs: "chain of hand-offs", disclosure: "disclosure of values", certificate: "certificate",
        intake: "receipt of an intake", unknown: "file" };
    return h("section", { class: `verdict ${result.verdict}`, "data-verdict": result.verdict, "data-code": result.code ?? "" },
        h("h2", {}, `${isProven ? "PROVEN" : "REFUSED"}: ${name}`),
        h("p", { class: "soft" }, `Read as a ${kinds[result.kind]}.`),
        h("ul", {}, result.sentences.map((sentence) => h("li", {}, sentence))),
        result.limits.length > 0 ? [h("p", {}, "What this does not prove:"), h("ul", {}, result.limits.map((limit) => h("li", {}, limit)))] : null,
        isProven && result.founded ? trustButton("Trust this ledger from now on",
            () => memory.pinLedger(result.founded, result.kind === "handoffs" ? bytes : null)) : null);
}

function offerPolicy(name, bytes, memory) {
    return h("section", { class: "verdict" }, h("h2", {}, `Trust policy: ${name}`), h("pre", {}, fromUTF8(bytes)),
        h("p", {}, "Whoever gave you this file decides what this page believes. Take it from a member, not from the server that you want to check."),
        trustButton("Trust these keys from now on", () => memory.pinPolicy(fromUTF8(bytes))));
}

function trustButton(text, work) {
    const place = h("p", { class: "alarm" });
    return [h("button", {
        type: "button",
        onclick: async () => {
            try {
                await work();
                location.reload();
            } catch (error) {
                fill(place, error.message);
            }
        },
    }, text), place];
}

/** Whom the reader trusts, in a few words. */
export function trustWords(trust) {
    return {
        genesis: "the ledger whose genesis hash you gave", policy: "the trust policy that you gave",
        remembered: "the genesis that this server gave and this browser remembers",
    }[trust.level];
}

/** Whom the reader trusts, why, and how to change it. */
export function trustView({ trust, memory }) {
    const { pin, maxAge, since } = memory.values;
    const field = (id, label, attributes, apply) => h("form", {
        onsubmit: (event) => {
            event.preventDefault();
            const place = event.target.querySelector(".alarm");
            try {
                apply(event.target.elements[id].value);
                location.reload();
            } catch (error) {
                fill(place, error.message);
            }
        },
    }, h("label", { for: id }, label), h(attributes.rows ? "textarea" : "input", { id, name: id, autocomplete: "off", spellcheck: "false", ...attributes }),
    h("button", {}, "Use it"), h("span", { class: "alarm", role: "alert" }));
    return [
        h("h1", {}, "Whom you trust"),
        h("p", {}, trust ? ["This page judges everything by ", h("strong", {}, trustWords(trust)), "."] : "This page does not know a ledger yet."),
        trust?.level === "remembered" ? h("p", { class: "warn" }, `Nobody has confirmed it: the server could have made it up at your first visit`
            + ` (${moment(since)}). From then on another genesis is refused. To rule that out, get the hash from a member and paste it below.`) : null,
        trust?.level === "policy" && trust.epochs.length > 1 ? h("p", {}, `The validators have changed since: the newest that this page knows`
            + ` are those of epoch ${count(trust.epochs.at(-1).number)}. It follows them, each set named by the quorum of the one before;`
            + " of the newer ones it asks what the ledger's own rule asks.") : null,
        facts(["Ledger", trust?.genesis?.origin ?? trust?.policy.logs[0]?.key.name],
            ["Genesis hash", trust?.chain ? code(hex(trust.chain)) : null],
            ["Quorum", trust?.policy.groups.map(({ name, needed, members }) => `${name}: ${needed} of ${members.join(", ")}`).join("; ")]),
        h("h2", {}, "Give it yourself"),
        field("pin", "Genesis hash, 64 hexadecimal digits (members read it to each other by telephone)", { value: pin?.genesis ?? "" }, (text) => memory.pinGenesis(text)),
        field("policy", "Or a trust policy (tlog-policy), which may be stricter than the ledger's own", { rows: 6 }, (text) => memory.pinPolicy(text.endsWith("\n") ? text : `${text}\n`)),
        field("age", "STALE if a quorum has signed nothing for so many minutes", { type: "number", min: 1, max: 525600, value: maxAge / 60 },
            (text) => memory.set({ maxAge: Math.max(1, Number(text)) * 60 })),
        h("p", {}, h("button", { type: "button", onclick: () => { memory.unpin(); location.reload(); } }, "Forget everything that this browser remembers")),
        h("h2", {}, "What the three words mean"),
        h("dl", {},
            h("dt", { class: "good" }, "VERIFIED"), h("dd", {}, "A quorum of the trusted keys signed this state not long ago, every number shown follows from it, and no other node or earlier visit contradicts it."),
            h("dt", { class: "warn" }, "STALE"), h("dd", {}, "Everything holds, but for an older moment than it should be: the ledger is idle, or this server is behind or holds something back."),
            h("dt", { class: "alarm" }, "DISAGREE"), h("dd", {}, "Something that this server or another node shows is not what was signed. The reasons stand at the top of every page.")),
        h("h2", {}, "What this page cannot do"),
        h("ul", {}, h("li", {}, "It came from this server. A server that lies may also send a page that lies. Open it from another node, a static copy, or your own disk through a file server, and compare."),
            h("li", {}, "The numbers are sums of what exporters declared. That they were signed and added up correctly is proven; that the goods exist is not."),
            h("li", {}, "Browsers give their cryptography only to pages over HTTPS or from this machine; elsewhere the page says that it cannot check.")),
        h("p", {}, trust?.genesis ? download("genesis.cose", trust.genesis.statement.bytes, "Save the genesis statement (genesis.cose)") : null),
    ];
}
