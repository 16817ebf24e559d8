import NIOCore
import TestSupport
import Testing

@testable import PeerNetwork

struct FrameTests {
    private func decode(_ bytes: [UInt8], cuts: [Int] = []) throws -> [Frame] {
        let processor = NIOSingleStepByteToMessageProcessor(FrameDecoder(limits: Cluster.limits))
        var frames: [Frame] = []
        var start = 0
        for end in cuts + [bytes.count] {
            try processor.process(buffer: ByteBuffer(bytes: bytes[start..<end])) {
                frames.append($0)
            }
            start = end
        }
        try processor.finishProcessing(seenEOF: true) { frames.append($0) }
        return frames
    }

    @Test(arguments: UInt64(0)..<32) func `frames survive any cut of the stream`(seed: UInt64)
        throws
    {
        var random = SplitMix64(seed: seed)
        var frames = [Frame(kind: 0xF0, payload: Hello(chainID: [1]).encoded)]
        for _ in 0..<20 {
            let count = Int.random(in: 0...1024, using: &random)
            frames.append(
                Frame(kind: UInt8.random(in: 1...3, using: &random), payload: random.bytes(count))
            )
        }
        let bytes = frames.flatMap { RoguePeer.wire($0.kind, $0.payload) }
        let cuts = (0..<30).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        #expect(try decode(bytes, cuts: cuts) == frames)
    }

    @Test(arguments: UInt64(0)..<200) func `any bytes give frames or a fault`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let hello = RoguePeer.wire(0xF0, Hello(chainID: [1]).encoded)
        for prefix in [[], hello] {
            do {
                _ = try decode(prefix + random.bytes(Int.random(in: 0...64, using: &random)))
            } catch {
                #expect(error is PeerFault)
            }
        }
    }

    @Test func `the end in the middle of a frame is a fault`() {
        let hello = RoguePeer.wire(0xF0, Hello(chainID: [1]).encoded)
        for count in 1..<hello.count {
            #expect(throws: PeerFault.truncated) { try decode(Array(hello.prefix(count))) }
        }
    }

    @Test func `each kind is taken at its limit and refused one past it`() throws {
        let hello = RoguePeer.wire(0xF0, Hello(chainID: [1]).encoded)
        for (kind, limit) in Cluster.limits.kinds {
            let full = [UInt8](repeating: 0, count: limit.bytesMax)
            #expect(try decode(hello + RoguePeer.wire(kind, full)).count == 2)
            let fault = PeerFault.frameTooLong(
                kind: kind,
                bytes: limit.bytesMax + 1,
                max: limit.bytesMax
            )
            #expect(throws: fault) { try decode(hello + RoguePeer.wire(kind, full + [0])) }
        }
    }

    @Test func `a hello is read back, and every damaged one is refused`() throws {
        let hello = Hello(chainID: Array(0..<32))
        #expect(try Hello(decoding: hello.encoded) == hello)
        for count in 0..<hello.encoded.count {
            #expect(throws: PeerFault.self) {
                try Hello(decoding: Array(hello.encoded.prefix(count)))
            }
        }
        #expect(throws: PeerFault.helloMalformed) { try Hello(decoding: hello.encoded + [0]) }
    }

    @Test func `text of a peer cannot break a log line`() {
        #expect(PeerFault.printable([0x41, 0x0A, 0x1B, 0xC3, 0x7E]) == "A???~")
    }
}
