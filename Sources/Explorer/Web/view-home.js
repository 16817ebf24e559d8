// The first screen: countries against their caps, what needs a human, who signed.

import { hex } from "./bytes.js";
import { capBar, legend } from "./chart.js";
import { facts, h, link, table } from "./dom.js";
import { amount, count, country, moment, percent, policyStatus, short, unitName } from "./format.js";
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
export function homeView({ report }) {
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
        coverage(report, untouched),
        exceptions(report, used),
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

function coverage(report, untouched) {
    if (untouched.length === 0) return null;
    const limits = [...new Set(report.accounts.map(({ limit, period }) => `${limit}, ${period}`))].join("; ");
    return h("p", { class: "soft" },
        `${count(untouched.length)} more countries of the policy are proven untouched (${limits}); none was left out. `,
        h("details", {}, h("summary", {}, "Which"),
            h("p", {}, untouched.map((account, place) => [place > 0 ? ", " : "", proven(account, account.subject[0])]))));
}

function exceptions(report, used) {
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
    return [h("h2", {}, `What needs a human: ${rows.length === 0 ? "nothing" : count(rows.length)}`),
        rows.length === 0 ? null : table("Exceptions at this checkpoint", [["What"], ["Where"], ["How much", "number"]], rows)];
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
