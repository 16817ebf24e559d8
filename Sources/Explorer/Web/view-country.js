// One country: its accounts, the sum over time, opening to closing, and who holds what.

import { hex } from "./bytes.js";
import { burnUp, capBar, legend, shareBar, stageName, stageRows, waterfall } from "./chart.js";
import { h, link, table } from "./dom.js";
import { amount, bare, count, country, day, percent, unitName } from "./format.js";
import { provenState } from "./handoffs.js";
import { Unreachable } from "./source.js";
import { readAccount, room, sumOf } from "./state.js";
import { basis, proven, statusTag } from "./view-home.js";

const DAY = 86400;

/** The page of a country. */
export async function countryView({ report, source }, code) {
    const own = report.accounts.filter(({ subject, isUsed }) => subject[0] === code && isUsed);
    const title = h("h1", {}, `${country(code)} (${code})`);
    if (own.length === 0) return [title, untouched(report, code), await otherAccounts(report, source, code)];
    const history = await readHistory(source, code);
    return [
        title,
        own.map((account) => accountSection(account, history, report)),
        await otherAccounts(report, source, code),
    ];
}

function untouched(report, code) {
    const proofs = report.accounts.filter(({ subject }) => subject[0] === code);
    if (proofs.length === 0) return h("p", {}, "The policy in force has no cap for this country.");
    return h("p", {}, "Nothing was ever counted against ",
        proofs.map((account, place) => [place > 0 ? " and " : "", proven(account, `${account.limit}, ${account.period}`)]),
        ". That is proven, not assumed.");
}

async function readHistory(source, code) {
    try {
        return await source.json(`v1/history/${code}`);
    } catch (error) {
        if (error instanceof Unreachable) return null;
        throw error;
    }
}

function accountSection(account, history, report) {
    const left = room(account);
    const label = `${amount(account.consumed, account.unit)} of ${amount(account.cap, account.unit)}`;
    return h("section", {},
        h("h2", {}, `${account.limit}, period ${account.period} `, statusTag(account)),
        capBar(account, label), legend([account]),
        h("div", { class: "cards" }, table("What the members signed", [["Item"], ["Amount", "number"], ["Share of the cap", "number"], ["Chips", "number"]], [
            ...stageRows(account).map(([stage, value]) => [stageName(stage), amount(value, account.unit), percent(value, account.cap), chipsOf(account.chips[stage])]),
            account.released > 0 ? ["given back", amount(-account.released, account.unit), percent(account.released, account.cap), chipsOf(-account.releasedChips)] : null,
            ["Counted against the cap", proven(account, amount(account.consumed, account.unit)), percent(account.consumed, account.cap),
                chipsOf(sumOf(account.chips) - account.releasedChips)],
            ["Cap", amount(account.cap, account.unit), "100.00 %", ""],
            [left < 0 ? "Over the cap" : "Room", amount(Math.abs(left), account.unit), percent(Math.abs(left), account.cap), ""],
        ].filter(Boolean))),
        basis(report.policy, account.limit),
        h("p", { class: "soft" }, "Last changed by ", link(`leaf/${account.asOf}`, `leaf ${count(account.asOf)}`), "."),
        historySection(account, history, report));
}

function chipsOf(number) {
    return bare(number, "units");
}

function historySection(account, history, report) {
    const found = history?.accounts?.find(({ limit, period }) => limit === account.limit && period === account.period);
    if (!found) {
        return h("p", { class: "soft" }, history === null
            ? "This copy has no breakdown by day, chip, exporter and parent."
            : "No claim for this destination is counted here.");
    }
    const sum = found.days.reduce((total, part) => total + part.amount, 0);
    return [
        reconciliation(account, history, report, sum),
        h("h3", {}, "Sum over time"),
        burnUpChart(account, found, report),
        h("h3", {}, "Opening to closing"),
        waterfallChart(account),
        parts("By chip, with what was given back", found.chips, account, (name) => name),
        parts("By exporter", found.exporters, account, (name) => link("members", name)),
        parts("By ultimate parent of the consignee", found.parents, account, (name) => name),
        evidence(found.grades ?? [], account),
        newest(found.newest),
    ];
}

