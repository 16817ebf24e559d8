import CBOR
import PeerNetwork
import QuotaCrypto
import StateSync

/// What nodes say to each other beside consensus, and the frame kinds of all of it.
enum PeerMessage: Sendable {
    /// Verified statements that wait for a block.
    case statements([[UInt8]])
    /// A checkpoint with the sender's own log and cosigner lines.
    case checkpoint(note: [UInt8])
    /// Asks for the sender's receipt of the leaf at `index`.
    case receiptRequest(id: UInt64, index: UInt64)
    /// The receipt asked for.
    case receipt(id: UInt64, receipt: [UInt8])
    /// Asks for a part of a state or of the log.
    case snapshotRequest(id: UInt64, SnapshotRequest)
    /// The part asked for.
    case snapshotAnswer(id: UInt64, SnapshotAnswer)

    /// The kinds of frame on a peer link.
    ///
    /// Consensus frames carry `Consensus.Message` as it encodes.
    enum Kind: UInt8 {
        case consensus = 1
        case statements = 2
        case checkpoint = 3
        case receiptRequest = 4
        case receipt = 5
        case snapshotRequest = 6
        case snapshotAnswer = 7
    }

    /// The most statements of one frame.
    static let statementsMax = 512
    /// The most bytes of the statements of one frame.
    static let statementBytesMax = 512 << 10

    /// The bounds of every kind: agreement goes before checkpoints, and both before statements.
    static func limits(consensusBytesMax: Int) -> PeerLimits {
        var limits = PeerLimits(kinds: [
            Kind.consensus.rawValue: PeerLimits.Kind(lane: 0, bytesMax: consensusBytesMax),
            Kind.checkpoint.rawValue: PeerLimits.Kind(lane: 1, bytesMax: 16 << 10),
            Kind.receiptRequest.rawValue: PeerLimits.Kind(lane: 1, bytesMax: 64),
            Kind.receipt.rawValue: PeerLimits.Kind(lane: 1, bytesMax: 8 << 10),
            Kind.statements.rawValue: PeerLimits.Kind(lane: 2, bytesMax: 1 << 20),
            Kind.snapshotRequest.rawValue: PeerLimits.Kind(
                lane: 2,
                bytesMax: SnapshotRequest.byteCountMax
            ),
            Kind.snapshotAnswer.rawValue: PeerLimits.Kind(
                lane: 3,
                bytesMax: SnapshotAnswer.byteCountMax
            ),
        ])
        // Before any signature is checked (consensus.md 2.12): ten times what a busy ledger sends.
        limits.inboundRate = PeerLimits.Rate(bytesPerSecond: 32 << 20, burstBytes: 64 << 20)
        return limits
    }

    /// The frame that carries this message.
    var frame: Frame {
        switch self {
        case .statements(let statements):
            Frame(
                kind: Kind.statements.rawValue,
                payload: CBORValue.array(statements.map { .bytes($0) }).encoded()
            )
        case .checkpoint(let note):
            Frame(kind: Kind.checkpoint.rawValue, payload: note)
        case .receiptRequest(let id, let index):
            Frame(
                kind: Kind.receiptRequest.rawValue,
                payload: CBORValue.array([.unsigned(id), .unsigned(index)]).encoded()
            )
        case .receipt(let id, let receipt):
            Frame(
                kind: Kind.receipt.rawValue,
                payload: CBORValue.array([.unsigned(id), .bytes(receipt)]).encoded()
            )
        case .snapshotRequest(let id, let request):
            Frame(kind: Kind.snapshotRequest.rawValue, payload: request.encoded(id: id))
        case .snapshotAnswer(let id, let answer):
            Frame(kind: Kind.snapshotAnswer.rawValue, payload: answer.encoded(id: id))
        }
    }

    /// Reads a frame that is not of consensus, or returns nil if it is not one of ours.
    init?(_ frame: Frame) {
        switch Kind(rawValue: frame.kind) {
        case .statements:
            let limits = CBORLimits(
                byteCountMax: 1 << 20,
                depthMax: 2,
                itemCountMax: Self.statementsMax + 1
            )
            guard
                case .array(let items)? = try? CBORValue.decode(frame.payload, limits: limits)
            else { return nil }
            var statements: [[UInt8]] = []
            statements.reserveCapacity(items.count)
            for item in items {
                guard case .bytes(let bytes) = item else { return nil }
                statements.append(bytes)
            }
            self = .statements(statements)
        case .checkpoint:
            self = .checkpoint(note: frame.payload)
        case .receiptRequest:
            guard case .array(let items)? = try? CBORValue.decode(frame.payload), items.count == 2,
                case .unsigned(let id) = items[0], case .unsigned(let index) = items[1]
            else { return nil }
            self = .receiptRequest(id: id, index: index)
        case .receipt:
            guard case .array(let items)? = try? CBORValue.decode(frame.payload), items.count == 2,
                case .unsigned(let id) = items[0], case .bytes(let receipt) = items[1]
            else { return nil }
            self = .receipt(id: id, receipt: receipt)
        case .snapshotRequest:
            guard let (id, request) = SnapshotRequest.decode(frame.payload) else { return nil }
            self = .snapshotRequest(id: id, request)
        case .snapshotAnswer:
            guard let (id, answer) = SnapshotAnswer.decode(frame.payload) else { return nil }
            self = .snapshotAnswer(id: id, answer)
        case .consensus, nil:
            return nil
        }
    }
}
