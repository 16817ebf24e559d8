// Notes, trust policies, trees, state-map proofs.

import { fromHex, hex, utf8 } from "/explorer/bytes.js";
import { encode } from "/explorer/cbor.js";
import { checkConsistency, checkInclusion, leafHash, nodeHash } from "/explorer/merkle.js";
import { parseCheckpoint, parseKey, parseNote, verifyNote } from "/explorer/note.js";
import { parsePolicy } from "/explorer/policy.js";
import { sha256 } from "/explorer/sha256.js";
import { checkMapProof, decodeMapProof } from "/explorer/statemap.js";
import { Tree, cover, splitEntries, tilePath } from "/explorer/tiles.js";
import { refuses, same, test } from "./harness.js";

const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE = "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    + "RKuwHjG1Yu72IneyaQM=\n";

test("the known answer of the signed-note specification verifies", async () => {
    const signed = await verifyNote(parseNote(EXAMPLE_NOTE), [parseKey(EXAMPLE_KEY)]);
    same(signed.size, 1);
});

test("a note whose known key's signature fails is refused; lines of other keys are ignored", async () => {
    const key = parseKey(EXAMPLE_KEY);
    await refuses("bad-signature", () => verifyNote(parseNote(EXAMPLE_NOTE.replace("example message", "exemplar message")), [key]));
    same((await verifyNote(parseNote(EXAMPLE_NOTE.replace("\u2014 example.com/foo", "\u2014 example.com/bar")), [key])).size, 0);
});

test("a note is refused for control characters, missing parts and signature lines of another form", async () => {
    for (const bad of ["", "x\n", "x\n\n", "x\t\n\n\u2014 a AAAAAAA=\n", "x\n\n- a AAAAAAA=\n", "x\n\n\u2014 a b c\n", "x\n\n\u2014 a+b AAAAAAA=\n", EXAMPLE_NOTE.slice(0, -1)]) {
        await refuses("malformed", () => parseNote(bad));
    }
});

test("a checkpoint has origin, size and root in their one form", async () => {
    const root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    same(parseCheckpoint(`log\n7\n${root}\n`).size, 7);
    for (const bad of [`log\n07\n${root}\n`, `log\n-7\n${root}\n`, `log\n7\nAAAA\n`, `\n7\n${root}\n`, "log\n7\n", `log\n7\n${root}\n\n`]) {
        await refuses("malformed", () => parseCheckpoint(bad));
    }
});

test("a verifier key whose id is not that of its key is refused", async () => {
    await refuses("malformed", () => parseKey(EXAMPLE_KEY.replace("530d903a", "530d903b")));
    await refuses("malformed", () => parseKey(EXAMPLE_KEY.replace("+Ae", "+Ce")));
    await refuses("malformed", () => parseKey("name+530d903a"));
});

const POLICY = [
    `log ${EXAMPLE_KEY} https://a.example`,
    "witness atlas atlas.quota.example+a7a7a051+BPbjm3R6cspxp8M9tMNKH708KPt7GLa37egGmrTJGbwj",
    "witness meti jp-meti.quota.example+45d2ebf9+BAF6EU9aibDk/6FK3mtHEQ/U2E/FymVeGv5lGunWoGZ0",
    "group both all atlas meti", "quorum both",
];

test("a trust policy is read line by line, and its quorum counts", () => {
    const policy = parsePolicy(`${POLICY.join("\n")}\n`);
    const [atlas, meti] = policy.witnesses.map(({ key }) => key);
    same(policy.isMet(new Set([atlas])), false);
    same(policy.isMet(new Set([atlas, meti])), true);
    same(policy.urls, ["https://a.example"]);
});

test("a trust policy is refused for a name that is unknown, used twice, or a group that asks for too much", async () => {
    const change = (place, line) => `${POLICY.map((old, at) => (at === place ? line : old)).join("\n")}\n`;
    const bad = [
        change(3, "group both 3 atlas meti"), change(3, "group both all atlas nobody"), change(3, "group both all atlas atlas"),
        change(4, "quorum nobody"), change(4, ""), change(4, "quorum both\nquorum both"), change(0, "log nonsense"), change(1, POLICY[2].replace("meti", "x")),
        change(3, "group both 0 atlas meti"), change(3, "group atlas any meti"), change(0, "something else"),
    ];
    for (const text of [...bad, POLICY.join("\n"), ""]) await refuses("malformed", () => parsePolicy(text));
});