// The breakdown comes from the server: it must add up to what the members signed.
function reconciliation(account, history, report, sum) {
    const isSame = history.checkpoint?.size === report.proof.checkpoint.size;
    if (sum === account.consumed) {
        return h("p", { class: "good" }, `The breakdown below adds up to the signed total, to the unit.`);
    }
    const gap = account.consumed - sum;
    if (!isSame) {
        return h("p", { class: "warn" }, `The breakdown below was taken at ${count(history.checkpoint?.size ?? 0)} leaves;`
            + ` it differs from the signed total by ${bare(gap, account.unit)} ${unitName(account.unit)}.`);
    }
    const why = history.isComplete
        ? "through claims for other destinations whose parties count here, or by what came before the claims"
        : "since only the oldest claims were added up";
    return h("p", { class: gap < 0 ? "alarm" : "warn" }, `${bare(Math.abs(gap), account.unit)} ${unitName(account.unit)} of the`
        + ` signed total are ${gap < 0 ? "missing: the breakdown shows more than was signed" : `not in the breakdown, ${why}`}.`);
}

function burnUpChart(account, { days, caps }, report) {
    let sum = 0;
    const points = days.map(({ name, amount: added }) => {
        sum += added;
        return [dayNumber(name), sum];
    });
    const label = `Sum by the day of the claim's block: ${amount(sum, account.unit)} on ${days.at(-1).name}`;
    sum = 0;
    const today = Math.max(points.at(-1)[0], Math.floor(report.header.time / DAY));
    const stairs = capStairs(account, caps, today);
    const frame = periodDays(account.period, points[0][0], today + 1);
    const goal = projection(points, stairs, today, frame[1]);
    return [
        burnUp({ days: points, caps: stairs, unit: account.unit, label, dayName: (number) => day(number * DAY), frame, today, goal }),
        goal === null ? null : h("p", { class: "soft" }, paceWords(goal, account)),
        capTable(account, caps, stairs),
        h("details", {}, h("summary", {}, "The same as a table"), table(
            "By the day of the claim's block, in UTC", [["Day"], ["Claims", "number"], ["Added", "number"], ["Sum", "number"]],
            days.map((part) => {
                sum += part.amount;
                return [part.name, count(part.claims), bare(part.amount, account.unit), bare(sum, account.unit)];
            }))),
    ];
}

function dayNumber(name) {
    return Date.parse(`${name}T00:00:00Z`) / 1000 / DAY;
}

// The steps come from the server: that of today must be the cap that the members signed, or none is drawn.
export function capStairs(account, caps, today) {
    const steps = (caps ?? []).map(({ from, cap }) => [dayNumber(from), cap ?? null]);
    const now = steps.findLast(([from]) => from <= today);
    return now?.[1] === account.cap ? steps : [[0, account.cap ?? null]];
}

function capTable(account, caps, stairs) {
    if (stairs.length < 2) {
        const isOther = caps?.length > 1 ? "The server's steps of the cap do not lead to the signed one, and are not shown." : null;
        return isOther && h("p", { class: "warn" }, isOther);
    }
    return table("The cap from day to day, as far as it is decided", [["From"], ["Cap", "number"]],
        stairs.map(([from, cap]) => [day(from * DAY), cap === null ? "none" : amount(cap, account.unit)]));
}

const PACE_DAYS = 90;
// The pace of fewer days says nothing.
const PACE_DAYS_MIN = 7;

/**
 * Where the pace of the last 90 days leads: [day, sum] with isFull and days; null without a pace, or after less than a week.
 * It ends where the cap of the day is reached, or with the axis.
 */
export function projection(points, stairs, today, last) {
    const days = Math.min(PACE_DAYS, today - points[0][0] + 1);
    const now = points.at(-1)[1];
    const before = points.findLast(([number]) => number <= today - days)?.[1] ?? 0;
    const pace = (now - before) / days;
    const room = (stairs.findLast(([from]) => from <= today)?.[1] ?? Infinity) - now;
    if (days < PACE_DAYS_MIN || !(pace > 0) || today >= last || room <= 0) return null;
    for (let number = today + 1; number <= last; number += 1) {
        const cap = stairs.findLast(([from]) => from <= number)?.[1] ?? null;
        const sum = now + pace * (number - today);
        if (cap !== null && sum >= cap) return Object.assign([number, cap], { isFull: true, days });
    }
    return Object.assign([last, now + pace * (last - today)], { isFull: false, days });
}

