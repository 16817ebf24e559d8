// Whom the reader trusts. The root of everything is the hash of the genesis statement; it comes from
// the server at the first visit, is remembered, and is the reader's own once he has given it.

import { base64, equal, fromBase64, fromHex, hex, require } from "./bytes.js";
import { readGenesis, validatorKeys } from "./genesis.js";
import { follow, readHandOffs, walk } from "./handoffs.js";
import { parseCheckpoint, parseNote } from "./note.js";
import { parsePolicy } from "./policy.js";
import { Unreachable } from "./source.js";
import { splitEntries, tilePath } from "./tiles.js";

const STORE = "quota-explorer";
// What was seen of a ledger: the newest checkpoint, this visit and the one before it.
const UNSEEN = { head: null, seen: null, before: null };
const DEFAULT = { pin: null, maxAge: 3600, genesis: null, steps: null, since: null, ...UNSEEN };
// Looks within half an hour are one visit.
const VISIT_SECONDS = 1800;

/** What this browser remembers for this page. */
export class Memory {
    constructor(storage = null) {
        this.storage = storage;
        this.values = { ...DEFAULT };
        try {
            Object.assign(this.values, JSON.parse(storage?.getItem(STORE) ?? "{}"));
        } catch {
            this.values = { ...DEFAULT };
        }
    }

    set(changes) {
        Object.assign(this.values, changes);
        try {
            this.storage?.setItem(STORE, JSON.stringify(this.values));
        } catch {
            // A browser that keeps nothing asks again at the next visit.
        }
    }

    /** Trusts the ledger whose genesis has this hash, in 64 hexadecimal digits. */
    pinGenesis(text) {
        const digest = fromHex(text.trim().toLowerCase());
        require(digest?.length === 32, "malformed", "a genesis hash has 64 hexadecimal digits");
        this.set({ pin: { genesis: hex(digest) }, ...UNSEEN });
    }

    /** Trusts the ledger of a checked genesis, and keeps it with the steps to later validators for use without a node. */
    pinLedger({ chain, statement }, handOffs = null) {
        this.set({ pin: { genesis: hex(chain) }, genesis: base64(statement.bytes), steps: handOffs && base64(handOffs), ...UNSEEN });
    }

    /** Trusts what a C2SP trust policy names. */
    pinPolicy(text) {
        parsePolicy(text);
        this.set({ pin: { policy: text }, ...UNSEEN });
    }

    unpin() {
        this.set({ pin: null, genesis: null, steps: null, since: null, ...UNSEEN });
    }

    /** What this browser saw at the visit before this one: `{ looked, size, totals }`, or null. */
    lastVisit(now) {
        const { seen, before } = this.values;
        return seen && now - seen.looked > VISIT_SECONDS ? seen : before;
    }

    /** Remembers what is seen now: the size of the tree, and totals by key in hexadecimal digits. */
    look(now, size, totals) {
        this.set({ before: this.lastVisit(now), seen: { looked: now, size, totals } });
    }
}

/** What a source serves of the way from the founders to the present validators; nothing of it is checked yet. */
async function served(source) {
    try {
        const file = await source.get("v1/handoffs");
        return { ...readHandOffs(file), file };
    } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
    }
    // A copy of before there were epochs: the genesis statement is leaf 0.
    const { size } = parseCheckpoint(parseNote(await source.get("checkpoint")).text);
    const bundle = await source.get(tilePath("entries", 0, size));
    return { genesis: splitEntries(bundle, Math.min(256, size))[0].slice(), steps: [] };
}

/** The addresses that the server tells for the keys of newer validators; an address is only asked, never believed. */
async function servedAddresses(source, steps) {
    if (steps.length === 0) return [];
    try {
        return parsePolicy(await source.get("v1/trust-policy")).witnesses;
    } catch {
        return [];
    }
}

/** The trust that the reader has without asking anybody, or null: what he gave, or what is remembered. */
export async function rememberedTrust(memory) {
    const { pin, genesis, steps, since } = memory.values;
    const known = steps ? readHandOffs(fromBase64(steps)).steps : [];
    // Steps of another ledger lead nowhere from this policy, and those that do not hold are not followed.
    if (pin?.policy) return trustBy(pin.policy, known, [], null).catch(() => trustBy(pin.policy, [], [], null));
    const bytes = genesis ? fromBase64(genesis) : null;
    const founded = bytes && await readGenesis(bytes);
    const isMeant = founded && (!pin?.genesis || hex(founded.chain) === pin.genesis);
    return isMeant ? trustIn(founded, known, [], pin, since) : null;
}

/** The trust with which what a source shows is judged. */
export async function resolveTrust(source, memory, now) {
    const { pin, genesis: known } = memory.values;
    if (pin?.policy) {
        const found = await served(source).catch(() => null);
        const genesis = found && await readGenesis(found.genesis).catch(() => null);
        const steps = found?.steps ?? [];
        const trust = await trustBy(pin.policy, steps, await servedAddresses(source, steps), genesis);
        if (trust.epochs.length > 1) memory.set({ steps: base64(found.file) });
        return trust;
    }
    const found = await served(source);
    const genesis = await readGenesis(found.genesis);
    const text = base64(found.genesis);
    if (pin?.genesis) {
        require(hex(genesis.chain) === pin.genesis, "other-ledger",
            `the server's ledger has the genesis ${hex(genesis.chain)}, and you trust ${pin.genesis}`);
    } else if (known) {
        require(known === text, "other-ledger", "the server shows another ledger than the one this browser saw here before");
    }
    const addresses = await servedAddresses(source, found.steps);
    const trust = await trustIn(genesis, found.steps, addresses, pin, memory.values.since ?? now);
    if (!known || pin?.genesis) memory.set({ genesis: text, since: trust.since });
    if (found.steps.length > 0) memory.set({ steps: base64(found.file) });
    return trust;
}

/** The trust in a policy that the reader gave, followed to later validators as far as the steps lead from it. */
async function trustBy(text, steps, addresses, genesis) {
    const given = parsePolicy(text);
    const urlOf = (cosigner) => [...addresses, ...given.witnesses].find(({ key }) => equal(key.publicKey, cosigner))?.url;
    const epochs = await follow(given, steps, urlOf);
    return { policy: epochs.at(-1).policy, epochs, members: genesis?.members ?? null, level: "policy", genesis };
}

async function trustIn(genesis, steps, addresses, pin, since) {
    const level = pin?.genesis ? "genesis" : "remembered";
    const founders = validatorKeys(genesis.members);
    const urlOf = (cosigner) => addresses.find(({ key }) => equal(key.publicKey, cosigner))?.url
        ?? founders.find((one) => equal(one.cosigner, cosigner))?.api;
    const epochs = await walk(genesis, steps, urlOf);
    const { policy, keys } = epochs.at(-1);
    return { policy, epochs, validators: keys, members: genesis.members, chain: genesis.chain, level, genesis, since };
}