/** A tree of `size` leaves, the plain way: MTH of RFC 9162. */
function treeRoot(leaves) {
    if (leaves.length === 1) return leaves[0];
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return nodeHash(treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split)));
}

function treePath(index, leaves) {
    if (leaves.length === 1) return [];
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return index < split
        ? [...treePath(index, leaves.slice(0, split)), treeRoot(leaves.slice(split))]
        : [...treePath(index - split, leaves.slice(split)), treeRoot(leaves.slice(0, split))];
}

function consistency(old, leaves, isWhole = true) {
    if (old === leaves.length) return isWhole ? [] : [treeRoot(leaves)];
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return old <= split
        ? [...consistency(old, leaves.slice(0, split), isWhole), treeRoot(leaves.slice(split))]
        : [...consistency(old - split, leaves.slice(split), false), treeRoot(leaves.slice(0, split))];
}

const LEAVES = Array.from({ length: 40 }, (_, index) => leafHash(utf8(`leaf ${index}`)));

test("every inclusion path of every tree up to 40 leaves leads to the root, and no other does", async () => {
    for (let size = 1; size <= LEAVES.length; size += 1) {
        const leaves = LEAVES.slice(0, size);
        const root = treeRoot(leaves);
        for (let index = 0; index < size; index += 1) checkInclusion(index, size, leaves[index], treePath(index, leaves), root);
    }
    const root = treeRoot(LEAVES.slice(0, 7));
    const path = treePath(3, LEAVES.slice(0, 7));
    for (const [index, size, hashes] of [[2, 7, path], [3, 9, path], [7, 7, path], [3, 7, path.slice(1)], [3, 7, [...path, path[0]]], [3, 7, [...path].reverse()]]) {
        await refuses("not-included", () => checkInclusion(index, size, LEAVES[3], hashes, root));
    }
});

test("every consistency path of every two trees up to 24 leaves holds, and a wrong root does not", async () => {
    for (let size = 1; size <= 24; size += 1) {
        const leaves = LEAVES.slice(0, size);
        for (let old = 1; old <= size; old += 1) {
            checkConsistency(old, treeRoot(leaves.slice(0, old)), size, treeRoot(leaves), consistency(old, leaves));
        }
    }
    const [leaves, path] = [LEAVES.slice(0, 11), consistency(6, LEAVES.slice(0, 11))];
    const [old, root] = [treeRoot(leaves.slice(0, 6)), treeRoot(leaves)];
    for (const [first, second, hashes] of [[root, root, path], [old, old, path], [old, root, path.slice(1)], [old, root, [...path, old]], [old, root, []]]) {
        await refuses("not-consistent", () => checkConsistency(6, first, 11, second, hashes));
    }
    await refuses("fork", () => checkConsistency(6, old, 6, root, []));
});

