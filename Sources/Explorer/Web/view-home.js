// The first screen: countries against their caps, what needs a human, who signed.

import { readAttention } from "./attention.js";
import { hex } from "./bytes.js";
import { capBar, legend } from "./chart.js";
import { facts, h, link, table } from "./dom.js";
import { amount, count, country, day, moment, percent, policyStatus, short, unitName } from "./format.js";
import { limitBasis } from "./limits.js";
import { room, status } from "./state.js";

/** A number that leads to its proof. */
export function proven(account, text) {
    return link(`proof/${hex(account.key)}`, text);
}

/** The word for how full an account is, which never depends on its colour. */
export function statusTag(account) {
    const word = status(account);
    const kinds = { over: "alarm", full: "warn", near: "warn", open: "good" };
    const mark = account.overrides > 0 ? ` (${account.overrides} override${account.overrides > 1 ? "s" : ""})` : "";
    return h("span", { class: `tag ${kinds[word] ?? ""}` }, word.toUpperCase() + mark);
}

/** The first screen. */
export async function homeView({ report, source, now }) {
    const used = report.accounts.filter((account) => account.isUsed && account.cap !== undefined);
    used.sort((left, right) => right.consumed / (right.cap || 1) - left.consumed / (left.cap || 1));
    const untouched = report.accounts.filter((account) => !account.isUsed);
    return [
        h("h1", {}, "Countries against their caps"),
        h("div", { class: "cards" }, table(
            "Sorted by the share of the cap that is used. Every number leads to its proof.",
            [["Country"], ["Used", "wide"], ["Amount", "number"], ["Cap", "number"], ["Share", "number"], ["Room", "number"], ["Status"]],
            used.map(countryRow),
            "Nothing has been counted against a country's cap yet.",
        )),
        legend(used),
        [...new Set(used.map(({ limit }) => limit))].map((limit) => basis(report.policy, limit)),
        coverage(report, untouched),
        exceptions(report, used, await readAttention(report, source, now)),
        changes(report, used),
        h("h2", {}, "Checkpoint"),
        checkpointFacts(report),
    ];
}

function countryRow(account) {
    const code = account.subject[0];
    const share = percent(account.consumed, account.cap);
    const left = room(account);
    const label = `${country(code)}: ${amount(account.consumed, account.unit)} of ${amount(account.cap, account.unit)}, ${share}`;
    return [
        link(`country/${code}`, `${country(code)} (${code})`),
        capBar(account, label),
        proven(account, amount(account.consumed, account.unit)),
        h("span", { title: amount(account.cap, account.unit) }, `${short(account.cap, account.unit)} ${unitName(account.unit)}`),
        share,
        h("span", { class: left < 0 ? "alarm" : null }, amount(left, account.unit)),
        statusTag(account),
    ];
}

/** What the numbers of a limit mean: whether room comes back, and what counts. */
export function basis(policy, id) {
    const limit = policy?.get("limits").find((one) => one.get("id") === id);
    if (!limit) return h("p", { class: "soft" }, `${id}: a limit of a past policy; kept as history.`);
    const { counted, back, isStock } = limitBasis(policy, limit);
    return h("p", { class: "soft" }, `${id}, of ${policy.get("id")} version ${policy.get("version")}: ${isStock ? "stock" : "flow"}, counted when ${counted};`
        + ` given back on ${back}. [${limit.get("citation")}]`);
}

function coverage(report, untouched) {
    if (untouched.length === 0) return null;
    const limits = [...new Set(report.accounts.map(({ limit, period }) => `${limit}, ${period}`))].join("; ");
    return h("p", { class: "soft" },
        `${count(untouched.length)} more countries of the policy are proven untouched (${limits}); none was left out. `,
        h("details", {}, h("summary", {}, "Which"),
            h("p", {}, untouched.map((account, place) => [place > 0 ? ", " : "", proven(account, account.subject[0])]))));
}

// More rows than this hide the others.
const CLAIM_ROWS_MAX = 20;

