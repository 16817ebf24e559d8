// The page: examines the ledger once, then shows what the address asks for.

import { isAvailable } from "./ed25519.js";
import { download, fill, h } from "./dom.js";
import { age, count, localMoment, moment } from "./format.js";
import { patterns } from "./chart.js";
import { examine } from "./ledger.js";
import { selfCheck } from "./sha256.js";
import { Source, Unreachable } from "./source.js";
import { Memory, rememberedTrust, resolveTrust } from "./trust.js";
import { claimView, claimsView, leafView } from "./view-claims.js";
import { countryView } from "./view-country.js";
import { governanceView } from "./view-governance.js";
import { homeView } from "./view-home.js";
import { membersView, policyView } from "./view-members.js";
import { nodesView } from "./view-nodes.js";
import { proofView } from "./view-proof.js";
import { trustView, verifyView } from "./view-verify.js";

const PAGES = {
    "": [homeView, "Countries"], country: [countryView, "Country"], claims: [claimsView, "Claims"], claim: [claimView, "Claim"],
    leaf: [leafView, "Statement"], members: [membersView, "Members"], policy: [policyView, "Policy"], nodes: [nodesView, "Nodes"],
    governance: [governanceView, "Governance"], proof: [proofView, "Proof"],
};
const OFFLINE_PAGES = { verify: [verifyView, "Check a file"], trust: [trustView, "Trust"] };
const KIND_OF_WORD = { VERIFIED: "verified", STALE: "stale", DISAGREE: "disagree" };

const main = document.getElementById("main");
const line = document.getElementById("trust-line");

function storage() {
    try {
        return window.localStorage;
    } catch {
        return null;
    }
}

const context = { memory: new Memory(storage()), source: new Source(new URL(".", document.baseURI).href), now: Date.now() / 1000 };

function showWord(word, sum, reasons = []) {
    fill(line, h("p", { class: `word ${KIND_OF_WORD[word] ?? "none"}`, id: "word" }, word), h("p", { class: "sum" }, sum),
        reasons.length > 0 ? h("ul", { class: "why" }, reasons) : null);
}

function showTrustLine() {
    const { report } = context;
    if (!report) return;
    context.now = Date.now() / 1000;
    const { head, nodes, word } = report;
    const reasons = report.reasons.map(({ kind, text }) => h("li", { class: { lie: "alarm", old: "warn", silence: "soft", late: "soft" }[kind] }, text));
    if (report.evidence) reasons.push(h("li", {}, download("ledger.fork-evidence", report.evidence, "Save the evidence of the fork (.fork-evidence)")));
    if (report.trust.level === "remembered") reasons.push(h("li", { class: "soft" }, "The genesis came from this server and nobody has confirmed it: ",
        h("a", { href: "#/trust" }, "compare its hash"), "."));
    if (!head) {
        showWord(word, "This server shows no state that could be checked.", reasons);
        return;
    }
    const agreeing = nodes.filter(({ state }) => ["agrees", "behind", "ahead"].includes(state)).length;
    showWord(word, [
        `${count(head.checkpoint.size)} leaves, signed `,
        h("time", { datetime: new Date(head.time * 1000).toISOString(), title: `${moment(head.time)}, here ${localMoment(head.time)}` }, age(context.now - head.time)),
        ` by ${head.signers.map(({ name }) => name).sort().join(", ")} · nodes agreeing ${agreeing} of ${nodes.length} · as of `,
        h("span", { class: "moment" }, moment(head.time)), " ", h("span", { class: "soft moment" }, `(here ${localMoment(head.time)})`),
    ], reasons);
}

async function load() {
    const { memory, source } = context;
    if (!(await isAvailable())) {
        showWord("NO CHECK", "This browser gives no cryptography to this page, so nothing can be checked. Open it over HTTPS, from this machine, or in a newer browser.");
        return;
    }
    if (!(await selfCheck())) {
        showWord("NO CHECK", "The hash of this page and that of the browser differ; nothing can be checked.");
        return;
    }
    context.trust = await rememberedTrust(memory).catch(() => null);
    try {
        context.trust = await resolveTrust(source, memory, context.now);
    } catch (error) {
        const isSilence = error instanceof Unreachable;
        showWord(isSilence ? "NO ANSWER" : "DISAGREE", isSilence
            ? "No ledger answers at this address; files can be checked all the same." : error.message);
        return;
    }
    document.getElementById("origin").textContent = context.trust.policy.logs[0].key.name;
    context.report = await examine(source, context.trust, memory, context.now);
    if (context.report.reasons.some(({ code }) => code === "quorum-not-met")) {
        // An epoch may have ended between the hand-offs and the checkpoint.
        const later = await resolveTrust(source, memory, context.now).catch(() => context.trust);
        if (later.epochs.length > context.trust.epochs.length) {
            context.trust = later;
            context.report = await examine(source, later, memory, context.now);
        }
    }
    showTrustLine();
}

async function show() {
    const [name, ...parts] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    const [view, title] = PAGES[name] ?? OFFLINE_PAGES[name] ?? PAGES[""];
    for (const anchor of document.querySelectorAll("nav a")) {
        const isHere = anchor.getAttribute("href") === `#/${name}`;
        if (isHere) anchor.setAttribute("aria-current", "page");
        else anchor.removeAttribute("aria-current");
    }
    document.title = `${title}${parts.length > 0 ? ` ${parts.join(" ")}` : ""} - Quota ledger`;
    document.body.dataset.ready = "";
    if (!OFFLINE_PAGES[name] && !context.report?.header) {
        fill(main, h("p", {}, "Nothing is shown that was not checked: see above. ", h("a", { href: "#/verify" }, "Files can be checked without a node.")));
    } else {
        try {
            fill(main, patterns(), await view(context, ...parts));
        } catch (error) {
            const isSilence = error instanceof Unreachable;
            if (!isSilence) context.report?.add("lie", title, error);
            fill(main, h("p", { class: isSilence ? "warn" : "alarm" }, error.message));
        }
        showTrustLine();
    }
    document.body.dataset.ready = "yes";
}

window.addEventListener("hashchange", async () => {
    await show();
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
});
await load();
await show();
setInterval(showTrustLine, 30000);
