// Numbers, times and places as people read them.

/** A whole number with its thousands apart. */
export function count(value) {
    return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** An amount with its unit; performance is counted in tenths of one TPP. */
export function amount(value, unit) {
    return `${bare(value, unit)} ${unitName(unit)}`;
}

/** An amount without its unit. */
export function bare(value, unit) {
    if (unit !== "tpp") return (value < 0 ? "-" : "") + count(Math.abs(value));
    const tenths = Math.abs(value);
    const whole = Math.floor(tenths / 10);
    return `${value < 0 ? "-" : ""}${count(whole)}${tenths % 10 === 0 ? "" : `.${tenths % 10}`}`;
}

/** The name of a unit for people. */
export function unitName(unit) {
    return unit === "tpp" ? "TPP" : unit;
}

/** A short form for narrow columns, such as 790 M; the exact number stands beside it. */
export function short(value, unit) {
    const number = unit === "tpp" ? value / 10 : value;
    for (const [size, letter] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
        if (Math.abs(number) >= size) return `${trim(number / size)} ${letter}`;
    }
    return trim(number);
}

function trim(number) {
    return number.toFixed(Math.abs(number) < 10 ? 2 : 1).replace(/\.?0+$/, "");
}

/** A share in hundredths of a percent, rounded down: 83.21 %. */
export function percent(part, whole) {
    if (!(whole > 0)) return "-";
    const points = (BigInt(part) * 10000n) / BigInt(whole);
    return `${points / 100n}.${String(points % 100n).padStart(2, "0")} %`;
}

/** A moment in UTC. */
export function moment(seconds) {
    if (seconds === null || seconds === undefined) return "an unknown time";
    return `${iso(seconds).slice(0, 16).replace("T", " ")} UTC`;
}

/** The same moment where the reader is. */
export function localMoment(seconds) {
    return new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** The day of a moment in UTC. */
export function day(seconds) {
    return iso(seconds).slice(0, 10);
}

/** RFC 3339 in UTC. */
export function iso(seconds) {
    return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** How long ago, in words. */
export function age(seconds) {
    if (seconds < 0) return "in the future";
    if (seconds < 120) return `${Math.floor(seconds)} s ago`;
    if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ago`;
    return `${Math.floor(seconds / 86400)} days ago`;
}

let names;

/** A country's name in English with its code; the code alone where the browser does not know it. */
export function country(code) {
    names ??= new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
    try {
        return names.of(code) ?? code;
    } catch {
        return code;
    }
}

/** Whether a policy is law, in the words in which it must always be shown. */
export function policyStatus(policy) {
    const adoption = policy.get("adoption");
    const status = policy.get("status").replaceAll("_", " ");
    return adoption ? `${status}, adopted by the members' own act: ${adoption.get("reason")}` : status;
}
