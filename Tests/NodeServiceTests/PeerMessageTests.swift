import CBOR
import PeerNetwork
import TestSupport
import Testing

@testable import NodeService

@Suite struct PeerMessageTests {
    static let messages: [PeerMessage] = [
        .statements([]), .statements([[1, 2, 3], [], [0xFF]]),
        .checkpoint(note: Array("origin\n1\nroot\n".utf8)),
        .receiptRequest(id: 1, index: .max), .receipt(id: .max, receipt: [9, 8, 7]),
        .receipt(id: 2, receipt: []),
    ]

    @Test(arguments: messages) func `every message survives the way`(message: PeerMessage) {
        #expect(PeerMessage(message.frame)?.frame == message.frame)
    }

    @Test(arguments: messages) func `every message has bounds, and keeps within them`(
        message: PeerMessage
    ) throws {
        let limits = PeerMessage.limits(consensusBytesMax: 2 << 20)
        let kind = try #require(limits.kinds[message.frame.kind])
        #expect(message.frame.payload.count <= kind.bytesMax)
    }

    @Test func `the largest push is within the bounds of its kind`() throws {
        let limits = PeerMessage.limits(consensusBytesMax: 2 << 20)
        let small = PeerMessage.statementBytesMax / PeerMessage.statementsMax
        let full = PeerMessage.statements(
            Array(repeating: Array(repeating: 7, count: small), count: PeerMessage.statementsMax)
        )
        let kind = try #require(limits.kinds[full.frame.kind])
        #expect(full.frame.payload.count <= kind.bytesMax)
        #expect(PeerMessage(full.frame) != nil)
        let over = PeerMessage.statements(
            Array(repeating: [1], count: PeerMessage.statementsMax + 1)
        )
        #expect(PeerMessage(over.frame) == nil)
    }

    @Test(arguments: messages) func `a truncated frame is no message`(message: PeerMessage) {
        guard case .checkpoint = message else {
            let frame = message.frame
            for length in 0..<frame.payload.count {
                let cut = Frame(kind: frame.kind, payload: Array(frame.payload.prefix(length)))
                #expect(PeerMessage(cut) == nil, "\(length) bytes")
            }
            let long = Frame(kind: frame.kind, payload: frame.payload + [0])
            #expect(PeerMessage(long) == nil)
            return
        }
    }

    @Test(arguments: UInt64(0)..<200) func `changed bytes give another message or none`(
        seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        for message in Self.messages {
            var frame = message.frame
            guard !frame.payload.isEmpty else { continue }
            for _ in 0..<UInt8.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<frame.payload.count, using: &random)
                frame.payload[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            guard let read = PeerMessage(frame) else { continue }
            #expect(read.frame == frame, "the encoding is the only one")
        }
    }

    @Test(arguments: UInt64(0)..<100) func `random bytes of any kind are survived`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for kind in UInt8(0)...8 {
            let bytes = random.bytes(Int.random(in: 0..<64, using: &random))
            _ = PeerMessage(Frame(kind: kind, payload: bytes))
        }
    }

    @Test func `other shapes are refused`() {
        func read(_ kind: PeerMessage.Kind, _ value: CBORValue) -> PeerMessage? {
            PeerMessage(Frame(kind: kind.rawValue, payload: value.encoded()))
        }
        #expect(read(.statements, .map([])) == nil)
        #expect(read(.statements, .array([.text("a")])) == nil)
        #expect(read(.statements, .array([.array([])])) == nil)
        #expect(read(.receiptRequest, .array([.unsigned(1)])) == nil)
        #expect(read(.receiptRequest, .array([.unsigned(1), .negative(1)])) == nil)
        #expect(read(.receiptRequest, .array([.unsigned(1), .unsigned(1), .unsigned(1)])) == nil)
        #expect(read(.receipt, .array([.unsigned(1), .unsigned(1)])) == nil)
        #expect(read(.consensus, .array([])) == nil)
        #expect(PeerMessage(Frame(kind: 99, payload: [])) == nil)
    }
}
