// Text forms, CBOR, hashes, signatures.

import { base64, compare, concat, decimal, fromBase64, fromHex, hex, holds, utf8 } from "/explorer/bytes.js";
import { Fields, Tagged, decode, encode } from "/explorer/cbor.js";
import { isAcceptable, isAvailable, verify } from "/explorer/ed25519.js";
import { amount, age, percent, short } from "/explorer/format.js";
import { selfCheck, sha256 } from "/explorer/sha256.js";
import { refuses, same, test } from "./harness.js";

test("hexadecimal digits have one spelling", () => {
    same(fromHex("00ff10"), Uint8Array.of(0, 255, 16));
    same(hex(Uint8Array.of(0, 255, 16)), "00ff10");
    for (const bad of ["0", "0G", "FF", " 00"]) same(fromHex(bad), null, bad);
});

test("bytes are found in others wherever they stand", () => {
    const found = (text, part) => holds(utf8(text), utf8(part));
    same([found("abcabd", "abd"), found("abcabd", "a"), found("abcabd", "abcabd"), found("ab", "")], [true, true, true, true]);
    same([found("abcabd", "abe"), found("ab", "abc"), found("", "a"), found("aab", "ba")], [false, false, false, false]);
});

test("base64 has one spelling", () => {
    same(fromBase64("AAE="), Uint8Array.of(0, 1));
    same(base64(Uint8Array.of(0, 1)), "AAE=");
    for (const bad of ["AAE", "AAF=", "AA E=", "AAE=\n", "-A==", "A==="]) same(fromBase64(bad), null, bad);
});

test("a decimal has no sign, no leading zero and stays below 2^53", () => {
    same(decimal("0"), 0);
    same(decimal("9007199254740991"), Number.MAX_SAFE_INTEGER);
    for (const bad of ["", "00", "01", "-1", "+1", "1e3", "9007199254740992", " 1"]) same(decimal(bad), null, bad);
});

test("bytes are ordered by their first difference, then by length", () => {
    same(compare(Uint8Array.of(1), Uint8Array.of(1, 0)) < 0, true);
    same(compare(Uint8Array.of(2), Uint8Array.of(1, 9)) > 0, true);
    same(concat(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2)), Uint8Array.of(1, 2));
});

// RFC 8949 appendix A, those of its values that this ledger's encoding has.
const VALUES = [
    ["00", 0], ["17", 23], ["1818", 24], ["1903e8", 1000], ["1a000f4240", 1000000],
    ["1b000000e8d4a51000", 1000000000000], ["1bffffffffffffffff", 18446744073709551615n],
    ["3bffffffffffffffff", -18446744073709551616n], ["20", -1], ["3863", -100], ["3903e7", -1000],
    ["f4", false], ["f5", true], ["f6", null], ["40", Uint8Array.of()], ["4401020304", Uint8Array.of(1, 2, 3, 4)],
    ["60", ""], ["6449455446", "IETF"], ["62c3bc", "\u00fc"], ["64f0908591", "\u{10151}"], ["80", []],
    ["8301820203820405", [1, [2, 3], [4, 5]]], ["a0", new Map()],
    ["a26161016162820203", new Map([["a", 1], ["b", [2, 3]]])], ["a201020304", new Map([[1, 2], [3, 4]])],
];

test("CBOR values of RFC 8949 decode, and encode to the same bytes", () => {
    for (const [text, value] of VALUES) {
        same(decode(fromHex(text)), value, text);
        same(hex(encode(value)), text, text);
    }
    same(hex(encode(new Tagged(18, [1]))), "d28101");
    same(decode(fromHex("d28101")).tag, 18);
});

test("keys are put in the order of their bytes, negative labels last", () => {
    same(hex(encode(new Map([[-1, 0], [395, 1], [1, 2]]))), "a30102" + "19018b01" + "2000");
});

const BAD_CBOR = {
    "an integer in more bytes than it needs": "1800", "a length in more bytes than it needs": "5801ff",
    "an indefinite array": "9fff", "an indefinite text": "7f6161ff", "a float": "f93c00", "undefined": "f7",
    "a reserved head": "1c", "keys out of order": "a2616201616101", "a key twice": "a2616101616102",
    "a key that is an array": "a18000", "text that is not UTF-8": "61ff", "trailing bytes": "0000", "nothing": "",
    "a byte string cut short": "4401", "an array longer than its bytes": "9b7fffffffffffffff", "a break alone": "ff",
};

for (const [name, text] of Object.entries(BAD_CBOR)) {
    test(`CBOR is refused for ${name}`, () => refuses("malformed", () => decode(fromHex(text))));
}

test("CBOR nested deeper than the bound is refused, at the bound it is not", async () => {
    const nested = (depth) => fromHex("81".repeat(depth - 1) + "00");
    decode(nested(16));
    await refuses("malformed", () => decode(nested(17)));
});

test("a map is read field by field, and what nobody asked for is refused", async () => {
    const fields = new Fields(new Map([["count", 3], ["name", "x"]]), "$");
    same(fields.unsigned("count"), 3);
    await refuses("malformed", () => fields.finish());
    await refuses("malformed", () => new Fields(new Map([["count", -3]])).unsigned("count"));
    await refuses("malformed", () => new Fields(new Map()).text("name"));
    same(new Fields(new Map()).text("name", true), undefined);
});

test("SHA-256 gives the published digests", () => {
    same(hex(sha256(utf8(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    same(hex(sha256(utf8("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    same(hex(sha256(utf8("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    same(sha256(utf8("ab"), utf8("c")), sha256(utf8("abc")));
});

test("SHA-256 agrees with the browser's own", async () => same(await selfCheck(), true));

test("Ed25519 accepts the first vector of RFC 8032 and refuses each bit turned", async () => {
    same(await isAvailable(), true);
    const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = fromHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b");
    same(await verify(key, signature, utf8("")), true);
    same(await verify(key, signature, utf8("x")), false);
    for (let bit = 0; bit < 512; bit += 7) {
        const bad = signature.slice();
        bad[bit >> 3] ^= 1 << (bit & 7);
        same(await verify(key, bad, utf8("")), false, `bit ${bit}`);
    }
});

test("keys of small order are not acceptable", () => {
    same(isAcceptable(new Uint8Array(32)), false);
    same(isAcceptable(fromHex(`01${"00".repeat(30)}80`)), false);
    same(isAcceptable(fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")), false);
    same(isAcceptable(new Uint8Array(31)), false);
});

test("amounts of performance are tenths, and read so", () => {
    same(amount(158320, "tpp"), "15,832 TPP");
    same(amount(52848, "tpp"), "5,284.8 TPP");
    same(amount(-5, "tpp"), "-0.5 TPP");
    same(amount(1234567, "units"), "1,234,567 units");
    same(short(7900000000, "tpp"), "790 M");
    same(percent(7899899920, 7900000000), "99.99 %");
    same(percent(8137000000, 7900000000), "103.00 %");
    same(age(3 * 3600), "3 h ago");
});
