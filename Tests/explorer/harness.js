// A few lines in place of a test framework. Results are lines of "pass" or "FAIL" in `window.results`.

const tests = [];

/** Adds a test, named as a sentence. */
export function test(name, body) {
    tests.push([name, body]);
}

/** Fails unless both are the same; byte strings, arrays and plain objects are compared by value. */
export function same(actual, expected, what = "") {
    const [left, right] = [show(actual), show(expected)];
    if (left !== right) throw new Error(`${what} expected ${right}, got ${left}`);
}

/** Fails unless `work` throws a refusal with this code. */
export async function refuses(code, work) {
    let error = null;
    try {
        await work();
    } catch (thrown) {
        error = thrown;
    }
    if (error === null) throw new Error(`expected a refusal (${code}), but it was accepted`);
    if (error.code !== code) throw new Error(`expected a refusal (${code}), got ${error.code}: ${error.message}`);
}

function show(value) {
    if (value instanceof Uint8Array) return `h'${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
    if (value instanceof Map) return `{${[...value].map(([key, item]) => `${show(key)}: ${show(item)}`).join(", ")}}`;
    if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
    if (typeof value === "bigint") return `${value}n`;
    return JSON.stringify(value);
}

/** Runs every test in order. */
export async function run() {
    const results = [];
    for (const [name, body] of tests) {
        try {
            await body();
            results.push(`  pass  ${name}`);
        } catch (error) {
            results.push(`  FAIL  ${name}: ${error.message}`);
        }
    }
    window.results = results;
}

/** A file of the repository, served beside the tests. */
export async function file(path) {
    const response = await fetch(`/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
}