test("tiles have the paths of tlog-tiles", () => {
    same(tilePath(0, 1234067, 400000000), "tile/0/x001/x234/067");
    same(tilePath("entries", 0, 5), "tile/entries/000.p/5");
    same([tilePath(0, 273, 70000), tilePath(1, 1, 70000), tilePath(2, 0, 70000)], ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    same(cover(6, 11), [[1, 3], [1, 4], [0, 10]]);
});

/** A source that serves tiles of a made-up log, and can be told to lie about one byte. */
class MadeUp {
    constructor(count) {
        this.entries = Array.from({ length: count }, (_, index) => utf8(`leaf ${index}`));
        this.asked = [];
        this.lie = null;
        this.rows = [this.entries.map(leafHash)];
        for (let row = this.rows[0]; row.length >= 256;) {
            const above = [];
            for (let at = 0; at + 256 <= row.length; at += 256) above.push(treeRoot(row.slice(at, at + 256)));
            this.rows.push(above);
            row = above;
        }
    }

    head(size) {
        return { size, root: treeRoot(this.rows[0].slice(0, size)) };
    }

    async get(path) {
        this.asked.push(path);
        const [, level, place, width] = /^tile\/(\w+)\/([x0-9/]+)(?:\.p\/(\d+))?$/.exec(path);
        const first = Number(place.replaceAll(/[x/]/g, "")) * 256;
        const count = Number(width ?? 256);
        const list = level === "entries"
            ? this.entries.slice(first, first + count).flatMap((entry) => [0, entry.length, ...entry])
            : this.rows[level].slice(first, first + count).flatMap((hash) => [...hash]);
        const bytes = Uint8Array.from(list);
        if (this.lie?.path === path) bytes[this.lie.at] ^= 1;
        return bytes;
    }
}

test("leaves are read through tiles and proven; a log of 70,000 leaves costs a handful of requests", async () => {
    const source = new MadeUp(70000);
    const tree = new Tree(source, source.head(70000));
    for (const index of [0, 255, 256, 65535, 65536, 69999]) same(await tree.leaf(index), source.entries[index], index);
    same(source.asked.length <= 14, true, `${source.asked.length} requests:`);
});

test("a tile or a bundle that differs in one bit is refused", async () => {
    for (const [path, at] of [["tile/entries/001", 700], ["tile/0/002.p/88", 31], ["tile/1/000.p/2", 5], ["tile/entries/001", 0]]) {
        const source = new MadeUp(600);
        source.lie = { path, at };
        await refuses("tile-mismatch", () => new Tree(source, source.head(600)).bundle(1));
    }
});

test("a tree continues its own older heads and no others", async () => {
    const source = new MadeUp(600);
    const tree = new Tree(source, source.head(600));
    for (const size of [0, 1, 255, 256, 257, 599, 600]) await tree.checkExtends({ ...(size ? source.head(size) : { size }) });
    await refuses("not-consistent", () => tree.checkExtends({ size: 300, root: source.head(301).root }));
    await refuses("fork", () => tree.checkExtends({ size: 600, root: source.head(599).root }));
    await refuses("not-consistent", () => tree.checkExtends({ size: 601, root: tree.root }));
});

test("the prefix of a tree comes with a consistency path that holds", async () => {
    for (const size of [1, 2, 3, 255, 256, 257, 300, 600, 777]) {
        const source = new MadeUp(size);
        const tree = new Tree(source, source.head(size));
        for (const old of [1, 2, 3, 128, 200, 256, 511, 512, 599].filter((one) => one <= size)) {
            const { root, path } = await tree.prefix(old);
            same(root, source.head(old).root);
            checkConsistency(old, root, size, tree.root, path);
        }
    }
});

test("entries of a bundle must fill it exactly", async () => {
    same(splitEntries(Uint8Array.of(0, 1, 7, 0, 0), 2).length, 2);
    for (const bad of [[0], [0, 2, 7], [0, 1, 7, 9]]) await refuses("tile-mismatch", () => splitEntries(Uint8Array.from(bad), 1));
});

// The smallest maps, by the definition itself.
function mapLeaf(key, value) {
    return sha256(utf8("JMT::LeafNode"), sha256(key), sha256(value));
}

test("one entry alone is the root, and another key is proven absent by it", async () => {
    const [key, value, other] = ["hello", "world", "moon"].map(utf8);
    const root = mapLeaf(key, value);
    same(hex(root).length, 64);
    const proof = (parts) => decodeMapProof(encode(parts));
    checkMapProof(proof([1, key, value, null, 0, new Uint8Array(), []]), root);
    checkMapProof(proof([1, other, null, [sha256(key), sha256(value)], 0, new Uint8Array(), []]), root);
    await refuses("map-mismatch", () => checkMapProof(proof([1, key, null, [sha256(key), sha256(value)], 0, new Uint8Array(), []]), root));
    await refuses("map-mismatch", () => checkMapProof(proof([1, key, null, null, 0, new Uint8Array(), []]), root));
    await refuses("map-mismatch", () => checkMapProof(proof([1, key, utf8("World"), null, 0, new Uint8Array(), []]), root));
});

test("a map proof of another form is refused", async () => {
    const [key, hash] = [utf8("hello"), fromHex("11".repeat(32))];
    const bad = [
        [2, key, null, null, 0, new Uint8Array(), []], [1, "hello", null, null, 0, new Uint8Array(), []], [1, key, null, null, 1, new Uint8Array(), [hash]],
        [1, key, null, null, 1, Uint8Array.of(0x40), [hash]], [1, key, null, null, 1, Uint8Array.of(0), []], [1, key, null, null, 1, Uint8Array.of(0), [hash, hash]],
        [1, key, null, null, 1, Uint8Array.of(0), [utf8("SPARSE_MERKLE_PLACEHOLDER_HASH__")]], [1, key, null, [hash], 0, new Uint8Array(), []],
        [1, key, null, null, 257, new Uint8Array(33), []], [1, key, null, null, 0, new Uint8Array()],
    ];
    for (const parts of bad) await refuses("malformed", () => decodeMapProof(encode(parts)));
});
