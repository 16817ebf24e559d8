// Keys of this run that sign notes.

import { base64, concat, utf8 } from "/explorer/bytes.js";
import { SIGNATURE, makeKey } from "/explorer/note.js";

/** A key under a name, with `line` for the signature line that it gives a note's text. */
export async function signer(name, type) {
    const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    const key = makeKey(name, type, new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
    const stamp = Uint8Array.of(0, 0, 0, 0, 101, 0, 0, 0);
    return {
        key,
        async line(text) {
            const isCosigner = type === SIGNATURE.cosignature;
            const message = utf8(isCosigner ? `cosignature/v1\ntime ${101 * 2 ** 24}\n${text}` : text);
            const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, message));
            return `\u2014 ${name} ${base64(concat(key.id, isCosigner ? stamp : new Uint8Array(), signature))}\n`;
        },
    };
}
