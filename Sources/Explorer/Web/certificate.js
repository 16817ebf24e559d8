// Certificates: a page for print that is a function of its attachment and of the time at which it was made.
// It is made again from them, and every byte compared.

import { Refusal, decimal, fromBase64, fromUTF8, hex, require } from "./bytes.js";
import { Tagged, isDigest } from "./cbor.js";
import { checkOpenings, isDisclosure, readDisclosure, saltedDigests } from "./disclosure.js";
import { inclusionRoot } from "./merkle.js";
import { qrCode } from "./qr.js";
import { sha256 } from "./sha256.js";
import { Receipt, readTransparent, verifyTransparent } from "./statement.js";

const START = "<!DOCTYPE html>\n<!-- quota-ledger/certificate@v1 -->\n";
const TIME = '<time id="made" data-seconds="';
const PROOF = '<a id="proof" download="proof" href="data:application/octet-stream;base64,';
const STYLE = "body{font:11pt/1.45 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111;"
    + "background:#fff}h1{font-size:1.7em;margin:0}h2{font-size:1.1em;margin:1.4em 0 .4em}"
    + ".lead{font-size:1.15em}table{border-collapse:collapse;width:100%}th,td{text-align:left;"
    + "vertical-align:top;padding:.2em .8em .2em 0;border-bottom:1px solid #ccc;overflow-wrap:anywhere;"
    + "white-space:pre-wrap}th{font-weight:600;width:12em}code{overflow-wrap:anywhere}"
    + ".proof{display:flex;gap:1.5em;flex-wrap:wrap}.proof>div:first-child{flex:0 0 6.5cm}"
    + ".proof>div:last-child{flex:1 1 18em}svg{width:6.5cm;height:6.5cm}a{color:#0b4fa8}"
    + "@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}";

/** Whether a text is a certificate of this form. */
export function isCertificate(text) {
    return text.startsWith(START);
}

/** Checks the attached proof, then that the page says nothing else than what follows from it. */
export async function verifyCertificate(bytes, policy) {
    const text = fromUTF8(bytes);
    require(text !== null && isCertificate(text), "malformed", "the file is no certificate of this form");
    const madeAt = decimal(after(text, TIME) ?? "");
    const base64 = after(text, PROOF);
    const attachment = base64 === null ? null : fromBase64(base64);
    require(madeAt !== null && attachment !== null, "malformed", "the certificate lacks its time or its attachment");
    const { transparent, openings } = isDisclosure(attachment) ? readDisclosure(attachment) : { transparent: attachment, openings: [] };
    const proof = await verifyTransparent(transparent, policy);
    checkOpenings(proof.statement, openings);
    if (certificatePage(transparent, openings, attachment, base64, madeAt) !== text) {
        throw new Refusal("claims-differ", "the page says something else than what follows from its proof");
    }
    return { ...proof, openings, madeAt };
}

/** What stands between a mark and the next quotation mark. */
function after(text, mark) {
    const start = text.indexOf(mark);
    const end = start < 0 ? -1 : text.indexOf('"', start + mark.length);
    return end < 0 ? null : text.slice(start + mark.length, end);
}

function escape(text) {
    return text.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]);
}

