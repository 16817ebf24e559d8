// Whom the reader trusts. The root of everything is the hash of the genesis statement; it comes from
// the server at the first visit, is remembered, and is the reader's own once he has given it.

import { base64, fromBase64, fromHex, hex, require } from "./bytes.js";
import { readGenesis, trustPolicy } from "./genesis.js";
import { parseCheckpoint, parseNote } from "./note.js";
import { parsePolicy } from "./policy.js";
import { splitEntries, tilePath } from "./tiles.js";

const STORE = "quota-explorer";
const DEFAULT = { pin: null, maxAge: 3600, genesis: null, since: null, head: null };

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
        this.set({ pin: { genesis: hex(digest) }, head: null });
    }

    /** Trusts what a C2SP trust policy names. */
    pinPolicy(text) {
        parsePolicy(text);
        this.set({ pin: { policy: text }, head: null });
    }

    unpin() {
        this.set({ pin: null, genesis: null, since: null, head: null });
    }
}

/** The genesis statement that a source serves as leaf 0; nothing of it is checked yet. */
async function servedGenesis(source) {
    const { size } = parseCheckpoint(parseNote(await source.get("checkpoint")).text);
    const bundle = await source.get(tilePath("entries", 0, size));
    return splitEntries(bundle, Math.min(256, size))[0].slice();
}

/** The trust that the reader has without asking anybody, or null: what he gave, or what is remembered. */
export async function rememberedTrust(memory) {
    const { pin, genesis, since } = memory.values;
    if (pin?.policy) return { policy: parsePolicy(pin.policy), members: null, level: "policy", genesis: null };
    const bytes = genesis ? fromBase64(genesis) : null;
    return bytes ? trustIn(await readGenesis(bytes), pin, since) : null;
}

/** The trust with which what a source shows is judged. */
export async function resolveTrust(source, memory, now) {
    const { pin, genesis: known } = memory.values;
    if (pin?.policy) {
        const genesis = await readGenesis(await servedGenesis(source)).catch(() => null);
        return { policy: parsePolicy(pin.policy), members: genesis?.members ?? null, level: "policy", genesis };
    }
    const bytes = await servedGenesis(source);
    const genesis = await readGenesis(bytes);
    if (pin?.genesis) {
        require(hex(genesis.chain) === pin.genesis, "other-ledger",
            `the server's ledger has the genesis ${hex(genesis.chain)}, and you trust ${pin.genesis}`);
    } else if (known) {
        require(known === base64(bytes), "other-ledger",
            "the server shows another ledger than the one this browser saw here before");
    }
    if (!known || pin?.genesis) memory.set({ genesis: base64(bytes), since: memory.values.since ?? now });
    return trustIn(genesis, pin, memory.values.since);
}

function trustIn(genesis, pin, since) {
    const level = pin?.genesis ? "genesis" : "remembered";
    return {
        policy: trustPolicy(genesis), members: genesis.members, chain: genesis.chain, level, genesis, since,
    };
}
