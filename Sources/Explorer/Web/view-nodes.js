// The nodes: what each shows at this moment, and the root that it has for each size.

import { hex } from "./bytes.js";
import { code, h, table } from "./dom.js";
import { age, count, moment } from "./format.js";

const WORDS = {
    agrees: ["same root", "good"], behind: ["behind, consistent", "good"], ahead: ["ahead, consistent", "good"],
    unsigned: ["consistent, without signatures that you ask for", "warn"],
    silent: ["no answer to this page", "warn"], differs: ["DIFFERS", "alarm"],
};

/** What each node shows, compared with what this server shows. */
export function nodesView({ report, now }) {
    const { nodes, head } = report;
    const agreeing = nodes.filter(({ state }) => ["agrees", "behind", "ahead"].includes(state)).length;
    const sizes = [...new Set([head.checkpoint.size, ...nodes.filter(({ root }) => root).map(({ size }) => size)])].sort((a, b) => b - a);
    return [
        h("h1", {}, `Nodes: ${agreeing} of ${nodes.length} agree`),
        h("p", {}, "This page asked every node of the trust policy itself. A node that is behind or ahead was compared through the tiles:"
            + " one tree must continue the other."),
        h("div", { class: "cards" }, table("Answers to this page", [["Node"], ["Address"], ["Result"], ["Leaves", "number"], ["Quorum signed"]],
            nodes.map((node) => [
                node.name, `${node.url}${node.isOwn ? " (this server)" : ""}`, word(node), node.size === undefined ? "" : count(node.size),
                node.time ? h("span", { title: moment(node.time) }, age(now - node.time)) : "",
            ]), "The trust policy names no addresses.")),
        h("h2", {}, "Root by size"),
        h("div", { class: "cards" }, table("Each row a size of the tree; the same root means the same history up to there",
            [["Leaves"], ["This page"], ...nodes.map(({ name }) => [name])],
            sizes.map((size) => [
                count(size), size === head.checkpoint.size ? root(head.checkpoint.root) : "",
                ...nodes.map((node) => (node.size === size && node.root ? [root(node.root), " ", word(node)] : "")),
            ]))),
        report.evidence ? h("p", { class: "alarm" }, "There is evidence of a fork: see the reasons at the top of this page.") : null,
    ];
}

function word({ state }) {
    const [text, kind] = WORDS[state];
    return h("span", { class: kind }, text);
}

function root(bytes) {
    return code(`${hex(bytes).slice(0, 12)}…`);
}
