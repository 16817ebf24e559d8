// What a limit of a policy means, in the words of the ledger's reports.

/** When it counts, what gives room back, and whether that makes it a stock. */
export function limitBasis(policy, limit) {
    const chosen = (name) => (policy.get("parameters") ?? []).find((one) => one.get("id") === name)?.get("value");
    const events = (limit.get("release")?.get("on") ?? []).map((one) => eventName(one, chosen)).filter(Boolean);
    return {
        counted: choiceText(limit.get("countBasis"), chosen), back: events.join(", ").replaceAll("_", " ") || "nothing",
        isStock: events.includes("attrition") || events.includes("reexport") || limit.get("window")?.get("kind") === "reporting_dates",
    };
}

// What the policy says itself, or leaves to a parameter: then with the parameter's name.
function choiceText(choice, chosen) {
    return choice instanceof Map ? `${chosen(choice.get("parameter"))} (${choice.get("parameter")})` : choice ?? "";
}

// An event that gives back only if a parameter says so is left out where it does not.
function eventName(one, chosen) {
    if (!(one instanceof Map)) return one;
    const { id, is } = Object.fromEntries(one.get("parameter") ?? []);
    return id === undefined || chosen(id) === is ? one.get("event") : null;
}
