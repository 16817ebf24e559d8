import CBOR
import Consensus
import QuotaCrypto
import TestSupport
import Testing
import Votes

/// The wire form: strict, bounded, and the same both ways.
struct MessageCodecTests {
    /// One message of each kind.
    private func samples() throws -> [Message] {
        let bench = try Bench()
        let first = bench.entry(view: 1)
        let second = bench.entry(view: 4, on: first, block: nil, nullified: [2, 3])
        let vote = bench.vote(.finalize, in: 4, for: second.proposal.id, by: 2)
        let certificate = bench.certificate(
            .notarize,
            in: 1,
            for: first.proposal.id,
            by: [0, 2, 3]
        )
        return [
            bench.propose(first), bench.propose(second), .vote(vote),
            .vote(bench.vote(.nullify, in: 9, by: 1)), .certificate(certificate),
            .certificate(bench.certificate(.nullify, in: 7)),
            .bundle(Bundle(certificates: [certificate], votes: [vote])),
            .bundle(Bundle(certificates: [], votes: [])),
            .status(Status(epoch: 1, view: 2, finalizedView: 3, height: 1 << 40)),
            .fetch(first.proposal.id), .fetchFinalized(epoch: 1, after: 12),
            .proposals(.proposal(first.proposal.id), [first]),
            .proposals(.finalized(epoch: 1, after: 3), [first, second]), .recover(nonce: 1 << 63),
            .standing(Standing(epoch: 1, nonce: 7, view: 1, certificate: nil)),
            .standing(Standing(epoch: 1, nonce: 7, view: 2, certificate: certificate)),
        ]
    }

    @Test func `every kind of message survives the wire`() throws {
        for message in try samples() {
            #expect(try Message.decode(message.encoded()) == message)
        }
    }

    @Test func `no truncated message is a message`() throws {
        for message in try samples() {
            let bytes = message.encoded()
            for count in 0..<bytes.count {
                #expect(throws: MessageError.self) { try Message.decode(Array(bytes[..<count])) }
            }
            #expect(throws: MessageError.self) { try Message.decode(bytes + [0]) }
        }
    }

    @Test(arguments: UInt64(0)..<16)
    func `changed bytes are refused or are another message's only form`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let samples = try samples()
        for _ in 0..<400 {
            var bytes = samples[Int.random(in: 0..<samples.count, using: &random)].encoded()
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            if let message = try? Message.decode(bytes) { #expect(message.encoded() == bytes) }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `random bytes are refused without harm`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let bytes = random.bytes(Int.random(in: 0..<80, using: &random))
            if let message = try? Message.decode(bytes) { #expect(message.encoded() == bytes) }
        }
    }

    @Test func `a message over the size limit is refused unread`() throws {
        var limits = Limits()
        limits.messageBytesMax = 100
        let bytes = try samples()[0].encoded()
        #expect(throws: MessageError.self) { try Message.decode(bytes, limits: limits) }
    }

    @Test func `a block at the limit passes and one byte more does not`() throws {
        var limits = Limits()
        limits.blockBytesMax = 40
        let bench = try Bench()
        let text = String(repeating: "x", count: 40)
        let fitting = bench.propose(bench.entry(view: 1, block: text)).encoded()
        #expect(try Message.decode(fitting, limits: limits).encoded() == fitting)
        let over = bench.propose(bench.entry(view: 1, block: text + "x")).encoded()
        #expect(
            throws: MessageError(path: "$[1][2]", problem: "expected at most 40 bytes, found 41")
        ) {
            try Message.decode(over, limits: limits)
        }
    }

    @Test func `what names no member, view or proposal is refused where it stands`() throws {
        let digest = CBORValue.bytes(Digest.zero.bytes)
        let signature = CBORValue.bytes([UInt8](repeating: 0, count: 64))
        func vote(_ kind: CBORValue, _ view: CBORValue, _ id: CBORValue, _ member: UInt64)
            -> [UInt8]
        {
            CBORValue.array([
                .unsigned(2),
                .array([.unsigned(1), kind, view, id, .unsigned(member), signature]),
            ]).encoded()
        }
        #expect(throws: Never.self) {
            try Message.decode(vote(.unsigned(1), .unsigned(1), digest, 255))
        }
        let wrong: [([UInt8], String)] = [
            (vote(.unsigned(0), .unsigned(1), digest, 0), "$[1][1]"),
            (vote(.unsigned(4), .unsigned(1), digest, 0), "$[1][1]"),
            (vote(.unsigned(1), .unsigned(0), digest, 0), "$[1][2]"),
            (vote(.unsigned(1), .unsigned(.max), digest, 0), "$[1][2]"),
            (vote(.unsigned(1), .unsigned(1), .null, 0), "$[1][3]"),
            (vote(.unsigned(2), .unsigned(1), digest, 0), "$[1][3]"),
            (vote(.unsigned(1), .unsigned(1), digest, 256), "$[1][4]"),
            (CBORValue.array([.unsigned(99)]).encoded(), "$[0]"),
            (CBORValue.array([]).encoded(), "$"),
        ]
        for (bytes, path) in wrong {
            let error = #expect(throws: MessageError.self) { try Message.decode(bytes) }
            #expect(error?.path == path)
        }
    }

    @Test func `a signer map with a spare byte is refused`() throws {
        func certificate(_ bitmap: [UInt8], _ count: Int) -> [UInt8] {
            CBORValue.array([
                .unsigned(3),
                .array([
                    .unsigned(1), .unsigned(2), .unsigned(1), .null, .bytes(bitmap),
                    .bytes([UInt8](repeating: 0, count: count * 64)),
                ]),
            ]).encoded()
        }
        #expect(throws: Never.self) { try Message.decode(certificate([0b111], 3)) }
        #expect(throws: MessageError.self) { try Message.decode(certificate([0b111, 0], 3)) }
        #expect(throws: MessageError.self) { try Message.decode(certificate([0b111], 2)) }
        #expect(throws: MessageError.self) {
            try Message.decode(certificate([UInt8](repeating: 1, count: 33), 33))
        }
    }
}