function paceWords(goal, account) {
    const start = `At the pace of the last ${goal.days === 1 ? "day" : `${goal.days} days`} (the dotted line)`;
    return goal.isFull ? `${start} the cap would be reached on ${day(goal[0] * DAY)}. A projection, no promise.`
        : `${start} ${amount(Math.floor(goal[1]), account.unit)} would be counted on ${day(goal[0] * DAY)}. A projection, no promise.`;
}

// The axis is the whole period where its name says which days it has, so that what is left of it shows.
function periodDays(period, first, last) {
    const [, start, end] = /^(\d{4}(?:-\d\d-\d\d)?)(?:[-/](\d{4}(?:-\d\d-\d\d)?))?$/.exec(period) ?? [];
    if (start === undefined) return [first, last];
    const from = dayNumber(start.length === 4 ? `${start}-01-01` : start);
    const until = end ?? start;
    const through = until.length === 4 ? dayNumber(`${until}-12-31`) : dayNumber(until);
    return [Math.min(from, first), Math.max(through, last)];
}

function waterfallChart(account) {
    const rows = [["opening", 0, true]];
    for (const [stage, value] of stageRows(account)) rows.push([stageName(stage), value, false]);
    if (account.released > 0) rows.push(["given back", -account.released, false]);
    rows.push(["closing", account.consumed, true]);
    const words = rows.map(([name, value]) => `${name} ${bare(value, account.unit)}`).join(", ");
    return [waterfall(rows, account.cap, account.unit, words), h("p", { class: "soft" }, `In ${unitName(account.unit)}: ${words}.`)];
}

function parts(title, rows, account, name) {
    return h("div", { class: "cards" }, table(title,
        [["Name"], ["Share of the cap", "third"], ["Claims", "number"], [`Amount in ${unitName(account.unit)}`, "number"], ["%", "number"]],
        rows.map((part) => [
            name(part.name), shareBar(part.amount, account.cap, part.name), count(part.claims),
            bare(part.amount, account.unit), percent(part.amount, account.cap),
        ])));
}

/** What was delivered by the grade of its evidence; the headline counts grade 2 and better. */
export function evidence(grades, account) {
    const { delivered } = account.stages;
    if (delivered === 0) return null;
    const sum = grades.reduce((total, part) => total + part.amount, 0);
    const good = grades.filter(({ name }) => Number(name) >= 2).reduce((total, part) => total + part.amount, 0);
    if (sum !== delivered) {
        return h("p", { class: "warn" }, "The server's grades of evidence do not add up to the signed amount that was delivered, and are not shown.");
    }
    return [parts("What was delivered, by the grade of its evidence", grades, account, (name) => (name === "0" ? "grade 0, declared only" : `grade ${name}`)),
        h("p", {}, `Of what was delivered, ${percent(good, delivered)} has evidence of grade 2 or better.`)];
}

function newest(indexes) {
    return h("p", {}, "Newest claims: ", indexes.slice(0, 40).map((index, place) => [place > 0 ? ", " : "", link(`leaf/${index}`, `leaf ${count(index)}`)]),
        indexes.length > 40 ? " …" : ".");
}

async function otherAccounts(report, source, code) {
    let proof;
    try {
        proof = await provenState(report.trust, source, `accounts/${code}`);
    } catch (error) {
        if (error instanceof Unreachable) return null;
        report.add("lie", `the accounts of ${code}`, error);
        return h("p", { class: "alarm" }, `The accounts of ${code} do not hold: ${error.message}`);
    }
    const shown = new Set(report.accounts.map(({ key }) => hex(key)));
    const others = proof.entries.map(readAccount).filter(({ key }) => !shown.has(hex(key)));
    if (others.length === 0) return null;
    return [h("h2", {}, "Other accounts in this country"), table("Proven at the same kind of checkpoint, one by one",
        [["Limit"], ["Whose"], ["Period"], ["Counted", "number"], ["Cap", "number"], ["Status"]],
        others.map((account) => [
            account.limit, account.subject.join(", "), account.period,
            link(`proof/${hex(account.key)}`, amount(account.consumed, account.unit)),
            account.cap === undefined ? "none" : amount(account.cap, account.unit), statusTag(account),
        ]))];
}
