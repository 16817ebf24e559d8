import QuotaCrypto
import Transparency
import Verifier

/// An accepted checkpoint as data.
struct CheckpointFacts: Encodable {
    struct Witness: Encodable {
        let name: String
        let timestamp: UInt64
    }

    let origin: String
    let size: UInt64
    let root: String
    let logKeys: [String]
    let witnesses: [Witness]
    let quorumTime: UInt64?

    init(_ verified: VerifiedCheckpoint) {
        origin = verified.checkpoint.origin
        size = verified.checkpoint.size
        root = verified.checkpoint.root.description
        logKeys = verified.logs.map(\.vkey)
        witnesses = verified.witnesses.map { Witness(name: $0.name, timestamp: $0.timestamp) }
        quorumTime = verified.quorumTime
    }
}
