// Text as a QR code of error correction level M, byte mode (ISO/IEC 18004:2015): the drawing of a
// certificate is made again and compared. Rows from top to bottom; true is dark.

import { utf8 } from "./bytes.js";

// Error correction codewords of each block, and blocks, by version (table 9, level M).
const CORRECTION = [
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
const BLOCKS = [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];

/** The rows of a text's code, or null if it does not fit any. */
export function qrCode(text) {
    const bytes = utf8(text);
    for (let version = 1; version <= 40; version += 1) {
        const layout = new Layout(version);
        if (layout.capacity >= bytes.length) return new Drawing(version, layout.codewords(bytes)).modules;
    }
    return null;
}

// --- Codewords (sections 7.4 to 7.6) ---

class Layout {
    constructor(version) {
        const patterns = Math.floor(version / 7) + 2;
        const modules = (16 * version + 128) * version + 64
            - (version >= 2 ? (25 * patterns - 10) * patterns - 55 : 0) - (version >= 7 ? 36 : 0);
        this.total = Math.floor(modules / 8);
        this.blocks = BLOCKS[version - 1];
        this.correction = CORRECTION[version - 1];
        this.lengthBits = version < 10 ? 8 : 16;
        this.data = this.total - this.blocks * this.correction;
        this.capacity = Math.floor((this.data * 8 - 4 - this.lengthBits) / 8);
    }

    /** Data and error correction, interleaved as they are drawn. */
    codewords(bytes) {
        const data = this.padded(bytes);
        const short = Math.floor(this.total / this.blocks) - this.correction;
        const shortCount = this.blocks - (this.total % this.blocks);
        const divisor = divisorOf(this.correction);
        const blocks = [];
        let at = 0;
        for (let block = 0; block < this.blocks; block += 1) {
            const part = data.slice(at, at + short + (block < shortCount ? 0 : 1));
            at += part.length;
            blocks.push({ part, rest: remainder(part, divisor) });
        }
        const drawn = [];
        for (let place = 0; place <= short; place += 1) {
            for (const { part } of blocks) if (place < part.length) drawn.push(part[place]);
        }
        for (let place = 0; place < this.correction; place += 1) drawn.push(...blocks.map(({ rest }) => rest[place]));
        return drawn;
    }

    padded(bytes) {
        const bits = [];
        const append = (value, count) => {
            for (let place = count - 1; place >= 0; place -= 1) bits.push((value >> place) & 1);
        };
        append(4, 4);
        append(bytes.length, this.lengthBits);
        for (const byte of bytes) append(byte, 8);
        append(0, Math.min(4, this.data * 8 - bits.length));
        append(0, (8 - (bits.length % 8)) % 8);
        const data = [];
        for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
        for (let filler = 0xec; data.length < this.data; filler ^= 0xec ^ 0x11) data.push(filler);
        return data;
    }
}

// The field of 256 elements modulo x^8 + x^4 + x^3 + x^2 + 1.
function multiply(left, right) {
    let product = 0;
    for (let place = 7; place >= 0; place -= 1) {
        product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((right >> place) & 1) * left);
    }
    return product;
}

function divisorOf(degree) {
    const result = [...new Array(degree - 1).fill(0), 1];
    for (let step = 0, root = 1; step < degree; step += 1, root = multiply(root, 2)) {
        for (let place = 0; place < degree; place += 1) {
            result[place] = multiply(result[place], root) ^ (result[place + 1] ?? 0);
        }
    }
    return result;
}

function remainder(data, divisor) {
    const result = new Array(divisor.length).fill(0);
    for (const byte of data) {
        const factor = byte ^ result.shift();
        result.push(0);
        divisor.forEach((part, place) => { result[place] ^= multiply(part, factor); });
    }
    return result;
}

// --- Drawing (sections 6.3, 7.7 to 7.10) ---

