// Charts, drawn by hand: every one repeats what a table beside it says.

import { h } from "./dom.js";
import { amount, percent, short } from "./format.js";
import { STAGES } from "./state.js";

/** How the stages of a quantity are called. */
export function stageName(stage) {
    return stage === "ended" ? "ended, still counted" : stage.replace("_", " ");
}

const ORDER = ["delivered", "in_transit", "licensed", "reserved", "shortfall", "lost", "disputed", "ended"];
const HATCH = {
    in_transit: "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", licensed: "M0,3 h6", reserved: "M3,0 v6",
    disputed: "M0,0 l6,6 M6,0 l-6,6", shortfall: "M1,1 h1 v1 h-1 z M4,4 h1 v1 h-1 z", lost: "M0,0 l6,6",
    ended: "M3,3 h1 v1 h-1 z",
};

/** The patterns that the bars use; one for the whole page. */
export function patterns() {
    const made = Object.entries(HATCH).map(([stage, path]) => h("pattern",
        { id: `hatch-${stage}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
        h("rect", { width: 6, height: 6, class: `stage-${stage}` }), h("path", { d: path, class: "hatch" })));
    return h("svg", { width: 0, height: 0, "aria-hidden": "true", class: "patterns" }, h("defs", {}, made));
}

/** What counts against the cap, by stage in drawing order; what has ended and was not given back comes last. */
export function parts(account) {
    if (!account.isUsed) return [];
    const open = ORDER.filter((stage) => account.stages[stage] > 0).map((stage) => [stage, account.stages[stage]]);
    const ended = account.consumed - open.reduce((sum, [, value]) => sum + value, 0);
    return ended > 0 ? [...open, ["ended", ended]] : open;
}

function fillOf(stage) {
    return HATCH[stage] ? { fill: `url(#hatch-${stage})` } : { class: `stage-${stage}` };
}

/** One country's bar: stages up to the cap, the cap as a tick, what is beyond it in its own colour. */
export function capBar(account, label) {
    const full = Math.max(account.cap ?? 0, account.consumed ?? 0, 1);
    const scale = 1000 / full;
    let at = 0;
    const drawn = parts(account).map(([stage, value]) => {
        const rect = h("rect", { x: at, y: 2, width: value * scale, height: 16, ...fillOf(stage) },
            h("title", {}, `${stageName(stage)}: ${amount(value, account.unit)}`));
        at += value * scale;
        return rect;
    });
    const tick = account.cap === undefined ? null
        : h("line", { x1: account.cap * scale, x2: account.cap * scale, y1: 0, y2: 20, class: "cap" });
    return h("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none", class: "bar", role: "img", "aria-label": label },
        h("rect", { x: 0, y: 2, width: (account.cap ?? full) * scale, height: 16, class: "track" }), drawn, tick);
}

/** The words for the drawn stages. */
export function legend(accounts) {
    const shown = ORDER.filter((stage) => accounts.some((account) => parts(account).some(([name]) => name === stage)));
    return h("ul", { class: "legend" }, shown.map((stage) => h("li", {},
        h("svg", { width: 18, height: 12, "aria-hidden": "true" }, h("rect", { width: 18, height: 12, ...fillOf(stage) })),
        ` ${stageName(stage)}`)), h("li", {}, h("svg", { width: 18, height: 12, "aria-hidden": "true" },
        h("line", { x1: 9, x2: 9, y1: 0, y2: 12, class: "cap" })), " cap"));
}

const WIDTH = 760;
const NARROW = 400;
const HEIGHT = 220;
const LEFT = 76;
const BOTTOM = 26;

// On a narrow screen the frame is narrower, not its text smaller; `least` is what the text takes.
function frameWidth(least = 0) {
    return window.innerWidth > 640 ? WIDTH : Math.max(NARROW, least);
}

/**
 * The sum over time against the cap.
 *
 * `days` are [day number since 1970, sum], ascending; `caps` are [day number, cap or null], ascending, the first at or
 * before the first of `days`; `frame` is the first and the last day of the axis, `today` the day up to which the sums
 * hold, `goal` the [day, sum] to which the pace of late leads, or null.
 */
export function burnUp({ days, caps, unit, label, dayName, frame: [first, last], today, goal }) {
    const width = frameWidth();
    const known = caps.map(([, cap]) => cap).filter((cap) => cap !== null);
    const top = Math.max(...known, goal?.[1] ?? 0, ...days.map(([, sum]) => sum), 1) * 1.05;
    const x = (day) => LEFT + ((day - first) / (last - first)) * (width - LEFT - 8);
    const y = (sum) => HEIGHT - BOTTOM - (sum / top) * (HEIGHT - BOTTOM - 8);
    const steps = days.flatMap(([day, sum], place) => [
        [x(day), y(place === 0 ? 0 : days[place - 1][1])], [x(day), y(sum)],
    ]);
    const end = [x(today), y(days.at(-1)[1])];
    const scale = Math.max(...known, 0) || top;
    const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
        const value = share * scale;
        return [h("line", { x1: LEFT, x2: width - 8, y1: y(value), y2: y(value), class: "grid" }),
            h("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, short(value, unit))];
    });
    return h("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
        grid, capLines(caps, x, y, first, last),
        goal === null ? null : h("line", { x1: end[0], y1: end[1], x2: x(goal[0]), y2: y(goal[1]), class: "pace" }),
        h("polyline", { points: joined([...steps, end]), class: "line" }),
        h("text", { x: LEFT, y: HEIGHT - 6 }, dayName(first)),
        h("text", { x: width - 8, y: HEIGHT - 6, "text-anchor": "end" }, dayName(last)));
}

function joined(points) {
    return points.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
}

/** The cap as stairs; nothing is drawn where there is none. */
function capLines(caps, x, y, first, last) {
    const runs = [];
    for (const [place, [from, cap]] of caps.entries()) {
        if (cap === null) continue;
        const points = [[x(place === 0 ? first : Math.max(first, from)), y(cap)], [x(Math.min(last, caps[place + 1]?.[0] ?? last)), y(cap)]];
        if (place > 0 && caps[place - 1][1] !== null) runs.at(-1).push(...points);
        else runs.push(points);
    }
    return runs.map((points) => h("polyline", { points: joined(points), class: "cap stairs" }));
}

/** Opening to closing: `rows` are [name, change, isSum]; sums stand on the axis, changes hang between. */
export function waterfall(rows, cap, unit, label) {
    const width = frameWidth(LEFT + 8 + rows.length * 62);
    let level = 0;
    const boxes = rows.map(([name, change, isSum]) => {
        const [low, high] = isSum ? [0, change] : [Math.min(level, level + change), Math.max(level, level + change)];
        level = isSum ? change : level + change;
        return { name, change, isSum, low, high };
    });
    const top = Math.max(cap ?? 0, ...boxes.map(({ high }) => high), 1) * 1.05;
    const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - 18);
    const wide = (width - LEFT - 8) / boxes.length;
    return h("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label },
        h("line", { x1: LEFT, x2: width - 8, y1: y(0), y2: y(0), class: "grid" }),
        cap === undefined ? null : [h("line", { x1: LEFT, x2: width - 8, y1: y(cap), y2: y(cap), class: "cap" }),
            h("text", { x: LEFT - 6, y: y(cap) + 4, "text-anchor": "end" }, short(cap, unit))],
        boxes.map(({ name, change, isSum, low, high }, place) => {
            const left = LEFT + place * wide;
            const kind = isSum ? "sum" : change < 0 ? "down" : "up";
            return [h("rect", { x: left + 6, y: y(high), width: wide - 12, height: Math.max(1, y(low) - y(high)), class: `fall-${kind}` }),
                h("text", { x: left + wide / 2, y: y(high) - 4, "text-anchor": "middle" },
                    `${isSum || change <= 0 ? "" : "+"}${short(change, unit)}`),
                h("text", { x: left + wide / 2, y: HEIGHT - 8, "text-anchor": "middle" }, name)];
        }));
}

/** A bar for one share of a whole, beside its number. */
export function shareBar(part, whole, label) {
    const width = whole > 0 ? Math.min(1000, (part / whole) * 1000) : 0;
    return h("svg", { viewBox: "0 0 1000 14", preserveAspectRatio: "none", class: "bar small", role: "img", "aria-label": `${label}: ${percent(part, whole)}` },
        h("rect", { x: 0, y: 1, width: 1000, height: 12, class: "track" }),
        h("rect", { x: 0, y: 1, width, height: 12, class: "stage-delivered" }));
}

/** All stages with something in them, for tables. */
export function stageRows({ stages }) {
    return STAGES.filter((stage) => stages[stage] > 0).map((stage) => [stage, stages[stage]]);
}
