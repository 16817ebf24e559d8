// The log through its tiles (C2SP tlog-tiles): what is read is checked against the root of a
// verified checkpoint, and only what is asked for is read.

import { Refusal, equal, require } from "./bytes.js";
import { fullRoot, leafHash, nodeHash } from "./merkle.js";

export const WIDTH = 256;
const KEPT_MAX = 400;

/** The path of a tile of a tree of `size` leaves: `level` is a number, or "entries". */
export function tilePath(level, index, size) {
    const width = Math.min(WIDTH, Math.floor(size / WIDTH ** (level === "entries" ? 0 : level)) - index * WIDTH);
    let rest = Math.floor(index / 1000);
    let text = String(index % 1000).padStart(3, "0");
    for (; rest > 0; rest = Math.floor(rest / 1000)) text = `x${String(rest % 1000).padStart(3, "0")}/${text}`;
    return `tile/${level}/${text}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** The full subtrees that cover `[start, end)` from left to right, as [height, index]. */
export function cover(start, end) {
    const found = [];
    let at = start;
    while (at < end) {
        let height = 0;
        while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= end) height += 1;
        found.push([height, at / 2 ** height]);
        at += 2 ** height;
    }
    return found;
}

/** A tree that grows by whole subtrees from left to right. */
class Range {
    constructor() {
        this.peaks = [];
    }

    add(height, hash) {
        let top = { height, hash };
        while (this.peaks.at(-1)?.height === top.height) {
            top = { height: top.height + 1, hash: nodeHash(this.peaks.pop().hash, top.hash) };
        }
        this.peaks.push(top);
    }

    root() {
        return this.peaks.map((peak) => peak.hash).reduceRight((right, left) => nodeHash(left, right));
    }
}

/** The tree of a verified checkpoint, read from one source. */
export class Tree {
    constructor(source, { size, root }) {
        this.source = source;
        this.size = size;
        this.root = root;
        this.kept = new Map();
    }

    async tile(level, index) {
        const path = tilePath(level, index, this.size);
        if (!this.kept.has(path)) {
            if (this.kept.size >= KEPT_MAX) this.kept.delete(this.kept.keys().next().value);
            this.kept.set(path, this.source.get(path));
        }
        return this.kept.get(path);
    }

    /** The hash of a full subtree, from the tile of its level. */
    async hashAt(height, index) {
        const level = Math.floor(height / 8);
        const count = 2 ** (height % 8);
        const first = index * count;
        const bytes = await this.tile(level, Math.floor(first / WIDTH));
        const at = 32 * (first % WIDTH);
        require(bytes.length >= at + 32 * count, "tile-mismatch", "a tile is shorter than the tree asks for");
        return fullRoot(Array.from({ length: count }, (_, place) => bytes.subarray(at + 32 * place, at + 32 * (place + 1))));
    }

    async addRange(range, start, end) {
        for (const [height, index] of cover(start, end)) range.add(height, await this.hashAt(height, index));
    }

    /** The leaves of one bundle, proven to stand where they stand. */
    async bundle(number) {
        const start = number * WIDTH;
        require(start < this.size, "not-included", `the log has no leaf ${start}`);
        const leaves = splitEntries(await this.tile("entries", number), Math.min(WIDTH, this.size - start));
        const range = new Range();
        await this.addRange(range, 0, start);
        for (const leaf of leaves) range.add(0, leafHash(leaf));
        await this.addRange(range, start + leaves.length, this.size);
        require(equal(range.root(), this.root), "tile-mismatch",
            `leaves ${start} to ${start + leaves.length - 1} are not those of the signed tree`);
        return leaves;
    }

    /** One leaf, proven. */
    async leaf(index) {
        const leaves = await this.bundle(Math.floor(index / WIDTH));
        const leaf = leaves[index % WIDTH];
        require(leaf, "not-included", `the log has no leaf ${index}`);
        return leaf;
    }

    /** The root of `[start, end)`, where `end - start` leaves make a subtree of the RFC 9162 tree. */
    async rangeRoot(start, end) {
        const range = new Range();
        // A subtree starts at a multiple of its size, so that heights within it are those of the log.
        await this.addRange(range, start, end);
        return range.root();
    }

    /** What this tree had at an older size, with the RFC 9162 consistency path that shows it. */
    async prefix(size) {
        const path = [];
        let [start, end, isWhole] = [0, this.size, true];
        while (size !== end) {
            let split = 1;
            while (split * 2 < end - start) split *= 2;
            if (size - start <= split) {
                path.unshift(await this.rangeRoot(start + split, end));
                end = start + split;
            } else {
                path.unshift(await this.rangeRoot(start, start + split));
                [start, isWhole] = [start + split, false];
            }
        }
        if (!isWhole) path.unshift(await this.rangeRoot(start, end));
        return { root: await this.rangeRoot(0, size), path };
    }

    /** Refuses an older head that this tree does not continue. */
    async checkExtends(old) {
        if (old.size === 0) return;
        require(old.size <= this.size, "not-consistent", "the older head is larger than this tree");
        const range = new Range();
        await this.addRange(range, 0, old.size);
        const oldRoot = range.root();
        await this.addRange(range, old.size, this.size);
        require(equal(range.root(), this.root), "tile-mismatch", "the tiles are not those of the signed tree");
        require(equal(oldRoot, old.root), old.size === this.size ? "fork" : "not-consistent",
            `the tree of size ${this.size} does not continue the tree of size ${old.size} that was signed before`);
    }
}

/** The entries of a bundle: 16-bit lengths and bytes. */
export function splitEntries(bytes, count) {
    const entries = [];
    let at = 0;
    for (let place = 0; place < count; place += 1) {
        const length = (bytes[at] << 8) | bytes[at + 1];
        if (at + 2 > bytes.length || at + 2 + length > bytes.length) {
            throw new Refusal("tile-mismatch", `entry ${place} of the bundle is cut short`);
        }
        entries.push(bytes.subarray(at + 2, at + 2 + length));
        at += 2 + length;
    }
    require(at === bytes.length, "tile-mismatch", "the bundle holds more than its entries");
    return entries;
}
