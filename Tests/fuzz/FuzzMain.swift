import CBOR
import Consensus
import NIOCore
import QuotaCrypto
import StateMap
import StateSync
import Votes

@testable import NodeService
@testable import PeerNetwork

/// One input of the fuzzer: the first byte says which decoder reads the rest, or that the rest is what a
/// peer sends after its hello, or a conversation that a replica takes part in.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let body = Array(bytes.dropFirst())
    switch bytes[0] % 48 {
    case 0: expectOneForm(body, { try Message.decode($0) }, { $0.encoded() })
    case 1: expectOneForm(body, { try ProposalEntry.decode($0) }, { $0.encoded() })
    case 2: expectOneForm(body, { try Certificate.decode($0) }, { $0.encoded() })
    case 3: expectOneForm(body, { try Vote.decode($0) }, { $0.encoded() })
    case 4: expectOneForm(body, { try EvidencePair.decode($0) }, { $0.encoded() })
    case 5: expectOneForm(body, { try FinalizedTip.decode($0) }, { $0.encoded() })
    case 6: expectOneForm(body, { try EvidenceFile.decode($0) }, { $0.encoded() })
    case 8: expectOneForm(body, { try MapProof.decode($0) }, { $0.encoded() })
    case 9:
        expectOneForm(body, { try MapChunk.decode($0) }, { $0.encoded() })
        _ = try? MapChunk.decode(body).verify(at: .zero, root: .zero)
    case 10: expectOneForm(body, { try SnapshotHead.decode($0) }, { $0.encoded() })
    case 11:
        expectOneForm(body, { try HistoryPart.decode($0) }, { $0.encoded() })
        _ = try? HistoryPart.decode(body).verify(first: 0, size: 300, root: .zero, edge: [])
    case 12: expectOneForm(body, { try some(SnapshotRequest.decode($0)) }, { $1.encoded(id: $0) })
    case 13: expectOneForm(body, { try some(SnapshotAnswer.decode($0)) }, { $1.encoded(id: $0) })
    case 14: expectOneForm(body, { try Hello(decoding: $0) }, { $0.encoded })
    case 7: converse(body)
    case 15: listen(to: body)
    case let choice: readLedger(choice, body)
    }
    return 0
}

/// What decodes has one encoding only: the bytes it was read from.
func expectOneForm<Value>(
    _ bytes: [UInt8],
    _ decode: ([UInt8]) throws -> Value,
    _ encode: (Value) -> [UInt8]
) {
    guard let value = try? decode(bytes) else { return }
    precondition(encode(value) == bytes, "two encodings of one value")
}

private struct Nothing: Error {}

private func some<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Nothing() }
    return value
}

/// Reads what a peer sends after its hello, frame by frame, as its connection does.
private func listen(to bytes: [UInt8]) {
    var decoder = FrameDecoder(limits: PeerMessage.limits(consensusBytesMax: 1 << 20))
    var buffer = ByteBuffer(bytes: Hello.opening + bytes)
    while let frame = try? decoder.decode(buffer: &buffer) {
        guard let message = PeerMessage(frame) else { continue }
        precondition(message.frame == frame, "two frames of one message")
    }
    _ = try? decoder.decodeLast(buffer: &buffer, seenEOF: true)
}

extension Hello {
    /// The frame that a connection begins with.
    fileprivate static let opening: [UInt8] = {
        var buffer = ByteBuffer(bytes: [])
        let hello = Hello(chainID: Digest.zero.bytes)
        Frame(kind: ControlKind.hello, payload: hello.encoded).write(to: &buffer)
        return buffer.readBytes(length: buffer.readableBytes) ?? []
    }()
}

/// Any signature is good, so that the fuzzer comes past the door.
private struct Anyone: VoteSigner, VoteVerifier {
    func sign(_ message: [UInt8]) -> [UInt8] { [UInt8](repeating: 7, count: 64) }

    func isValid(_ signature: [UInt8], for message: [UInt8], by member: Int) -> Bool {
        (0..<4).contains(member)
    }
}

/// Feeds messages to one of four replicas: a byte for the sender and the driver's answers, two for the
/// length, and the message.
private func converse(_ bytes: [UInt8]) {
    let configuration = Configuration(
        chainID: Digest.zero,
        epoch: 1,
        root: BlockID(height: 0, digest: Digest.zero),
        committee: Committee(count: 4, leaderOrder: [0, 1, 2, 3]),
        ownIndex: 3
    )
    guard
        var replica = try? Replica(
            configuration: configuration,
            signer: Anyone(),
            verifier: Anyone(),
            restoring: []
        )
    else { return }
    var now: UInt64 = 0
    func step(_ input: Input) -> [Effect] {
        now += 400
        let effects = replica.step(input, now: now)
        if let broken = replica.brokenInvariant() { preconditionFailure(broken.rawValue) }
        return effects
    }
    var effects = step(.start) + step(.workAvailable(true))
    var rest = bytes[...]
    while rest.count > 3, effects.count < 4_096 {
        let control = rest.removeFirst()
        let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
        let message = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        effects += step(.received(from: Int(control % 4), bytes: message))
        guard control & 0x80 != 0 else { continue }
        let due = effects
        effects = []
        for effect in due { effects += answers(to: effect, control).flatMap(step) }
    }
}

private func answers(to effect: Effect, _ control: UInt8) -> [Input] {
    switch effect {
    case .execute(let request): [.executed(request.id, control & 0x40 == 0 ? .valid : .invalid)]
    case .setTimer(let timer, _): control & 0x20 == 0 ? [] : [.timer(timer)]
    case .load(let request): [.loaded(request, [])]
    case .build(let request):
        [.built(request, BlockBody(digest: SHA256.hash([control]), payload: [control]))]
    default: []
    }
}
