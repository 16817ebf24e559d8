import QuotaCrypto
import TestSupport
import Testing
import Transparency

/// The example of C2SP signed-note v1.0.0.
private let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
private let exampleText = "This is an example message.\n"
private let exampleLine =
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3m"
    + "FXmRKuwHjG1Yu72IneyaQM=\n"
private let exampleNote = exampleText + "\n" + exampleLine

struct SignedNoteTests {
    @Test func `the published example verifies, and comes back byte by byte`() throws {
        let key = try NoteKey(vkey: exampleKey)
        #expect(key.name == "example.com/foo")
        #expect(key.keyID == 0x530d_903a)
        #expect(key.vkey == exampleKey)
        let note = try SignedNote(Array(exampleNote.utf8))
        #expect(note.text == exampleText)
        #expect(note.description == exampleNote)
        let verified = try note.verify(keys: [key])
        #expect(verified.map(\.key) == [key])
        #expect(verified.first?.timestamp == nil)
    }

    @Test func `every changed bit of the example is refused`() throws {
        let key = try NoteKey(vkey: exampleKey)
        let bytes = Array(exampleNote.utf8)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                #expect(throws: NoteError.self) {
                    try SignedNote(changed).verify(keys: [key])
                }
            }
            #expect(throws: NoteError.self) {
                try SignedNote(Array(bytes[..<place])).verify(keys: [key])
            }
        }
    }

    @Test func `lines of unknown keys are ignored, a bad line of a known key is not`() throws {
        let key = try NoteKey(vkey: exampleKey)
        let unknown = NoteSignature(name: "other.example", keyID: key.keyID, bytes: [1])
        let sameName = NoteSignature(name: key.name, keyID: 7, bytes: [1])
        let good = try SignedNote(exampleNote).signatures
        let note = try SignedNote(text: exampleText, signatures: [unknown, sameName] + good)
        #expect(try note.verify(keys: [key]).count == 1)
        let bad = NoteSignature(name: key.name, keyID: key.keyID, bytes: [1])
        let refused = try SignedNote(text: exampleText, signatures: good + [bad])
        #expect(throws: NoteError.badSignature(keyName: key.name)) {
            try refused.verify(keys: [key])
        }
        #expect(throws: NoteError.noKnownSignature) { try note.verify(keys: []) }
    }

    @Test func `the text may hold empty lines`() throws {
        let signer = try Signers.log("log.example/a")
        let text = "a\n\n\nb\n"
        let note = try SignedNote(text: text, signatures: [signer.sign(text)])
        let parsed = try SignedNote(note.bytes)
        #expect(parsed == note)
        #expect(try parsed.verify(keys: [signer.key]).count == 1)
    }

    @Test(arguments: [
        "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\n— \n", "text\n\n— name\n",
        "text\n\n— name \n", "text\n\n— name AAAA\n", "text\n\n— name AAAAAA==\n",
        "text\n\n—  name AAAAAAA=\n", "text\n\n— na me AAAAAAA=\n", "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAAAAA= \n", "text\n\n— name AAAAAAA\n", "text\n\n— name AAAAAAB=\n",
        "text\n\n- name AAAAAAA=\n", "text\n\n—name AAAAAAA=\n", "text\n\n— name AAAAAAA=",
        "text\n\n— na\u{A0}me AAAAAAA=\n", "text\n\n— na\u{2003}me AAAAAAA=\n",
        "te\txt\n\n— name AAAAAAA=\n", "text\r\n\r\n— name AAAAAAA=\r\n",
        "text\n\n\u{2014}\u{301} name AAAAAAA=\n", "\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAA=\nrest\n",
    ])
    func `every other form is refused`(note: String) {
        #expect(throws: NoteError.self) { try SignedNote(note) }
    }

    @Test func `sizes and counts have limits`() throws {
        let line = "— name AAAAAAA=\n"
        let full = "text\n\n" + String(repeating: line, count: 100)
        #expect(try SignedNote(full).signatures.count == 100)
        #expect(throws: NoteError.tooManySignatures) { try SignedNote(full + line) }
        let padding = SignedNote.byteCountMax - full.utf8.count
        let longest = String(repeating: "x", count: padding) + full
        #expect(try SignedNote(longest).bytes.count == SignedNote.byteCountMax)
        #expect(throws: NoteError.tooLong(SignedNote.byteCountMax + 1)) {
            try SignedNote("x" + longest)
        }
        #expect(throws: NoteError.notUTF8) { try SignedNote([0xff, 0x0a, 0x0a]) }
        #expect(throws: NoteError.malformedText) { try SignedNote(text: "a", signatures: []) }
    }

    @Test func `merging keeps one line a key, the latest cosignature, and the order`() throws {
        let checkpoint = Checkpoint(origin: "log.example/a", size: 3, root: .zero)
        let signer = try Signers.log("log.example/a")
        let first = try Signers.cosigner("w1.example", 1)
        let second = try Signers.cosigner("w2.example", 2)
        var note = try checkpoint.signed(by: [signer])
        note.merge([first.cosign(checkpoint, timestamp: 10)])
        note.merge([
            second.cosign(checkpoint, timestamp: 20), signer.sign(checkpoint.text),
            first.cosign(checkpoint, timestamp: 9),
        ])
        #expect(note.signatures.map(\.name) == ["log.example/a", "w1.example", "w2.example"])
        #expect(note.signatures.map(\.timestamp) == [nil, 10, 20])
        note.merge([first.cosign(checkpoint, timestamp: 11)])
        #expect(note.signatures.map(\.timestamp) == [nil, 11, 20])
        let keys = [signer.key, first.key, second.key]
        #expect(try note.verify(keys: keys).map(\.timestamp) == [nil, 11, 20])
        #expect(try SignedNote(note.bytes) == note)
    }

    @Test func `names that look the same are not the same`() throws {
        let composed = try Signers.log("caf\u{E9}.example")
        let decomposed = try Signers.log("cafe\u{301}.example")
        #expect(composed.key != decomposed.key)
        let line = composed.sign("text\n")
        #expect(!decomposed.key.matches(line))
        let other = NoteSignature(
            name: decomposed.key.name,
            keyID: line.keyID,
            bytes: line.bytes
        )
        #expect(!composed.key.matches(other))
        #expect(other != line)
    }
}