function exceptions(report, used, { claims, told }) {
    const rows = [];
    for (const account of used) {
        const word = status(account);
        const where = link(`country/${account.subject[0]}`, country(account.subject[0]));
        if (word === "over") rows.push(["Over the cap", where, amount(-room(account), account.unit)]);
        if (word === "full" || word === "near") rows.push([`Cap ${word === "full" ? "reached" : "nearly reached"}`, where, `${amount(room(account), account.unit)} left`]);
        if (account.overrides > 0) rows.push(["Override on record", where, count(account.overrides)]);
        for (const stage of ["disputed", "shortfall", "lost"]) {
            const value = account.stages[stage];
            if (value > 0) rows.push([`Amount ${stage}`, where, amount(value, account.unit)]);
        }
    }
    for (const node of report.nodes.filter(({ state }) => state === "silent" || state === "differs")) {
        rows.push([node.state === "silent" ? "Node does not answer this page" : "Node differs", link("nodes", node.name), node.url]);
    }
    const waiting = claims.flatMap((claim) => claim.why.map((why) => claimRow(claim, why)));
    const number = rows.length + waiting.length;
    return [h("h2", {}, `What needs a human: ${number === 0 ? "nothing" : count(number)}`),
        rows.length === 0 ? null : table("Exceptions at this checkpoint", [["What"], ["Where"], ["How much", "number"]], rows),
        waiting.length === 0 ? null : h("div", { class: "cards" }, table("Claims that wait for somebody, oldest first; each is proven",
            [["What"], ["Claim"], ["Where"], ["Items", "number"], ["Since"]], waiting.slice(0, CLAIM_ROWS_MAX))),
        waiting.length > CLAIM_ROWS_MAX ? h("p", {}, `And ${count(waiting.length - CLAIM_ROWS_MAX)} more.`) : null,
        h("p", { class: "soft" }, told.length === 0 ? "Nobody told this page which claims wait for somebody."
            : `That no ${waiting.length === 0 ? "" : "other "}claim waits too long for somebody is told by ${told.join(", ")}, and not proven.`)];
}

function claimRow({ issuer, id, record }, { why, items, since }) {
    return [`${why[0].toUpperCase()}${why.slice(1)}`, link(`leaf/${record.get("index")}`, `${issuer}/${id}`), country(record.get("facts")[1]), count(items),
        since === null ? "" : day(since * 86400)];
}

function changes({ before, head }, used) {
    if (!before || before.size > head.checkpoint.size) return null;
    const rows = used.map((account) => [account, before.totals[hex(account.key)] ?? 0])
        .filter(([{ consumed }, old]) => consumed !== old)
        .map(([account, old]) => [
            link(`country/${account.subject[0]}`, country(account.subject[0])), amount(old, account.unit), proven(account, amount(account.consumed, account.unit)),
            `${account.consumed > old ? "+" : ""}${amount(account.consumed - old, account.unit)}`,
        ]);
    return [h("h2", {}, "What changed since you last looked"),
        h("p", {}, `On ${moment(before.looked)} this browser saw ${count(before.size)} leaves; ${count(head.checkpoint.size - before.size)} have come since.`,
            rows.length === 0 ? " No country's total changed." : ""),
        rows.length === 0 ? null : h("div", { class: "cards" }, table("Totals that changed", [["Country"], ["Then", "number"], ["Now", "number"], ["Change", "number"]], rows))];
}

/** Who signed what, when. */
export function checkpointFacts(report) {
    const { head, header } = report;
    if (!head) return null;
    return facts(
        ["Leaves", link(`leaf/${head.checkpoint.size - 1}`, count(head.checkpoint.size))],
        ["Root", h("code", {}, hex(head.checkpoint.root))],
        ["Signed by", head.signers.map(({ name }) => name).sort().join(", ")],
        ["Block", header ? count(header.height) : null],
        ["Policy in force", link("policy", report.policy ? `${report.policy.get("id")} (${policyStatus(report.policy)})` : "none")],
        ["Root of the state map", header ? h("code", {}, hex(header.mapRoot)) : null],
    );
}
