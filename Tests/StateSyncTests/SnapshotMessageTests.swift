import QuotaCrypto
import StateSync
import TestSupport
import Testing

struct SnapshotMessageTests {
    private static let requests: [SnapshotRequest] = [
        .offers, .head(block: SHA256.hash([1])),
        .chunk(block: SHA256.hash([1]), path: SHA256.hash([2]), bits: 12),
        .history(first: 256, size: 1 << 40),
    ]
    private static let answers: [SnapshotAnswer] = [
        .offers([]), .part([1, 2, 3]), .absent,
        .offers([SnapshotOffer(block: SHA256.hash([1]), height: 7, size: 9, bits: 3)]),
    ]

    @Test func `questions and answers survive the wire`() {
        for request in Self.requests {
            let bytes = request.encoded(id: .max)
            #expect(bytes.count <= SnapshotRequest.byteCountMax)
            #expect(SnapshotRequest.decode(bytes)?.request == request)
            #expect(SnapshotRequest.decode(bytes)?.id == .max)
            #expect(SnapshotRequest.decode(bytes + [0]) == nil)
        }
        for answer in Self.answers {
            #expect(SnapshotAnswer.decode(answer.encoded(id: 5))?.answer == answer)
            #expect(SnapshotAnswer.decode(answer.encoded(id: 5))?.id == 5)
        }
    }

    @Test func `what reads back has one form only, whatever bytes come`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<4_000 {
            let place = Int(random.next() % 4)
            var request = Self.requests[place].encoded(id: 3)
            request[Int(random.next() % UInt64(request.count))] ^= UInt8(1 + random.next() % 255)
            if let read = SnapshotRequest.decode(request) {
                #expect(read.request.encoded(id: read.id) == request)
            }
            var answer = Self.answers[place].encoded(id: 3)
            answer[Int(random.next() % UInt64(answer.count))] ^= UInt8(1 + random.next() % 255)
            if let read = SnapshotAnswer.decode(answer) {
                #expect(read.answer.encoded(id: read.id) == answer)
            }
        }
    }
}
