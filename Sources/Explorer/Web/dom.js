// Elements, without a template language: text is always text.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "rect", "line", "path", "text", "title", "defs", "pattern", "circle", "polyline"]);

/** An element with attributes and children; texts become text nodes, nothing is parsed as HTML. */
export function h(tag, attributes = {}, ...children) {
    const isSVG = SVG_TAGS.has(tag) && !(tag === "title" && attributes.html);
    const element = isSVG ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
}

/** Puts children in place of what an element holds. */
export function fill(element, ...children) {
    element.replaceChildren();
    append(element, children);
    return element;
}

/** A table with a caption; `columns` are [heading, class], rows arrays of cells. */
export function table(caption, columns, rows, empty = "Nothing to show.") {
    const head = h("tr", {}, columns.map(([title, kind]) => h("th", { scope: "col", class: kind }, title)));
    const body = rows.map((cells) => h("tr", {}, cells.map((cell, place) => h(
        place === 0 ? "th" : "td",
        { scope: place === 0 ? "row" : null, class: columns[place][1], "data-label": columns[place][0] },
        cell,
    ))));
    if (rows.length === 0) body.push(h("tr", {}, h("td", { colspan: columns.length, class: "empty" }, empty)));
    return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, h("table", {},
        h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body)));
}

/** A definition list of [term, value] pairs; pairs without a value are left out. */
export function facts(...pairs) {
    const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
    return h("dl", { class: "facts" }, known.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))));
}

/** A link inside the page. */
export function link(route, ...children) {
    return h("a", { href: `#/${route}` }, ...children);
}

/** A link that saves bytes or text as a file. */
export function download(name, content, label) {
    const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
    return h("a", { href: address, download: name }, label);
}

/** A block of hexadecimal digits or other bytes that wraps. */
export function code(text) {
    return h("code", {}, text);
}
