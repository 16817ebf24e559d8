import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

/// What a node makes of the answers of an outside witness.
@Suite struct WitnessDialogueTests {
    private let cosigner: Cosigner
    private let note: SignedNote
    private var dialogue: WitnessDialogue

    init() throws {
        cosigner = try Self.cosigner("outside.example")
        note = try Self.note(10)
        dialogue = WitnessDialogue(key: cosigner.key)
    }

    private static func cosigner(_ name: String) throws -> Cosigner {
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)
        return try Cosigner(name: name, privateKey: key)
    }

    private static func checkpoint(_ size: UInt64) -> Checkpoint {
        Checkpoint(origin: LedgerFixture.origin, size: size, root: .zero)
    }

    private static func note(_ size: UInt64) throws -> SignedNote {
        let checkpoint = checkpoint(size)
        let line = try cosigner("member.example").cosign(checkpoint, timestamp: 1)
        return try SignedNote(text: checkpoint.text, signatures: [line])
    }

    private mutating func answer(
        _ status: Int,
        _ body: String = "",
        type: String = "text/plain",
        renewal: UInt64 = 0
    ) -> WitnessDialogue.Outcome {
        dialogue.take(
            status: status,
            type: type,
            body: Array(body.utf8),
            to: note,
            size: 10,
            renewal: renewal
        )
    }

    private func wants(_ size: UInt64, renewal: UInt64 = 0) -> Bool {
        dialogue.wants(size, renewal: renewal)
    }

    private mutating func conflict(_ body: String) -> WitnessDialogue.Outcome {
        answer(409, body, type: "text/x.tlog.size")
    }

    private func isFailure(_ outcome: WitnessDialogue.Outcome) -> Bool {
        guard case .failed = outcome else { return false }
        return true
    }

    private func line(of size: UInt64 = 10, by name: String = "outside.example") throws -> String {
        try Self.cosigner(name).cosign(Self.checkpoint(size), timestamp: 7).line
    }

    @Test mutating func `a cosignature is taken, and the same size not asked for again`() throws {
        #expect(wants(10))
        // The witness may have signed with other keys too.
        let body = try line(by: "another.example") + line()
        guard case .cosigned(let cosigned) = answer(200, body) else {
            Issue.record("not cosigned")
            return
        }
        #expect(cosigned.text == note.text)
        #expect(cosigned.signatures.map(\.name) == ["outside.example"])
        #expect(dialogue.size == 10)
        #expect(!wants(10))
        #expect(wants(11))
    }

    @Test mutating func `the same size is asked for again at each renewal`() throws {
        _ = answer(200, try line(), renewal: 1)
        #expect(!wants(10, renewal: 1))
        #expect(wants(10, renewal: 2))
        _ = answer(500, renewal: 2)
        #expect(wants(10, renewal: 2))
        _ = answer(200, try line(), renewal: 2)
        #expect(!wants(10, renewal: 2))
        // A witness that is ahead has a line of a larger tree, which is as fresh.
        _ = conflict("11\n")
        #expect(!wants(10, renewal: 3))
    }

    @Test mutating func `a line of another tree, another key or no line is no cosignature`() throws
    {
        let good = try line()
        var bad = Array(good.utf8)
        bad[bad.count - 5] = bad[bad.count - 5] == 0x41 ? 0x42 : 0x41
        for body in [
            "", "\n", "thanks\n", String(good.dropLast()), String(decoding: bad, as: UTF8.self),
            try line(of: 11), try line(by: "another.example"),
        ] {
            let outcome = answer(200, body)
            #expect(isFailure(outcome), "\(body)")
        }
        #expect(dialogue.size == 0)
        #expect(wants(10))
    }

    @Test mutating func `the size that the witness tells is used, and once is enough`() {
        let told4 = conflict("4\n")
        #expect(told4 == .askAgain)
        #expect(dialogue.size == 4)
        let again = conflict("4\n")
        #expect(isFailure(again))
        let told10 = conflict("10\n")
        #expect(told10 == .askAgain)
        #expect(wants(10))
        let told11 = conflict("11\n")
        #expect(told11 == .ahead)
        #expect(!wants(10))
        #expect(wants(11))
    }

    @Test mutating func `a conflict without a size tells nothing`() {
        for body in ["", "4", "\n", "04\n", "-1\n", "4\n4\n", "18446744073709551616\n"] {
            let outcome = conflict(body)
            #expect(isFailure(outcome), "\(body)")
        }
        let untyped = answer(409, "4\n")
        #expect(isFailure(untyped))
        #expect(dialogue.size == 0)
    }

    @Test(arguments: [403, 404, 422, 400, 500, 503, 302, 201])
    mutating func `other answers are failures with a reason`(status: Int) throws {
        guard case .failed(let problem) = answer(status, try line()) else {
            Issue.record("taken")
            return
        }
        #expect(problem.contains("\(status)"))
        #expect(wants(10))
    }
}
