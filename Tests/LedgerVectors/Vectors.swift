public import Foundation
import QuotaCrypto

/// The test vectors of everything that the ledger signs or proves.
///
/// Made from constants alone: the same code writes the same files. A format that changes shows as a
/// changed file under `Tests/vectors`.
public struct Vectors: Sendable {
    let ledger: VectorLedger

    /// The vectors of a fresh ``VectorLedger``.
    public init() throws {
        ledger = try VectorLedger()
    }

    /// The files of `Tests/vectors`: names and contents.
    public func files() throws -> [(name: String, data: Data)] {
        let subjects: [(String, VectorValue)] = [
            ("cbor", Self.encodings),
            ("ed25519", Self.signatures),
            ("keys", try keys()),
            ("key-proofs", try keyProofs()),
            ("votes", try votes()),
            ("statements", try statements()),
            ("headers", headers()),
            ("checkpoints", try checkpoints()),
            ("receipts", try receipts()),
            ("intakes", try intakes()),
            ("consistency", try consistency()),
            ("map", try maps()),
            ("totals", try totals()),
            ("trust-policy", try trustPolicies()),
            ("handoffs", try Self.handOffs()),
        ]
        return try subjects.map { ("\($0.0).json", try $0.1.file()) }
            + ledger.folder().map { ("ledger/\($0.name)", $0.data) }
    }
}

extension VectorValue {
    /// Bytes as lower-case hexadecimal.
    static func bytes(_ bytes: [UInt8]) -> VectorValue { .text(Hex.encode(bytes)) }

    /// A digest as lower-case hexadecimal.
    static func digest(_ digest: Digest) -> VectorValue { .text(digest.description) }

    /// A public key as lower-case hexadecimal.
    static func key(_ key: Ed25519.PublicKey) -> VectorValue { .text(key.description) }

    /// The hashes of a path, the leaf's sibling first.
    static func path(_ path: [Digest]) -> VectorValue { .list(path.map { .digest($0) }) }
}
