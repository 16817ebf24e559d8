import QuotaCrypto
import Testing
import Transparency

struct NoteKeyTests {
    @Test func `keys of both types come back from their text`() throws {
        for key in [
            try Signers.log("log.example/a").key, try Signers.cosigner("w.example", 1).key,
        ] {
            #expect(try NoteKey(vkey: key.vkey) == key)
        }
        let signer = try Signers.log("same.example", 5)
        let cosigner = try Signers.cosigner("same.example", 5)
        #expect(signer.key.keyID != cosigner.key.keyID)
        #expect(signer.key != cosigner.key)
    }

    @Test(arguments: [
        ("", NoteError.malformedVerifierKey("expected name+id+key")),
        ("a+b", .malformedVerifierKey("expected name+id+key")),
        (
            "a+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            .malformedVerifierKey("the key ID must be 8 lower-case hex digits")
        ),
        (
            "a+530d90+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            .malformedVerifierKey("the key ID must be 8 lower-case hex digits")
        ),
        ("a+530d903a+", .malformedVerifierKey("the key must be base64")),
        ("a+530d903a+A", .malformedVerifierKey("the key must be base64")),
        (
            "a+530d903a+Ae kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            .malformedVerifierKey("the key must be base64")
        ),
        ("a+530d903a+Bukye", .malformedVerifierKey("the key must be base64")),
        ("a+530d903a+BukyeQ==", .unsupportedKeyType(6)),
        (
            "a+530d903a+AekyeQ==",
            .unacceptablePublicKey(.wrongLength(expected: 32, actual: 3))
        ),
        ("a+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyIDMismatch),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .invalidKeyName),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .invalidKeyName),
        (
            "a+530d903a+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            .unacceptablePublicKey(.unacceptablePublicKey)
        ),
    ])
    func `a malformed key is refused with its reason`(vkey: String, error: NoteError) {
        #expect(throws: error) { try NoteKey(vkey: vkey) }
    }

    @Test func `names have a limit`() throws {
        let key = try Signers.log("a").key.publicKey
        let name = String(repeating: "n", count: NoteKey.nameBytesMax)
        #expect(try NoteKey(name: name, type: .ed25519, publicKey: key).name == name)
        #expect(throws: NoteError.invalidKeyName) {
            try NoteKey(name: name + "n", type: .ed25519, publicKey: key)
        }
        #expect(throws: NoteError.invalidKeyName) {
            try NoteKey(name: "a\nb", type: .ed25519, publicKey: key)
        }
    }
}
