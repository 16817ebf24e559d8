// What the page of a country adds to the signed numbers: the steps of a cap, and where a pace leads.

import { limitBasis } from "/explorer/limits.js";
import { capStairs, evidence, projection } from "/explorer/view-country.js";
import { same, test } from "./harness.js";

const DAY = 20454; // 2026-01-01
const steps = [{ from: "2026-01-01", cap: 100 }, { from: "2026-03-01", cap: 200 }, { from: "2026-07-01" }];
const stairs = [[DAY, 100], [DAY + 59, 200], [DAY + 181, null]];

test("the steps of a cap are drawn if that of today is the signed cap", () => {
    same(capStairs({ cap: 100 }, steps, DAY + 10), stairs);
    same(capStairs({ cap: 200 }, steps, DAY + 59), stairs);
    same(capStairs({}, steps, DAY + 181), [[0, null]]);
});

test("steps that do not lead to the signed cap are not", () => {
    same(capStairs({ cap: 200 }, steps, DAY + 10), [[0, 200]]);
    same(capStairs({ cap: 100 }, [], DAY), [[0, 100]]);
    same(capStairs({ cap: 100 }, undefined, DAY), [[0, 100]]);
});

test("a pace leads to the day on which the cap of that day is reached", () => {
    const goal = projection([[DAY, 10], [DAY + 9, 20]], [[0, 100]], DAY + 9, DAY + 364);
    same([...goal, goal.isFull, goal.days], [DAY + 49, 100, true, 10]);
    // The cap is higher from March on, so it is reached later.
    const later = projection([[DAY, 10], [DAY + 9, 20]], stairs, DAY + 9, DAY + 100);
    same([...later, later.isFull], [DAY + 49, 100, true]);
    const raised = projection([[DAY, 10], [DAY + 9, 15]], stairs, DAY + 9, DAY + 100);
    same([raised[0], raised.isFull], [DAY + 100, false]);
});

test("only the last 90 days make a pace, and a full or resting account has none", () => {
    const rests = projection([[DAY, 50]], [[0, 100]], DAY + 200, DAY + 364);
    same(rests, null);
    const late = projection([[DAY, 1], [DAY + 190, 10]], [[0, 1000]], DAY + 200, DAY + 364);
    same([late[1], late.days], [10 + (9 / 90) * 164, 90]);
    same(projection([[DAY, 100]], [[0, 100]], DAY, DAY + 364), null);
    same(projection([[DAY, 10]], [[0, 100]], DAY + 364, DAY + 364), null);
    same(projection([[DAY, 10]], [[0, 100]], DAY + 5, DAY + 364), null);
    same(projection([[DAY, 10]], [[0, 100]], DAY + 6, DAY + 364)?.isFull, true);
});

test("a pace that leaps over the cap ends at it", () => {
    const goal = projection([[DAY, 90]], [[0, 100]], DAY + 9, DAY + 364);
    same([goal[1], goal.isFull], [100, true]);
});

test("grades of evidence are shown if they add up to the signed amount that was delivered", () => {
    const account = { unit: "units", cap: 100, stages: { delivered: 10 } };
    const grades = [{ name: "0", claims: 1, amount: 4 }, { name: "1", claims: 1, amount: 1 }, { name: "2", claims: 1, amount: 3 }, { name: "4", claims: 1, amount: 2 }];
    same(evidence(grades, account)[1].textContent, "Of what was delivered, 50.00 % has evidence of grade 2 or better.");
    same(evidence(grades.slice(1), account).textContent.includes("not shown"), true);
    same(evidence([], { ...account, stages: { delivered: 0 } }), null);
});

test("a limit that gives room back when goods leave is a stock, as the policy's parameters stand", () => {
    const limit = (on, kind = "cumulative") => new Map([["countBasis", "exported"], ["release", new Map([["on", on]])], ["window", new Map([["kind", kind]])]]);
    const policy = new Map([["parameters", [new Map([["id", "attrition_returns"], ["value", "yes"]])]]]);
    const by = (is) => new Map([["event", "attrition"], ["parameter", new Map([["id", "attrition_returns"], ["is", is]])]]);
    same(limitBasis(policy, limit(["return"])), { counted: "exported", back: "return", isStock: false });
    same(limitBasis(policy, limit(["return", by("yes")])), { counted: "exported", back: "return, attrition", isStock: true });
    same(limitBasis(policy, limit([by("no")])), { counted: "exported", back: "nothing", isStock: false });
    same(limitBasis(policy, limit([], "reporting_dates")).isStock, true);
});
