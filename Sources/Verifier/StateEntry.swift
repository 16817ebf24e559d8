import CBOR
public import Ledger
import MerkleLog
import QuotaCrypto
import StateMap
public import Transparency

/// What one key of the state map holds, or that it holds nothing, as received.
///
/// Bytes: a `.tlog-proof` whose entry is a block header and whose `extra` is the deterministic CBOR
/// `[header: bstr, map proof: bstr]` or `[header: bstr, [map proof: bstr]]`. Any key of the state map can
/// be proven so: an account, a claim, a member.
public struct UnverifiedStateEntry: Hashable, Sendable {
    /// The header leaf's bytes.
    public let headerBytes: [UInt8]
    /// What the header says.
    public let header: BlockHeader
    let mapProof: MapProof
    private let proof: TlogProof

    /// Takes a proof file apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            proof = try TlogProof(bytes)
        } catch {
            throw VerificationFailure(.malformed, error.description)
        }
        guard let extra = proof.extra else {
            throw VerificationFailure(.malformed, "the proof has no extra data")
        }
        do {
            let parts = try CBORItem(CBORValue.decode(extra)).array(count: 2)
            headerBytes = try parts[0].bytes(maxCount: BlockLimits.headerBytesMax)
            header = try BlockHeader.decode(headerBytes)
            let isList = parts[1].value.arrayValue != nil
            let item = isList ? try parts[1].array(count: 1)[0] : parts[1]
            mapProof = try MapProof.decode(try item.bytes(maxCount: MapProof.byteCountMax))
        } catch {
            throw VerificationFailure(.malformed, "the proof's extra data: \(error)")
        }
    }

    /// The key, as people read it: `["claim", "atlas", "A-2026-004"]`.
    public var key: StateName { StateName(mapProof.key) }

    /// Whether the proof is of a value rather than of an absence.
    public var isPresent: Bool { mapProof.value != nil }

    /// Checks the checkpoint, that the header is its last leaf, and the path in the state map.
    ///
    /// - Parameter policy: Which keys count and how many of them it takes.
    /// - Returns: The key, its value or that it has none, and who signed.
    /// - Throws: `VerificationFailure` with every reason.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedStateEntry {
        var reasons: [VerificationFailure.Reason] = []
        var checkpoint: VerifiedCheckpoint?
        do throws(VerificationFailure) {
            let signed = try UnverifiedCheckpoint(proof.note).verify(policy)
            checkpoint = signed
            reasons += placeProblems(signed)
        } catch {
            reasons += error.reasons
        }
        do throws(MapProofError) {
            try mapProof.verify(root: header.mapRoot)
        } catch {
            reasons.append(.init(.mapMismatch, error.description))
        }
        guard reasons.isEmpty, let checkpoint else { throw VerificationFailure(reasons) }
        return VerifiedStateEntry(
            key: key,
            value: mapProof.value,
            header: header,
            checkpoint: checkpoint
        )
    }

    /// What speaks against the header being the last leaf of the signed tree.
    private func placeProblems(_ signed: VerifiedCheckpoint) -> [VerificationFailure.Reason] {
        var reasons: [VerificationFailure.Reason] = []
        let checkpoint = signed.checkpoint
        if proof.index != header.index || header.treeSize != checkpoint.size {
            reasons.append(
                .init(
                    .notTheState,
                    "the header is leaf \(header.index) and the proof is of leaf \(proof.index), but "
                        + "the state at size \(checkpoint.size) stands in its last leaf"
                )
            )
        }
        let inclusion = InclusionProof(
            index: proof.index,
            size: checkpoint.size,
            path: proof.path
        )
        do throws(ProofError) {
            try inclusion.verify(leaf: TreeHash.leaf(headerBytes), root: checkpoint.root)
        } catch {
            reasons.append(.init(.notIncluded, "the header: \(error)"))
        }
        return reasons
    }
}

/// What a key of the state map held at a checkpoint that a trust policy accepts.
public struct VerifiedStateEntry: Hashable, Sendable {
    /// The key.
    public let key: StateName
    /// The value's bytes; nil if it is proven that the map had no such key.
    public let value: [UInt8]?
    /// The block header that names the state.
    public let header: BlockHeader
    /// The checkpoint whose last leaf the header is, with its signers.
    public let checkpoint: VerifiedCheckpoint

    /// Refuses a key that holds something.
    ///
    /// - Throws: `VerificationFailure` of kind `notAbsent`.
    public func checkAbsent() throws(VerificationFailure) {
        guard let value else { return }
        throw VerificationFailure(
            .notAbsent,
            "\(key) is in the ledger at checkpoint \(checkpoint.checkpoint.size): \(value.count) bytes "
                + "stand there"
        )
    }
}

extension VerifiedStateEntry {
    /// The evidence that stands under a key of the kind `evidence`, and where in the log.
    ///
    /// - Throws: `VerificationFailure` of kind `otherAccount` for another key, `noConflict` if it is proven
    ///   that there is none, `malformed` if the value is none.
    public func evidence() throws(VerificationFailure) -> (body: EvidenceBody, index: UInt64) {
        guard key.kind == StatementKind.evidence.rawValue else {
            throw VerificationFailure(.otherAccount, "the proof is of \(key), and of no evidence")
        }
        guard let value else {
            throw VerificationFailure(.noConflict, "it is proven that there is no \(key)")
        }
        do {
            let record = try Registration.decode(value)
            let body = try EvidenceBody(try CBORValue.decode(record.body ?? []))
            return (body, record.index)
        } catch {
            throw VerificationFailure(.malformed, "\(key): \(error)")
        }
    }
}

/// A key of the state map as its parts.
public struct StateName: Hashable, Sendable, CustomStringConvertible {
    /// The parts as text, the kind first; a byte string as hexadecimal digits.
    ///
    /// Empty if the key is no list of such parts.
    public let parts: [String]
    private let bytes: [UInt8]

    init(_ key: [UInt8]) {
        bytes = key
        let items = (try? CBORValue.decode(key))?.arrayValue ?? []
        let texts = items.compactMap { item in
            item.textValue ?? item.bytesValue.map { Hex.encode($0) }
        }
        parts = texts.count == items.count ? texts : []
    }

    /// The kind of thing that the key names, such as `claim`.
    public var kind: String { parts.first ?? "" }

    /// The key in words: `claim 'A-2026-004' of atlas`.
    public var description: String {
        switch (kind, parts.count) {
        case ("", _): "the key \(Hex.encode(bytes))"
        case ("account", 3...):
            "the account of \(parts[2..<(parts.count - 1)].joined(separator: ", ")) under limit "
                + "'\(parts[1])', period \(parts[parts.count - 1])"
        case (_, 3): "the \(kind) '\(parts[2])' of \(parts[1])"
        default: "the \(kind) '\(parts.dropFirst().joined(separator: ", "))'"
        }
    }
}