const MASKS = [
    (row, column) => (row + column) % 2, (row) => row % 2, (_, column) => column % 3, (row, column) => (row + column) % 3,
    (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2,
    (row, column) => ((row * column) % 2) + ((row * column) % 3),
    (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2,
    (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2,
];

class Drawing {
    constructor(version, codewords) {
        this.version = version;
        this.side = 17 + 4 * version;
        this.modules = Array.from({ length: this.side }, () => new Array(this.side).fill(false));
        this.isFunction = this.modules.map((row) => row.slice());
        this.drawPatterns();
        this.drawData(codewords);
        this.mask();
    }

    set(row, column, isDark) {
        this.modules[row][column] = Boolean(isDark);
        this.isFunction[row][column] = true;
    }

    drawPatterns() {
        const { side } = this;
        for (let place = 0; place < side; place += 1) {
            this.set(6, place, place % 2 === 0);
            this.set(place, 6, place % 2 === 0);
        }
        for (const [row, column] of [[3, 3], [3, side - 4], [side - 4, 3]]) this.drawSquare(row, column, 4, [2, 4]);
        const places = this.alignment();
        for (const row of places) {
            for (const column of places) {
                const isCorner = [row, column].every((place) => place === 6 || place === side - 7) && !(row === side - 7 && column === side - 7);
                if (!isCorner) this.drawSquare(row, column, 2, [1]);
            }
        }
        this.drawFormat(0);
        this.drawVersion();
    }

    /** A square around its middle, light at the given distances. */
    drawSquare(row, column, reach, light) {
        for (let down = -reach; down <= reach; down += 1) {
            for (let right = -reach; right <= reach; right += 1) {
                const [y, x] = [row + down, column + right];
                if (this.modules[y]?.[x] === undefined) continue;
                this.set(y, x, !light.includes(Math.max(Math.abs(down), Math.abs(right))));
            }
        }
    }

    alignment() {
        if (this.version === 1) return [];
        const count = Math.floor(this.version / 7) + 2;
        const pairs = 2 * (count - 1);
        const step = this.version === 32 ? 26 : Math.floor((this.side - 13 + pairs - 1) / pairs) * 2;
        const far = Array.from({ length: count - 1 }, (_, place) => this.side - 7 - (count - 2 - place) * step);
        return [6, ...far];
    }

    drawFormat(mask) {
        let rest = mask;
        for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        const bits = ((mask << 10) | rest) ^ 0x5412;
        const bit = (place) => (bits >> place) & 1;
        for (let place = 0; place <= 5; place += 1) this.set(place, 8, bit(place));
        this.set(7, 8, bit(6));
        this.set(8, 8, bit(7));
        this.set(8, 7, bit(8));
        for (let place = 9; place < 15; place += 1) this.set(8, 14 - place, bit(place));
        for (let place = 0; place < 8; place += 1) this.set(8, this.side - 1 - place, bit(place));
        for (let place = 8; place < 15; place += 1) this.set(this.side - 15 + place, 8, bit(place));
        this.set(this.side - 8, 8, true);
    }

    drawVersion() {
        if (this.version < 7) return;
        let rest = this.version;
        for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
        const bits = (this.version << 12) | rest;
        for (let place = 0; place < 18; place += 1) {
            const [far, near] = [this.side - 11 + (place % 3), Math.floor(place / 3)];
            this.set(near, far, (bits >> place) & 1);
            this.set(far, near, (bits >> place) & 1);
        }
    }

    /** Bits in pairs of columns from the right, up and down in turn, around the patterns. */
    drawData(bytes) {
        let place = 0;
        for (let right = this.side - 1; right >= 1; right -= 2) {
            if (right === 6) right = 5;
            const isUpward = ((right + 1) & 2) === 0;
            for (let step = 0; step < this.side; step += 1) {
                const row = isUpward ? this.side - 1 - step : step;
                for (const column of [right, right - 1]) {
                    if (this.isFunction[row][column] || place >= bytes.length * 8) continue;
                    this.modules[row][column] = ((bytes[place >> 3] >> (7 - (place & 7))) & 1) === 1;
                    place += 1;
                }
            }
        }
    }

    /** Chooses the first of the masks whose result is the easiest to read. */
    mask() {
        const plain = this.modules.map((row) => row.slice());
        let best = null;
        for (const [number, flips] of MASKS.entries()) {
            this.modules = plain.map((line, row) => line.map((isDark, column) => (
                !this.isFunction[row][column] && flips(row, column) === 0 ? !isDark : isDark)));
            this.drawFormat(number);
            const penalty = penaltyOf(this.modules);
            if (best === null || penalty < best.penalty) best = { penalty, modules: this.modules };
        }
        this.modules = best.modules;
    }
}

/** Long runs, blocks, an uneven balance (section 7.8.3, rules 1, 2 and 4). */
function penaltyOf(modules) {
    const side = modules.length;
    let penalty = 0;
    const columns = modules.map((_, column) => modules.map((row) => row[column]));
    for (const line of [...modules, ...columns]) {
        for (let place = 1, length = 1; place < side; place += 1) {
            length = line[place] === line[place - 1] ? length + 1 : 1;
            penalty += length === 5 ? 3 : length > 5 ? 1 : 0;
        }
    }
    for (let row = 1; row < side; row += 1) {
        for (let column = 1; column < side; column += 1) {
            const here = modules[row][column];
            if (modules[row - 1][column] === here && modules[row][column - 1] === here && modules[row - 1][column - 1] === here) penalty += 3;
        }
    }
    const dark = modules.flat().filter(Boolean).length;
    return penalty + Math.floor(Math.abs(dark * 20 - side * side * 10) / (side * side)) * 10;
}
