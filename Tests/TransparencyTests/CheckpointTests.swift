import QuotaCrypto
import Testing
import Transparency

private let rootText = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

struct CheckpointTests {
    @Test func `a checkpoint comes back from its text, with extension lines`() throws {
        let text = "quota.example/compute-2025\n20852163\n\(rootText)\n"
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.origin == "quota.example/compute-2025")
        #expect(checkpoint.size == 20_852_163)
        #expect(Base64.encode(checkpoint.root.bytes) == rootText)
        #expect(checkpoint.text == text)
        let extended = try Checkpoint(text: text + "x\ny z\n")
        #expect(extended.extensions == ["x", "y z"])
        #expect(extended.text == text + "x\ny z\n")
    }

    @Test(arguments: [
        ("", CheckpointError.tooFewLines), ("a\n1\n", .tooFewLines),
        ("a\n1\n\(rootText)", .tooFewLines), ("\n1\n\(rootText)\n", .emptyLine(1)),
        ("a\n01\n\(rootText)\n", .malformedSize), ("a\n\n\(rootText)\n", .malformedSize),
        ("a\n-1\n\(rootText)\n", .malformedSize), ("a\n+1\n\(rootText)\n", .malformedSize),
        ("a\n1 \n\(rootText)\n", .malformedSize), ("a\n0x1\n\(rootText)\n", .malformedSize),
        ("a\n9223372036854775808\n\(rootText)\n", .malformedSize),
        ("a\n99999999999999999999\n\(rootText)\n", .malformedSize),
        ("a\n1\nAAAA\n", .malformedRoot), ("a\n1\n\(rootText.dropLast())\n", .malformedRoot),
        ("a\n1\n\(rootText)=\n", .malformedRoot), ("a\n1\n\(rootText)\n\n", .emptyLine(4)),
        ("a\n1\n\(rootText)\nx\n\ny\n", .emptyLine(5)),
    ])
    func `every other form is refused by line`(text: String, error: CheckpointError) {
        #expect(throws: error) { try Checkpoint(text: text) }
    }

    @Test func `a cosignature binds text and time`() throws {
        let cosigner = try Signers.cosigner("w.example", 1)
        let checkpoint = try Checkpoint(text: "a\n1\n\(rootText)\nextension\n")
        let line = cosigner.cosign(checkpoint, timestamp: 1_700_000_000)
        #expect(line.bytes.count == 72)
        #expect(line.timestamp == 1_700_000_000)
        let note = try SignedNote(text: checkpoint.text, signatures: [line])
        #expect(try note.verify(keys: [cosigner.key]).first?.timestamp == 1_700_000_000)
        for place in line.bytes.indices {
            var bytes = line.bytes
            bytes[place] ^= 1
            let changed = NoteSignature(name: line.name, keyID: line.keyID, bytes: bytes)
            #expect(throws: NoteError.badSignature(keyName: "w.example")) {
                try SignedNote(text: checkpoint.text, signatures: [changed])
                    .verify(keys: [cosigner.key])
            }
        }
        #expect(throws: NoteError.self) {
            try SignedNote(text: "a\n1\n\(rootText)\n", signatures: [line])
                .verify(keys: [cosigner.key])
        }
    }

    @Test func `a cosignature is over the standard's message`() throws {
        let seed = [UInt8](repeating: 9, count: 32)
        let privateKey = try Ed25519.PrivateKey(seed: seed)
        let cosigner = try Cosigner(name: "w.example", privateKey: privateKey)
        let checkpoint = Checkpoint(origin: "o", size: 1, root: .zero)
        let message = "cosignature/v1\ntime 5\no\n1\n\(String(repeating: "A", count: 43))=\n"
        let line = cosigner.cosign(checkpoint, timestamp: 5)
        #expect(Array(line.bytes.prefix(8)) == [0, 0, 0, 0, 0, 0, 0, 5])
        #expect(Array(line.bytes.dropFirst(8)) == privateKey.sign(Array(message.utf8)))
    }
}