function table(rows) {
    const lines = rows.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>\n`);
    return `<table>${lines.join("")}</table>`;
}

function time(seconds) {
    if (seconds >= 253402300800) return `${seconds} s after 1970`;
    return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Every value of a body that is no digest, by its path. */
function factsOf(value, path = "") {
    if (typeof value === "boolean") return [[path, value ? "yes" : "no"]];
    if (value === null) return [[path, "nothing"]];
    if (typeof value === "string") return [[path, value]];
    if (typeof value === "number" || typeof value === "bigint") return [[path, value < 0 ? `-1-${-1n - BigInt(value)}` : String(value)]];
    if (value instanceof Uint8Array) return isDigest(value) ? [] : [[path, hex(value)]];
    if (value instanceof Tagged) return factsOf(value.value, path);
    if (Array.isArray(value)) return value.flatMap((item, place) => factsOf(item, `${path}[${place}]`));
    return [...value].flatMap(([key, item]) => {
        const name = typeof key === "string" ? key : "?";
        return factsOf(item, path === "" ? name : `${path}.${name}`);
    });
}

function factRows(statement, openings) {
    return [
        ["kind", statement.kind], ["issuer", statement.issuer], ["subject", statement.subject], ["made", time(statement.issuedAt)],
        ...factsOf(statement.body),
        ...openings.map(({ field, value }) => [`${field} (opened)`, value]),
        ...saltedDigests(statement).filter(([name]) => !openings.some(({ field }) => field === name))
            .map(([name, digest]) => [`${name} (closed)`, `salted digest ${hex(digest)}`]),
    ];
}

function rootOf(receipt, statement) {
    try {
        return hex(inclusionRoot(receipt.index, receipt.size, statement.leafHash, receipt.path));
    } catch {
        return "none";
    }
}

function drawing(rows) {
    const modules = qrCode(["quota-ledger/certificate@v1", ...rows.map(([name, value]) => `${name} ${value}`)].map((line) => `${line}\n`).join(""));
    if (modules === null) return "";
    const side = modules.length + 8;
    let path = "";
    modules.forEach((line, row) => line.forEach((isDark, column) => {
        if (isDark) path += `M${column + 4} ${row + 4}h1v1h-1z`;
    }));
    return `<svg role="img" aria-label="QR code with the hashes beside it" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">`
        + `<rect width="${side}" height="${side}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}

/** The page, from what is attached to it. */
function certificatePage(transparent, openings, attachment, base64, madeAt) {
    const file = readTransparent(transparent);
    const { statement } = file;
    const receipts = file.receipts.map((bytes) => new Receipt(bytes));
    require(receipts.length > 0, "malformed", "a certificate needs receipts");
    const title = escape(`${statement.kind[0].toUpperCase()}${statement.kind.slice(1)} ${statement.subject} by ${statement.issuer}`);
    const signers = receipts.map((receipt) => [receipt.issuer,
        `leaf ${receipt.index} of ${receipt.size}, ${time(receipt.issuedAt)}, key ${hex(receipt.kid)}`]);
    const marks = [
        ["origin", statement.audience], ["entry", hex(statement.leafHash)], ["leaf", String(receipts[0].index)],
        ["size", String(receipts[0].size)], ["root", rootOf(receipts[0], statement)], ["proof", hex(sha256(attachment))],
    ];
    return `${START}<html lang="en"><head><meta charset="utf-8"><title>Certificate: ${title}</title><style>${STYLE}</style></head><body>
<h1>Certificate of entry</h1>
<p class="lead">${title} is an entry of the ledger <b>${escape(statement.audience)}</b>.</p>
<p>Made ${TIME}${madeAt}">${time(madeAt)}</time> by whoever hands it over. Nothing on this page is to be believed before it is checked; how is said below.</p>
<h2>What the entry says</h2>
${table(factRows(statement, openings))}
<h2>Who says that it is in the ledger</h2>
${table(signers)}
<h2>Proof</h2>
<div class="proof"><div>${drawing(marks)}</div><div>${table(marks)}
<p>${PROOF}${base64}">The proof as a file</a> (${attachment.length} bytes) is attached to this page.</p></div></div>
<h2>How to check it</h2>
<ol><li>Get the ledger's trust policy from somebody you trust, not from whoever gave you this page.</li>
<li>With the file: <code>quota-verify certificate FILE.html --policy trust-policy</code> checks the proof and that every word on this page follows from it. The attached file alone is checked by <code>quota-verify ${openings.length === 0 ? "receipt" : "disclosure"}</code>, and by any tool for SCITT receipts.</li>
<li>With paper only: the code holds the hash of the entry and of the tree. Ask any node for <code>/entries/</code> and that hash, and check the answer in the same way.</li></ol>
<h2>What it does not prove</h2>
<ul><li>That what the entry says is true, or that everything that happened was reported.</li>
<li>That the entry still counts: a later one may cancel or change it.</li>
<li>That its issuer signed it, except by the word of those named above.</li></ul>
</body></html>
`;
}
