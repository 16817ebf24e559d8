import CBOR
import COSE
public import Ledger
import QuotaCrypto
public import Transparency

/// A node's word that it took a statement, as received.
///
/// Bytes: see ``Ledger/IntakeReceipt``. File extension `.intake`.
public struct UnverifiedIntake: Hashable, Sendable {
    /// What it says.
    public let receipt: IntakeReceipt

    /// Takes a file apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            receipt = try IntakeReceipt(bytes)
        } catch {
            throw VerificationFailure(.malformed, error.description)
        }
    }

    /// Checks the signature by the log keys of a policy, which do not say whose they are.
    ///
    /// - Throws: `VerificationFailure` if none of them signed it.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedIntake {
        let keys = policy.logs.map(\.key)
            .filter { $0.name.utf8.elementsEqual(receipt.origin.utf8) }
        guard !keys.isEmpty else {
            throw VerificationFailure(
                .unknownLedger,
                "the policy lists no log key of '\(receipt.origin)', of which the receipt speaks"
            )
        }
        return try verify(keys.map(\.publicKey), isNamed: false)
    }

    /// Checks the signature by the log key that the node had in the epoch of which it speaks.
    ///
    /// - Throws: `VerificationFailure` if that key did not sign it, or it is of another ledger.
    public func verify(
        _ handOffs: VerifiedHandOffs
    ) throws(VerificationFailure) -> VerifiedIntake {
        guard receipt.head.chainID == handOffs.chainID,
            receipt.origin.utf8.elementsEqual(handOffs.origin.utf8)
        else {
            throw VerificationFailure(
                .otherLedger,
                "it is of the ledger '\(receipt.origin)' with the genesis \(receipt.head.chainID)"
            )
        }
        let validators = handOffs.epochs.first { $0.number == receipt.epoch }?.validators ?? []
        let own = validators.filter { $0.id == receipt.node }
        return try verify(own.map(\.log), isNamed: true)
    }

    private func verify(
        _ keys: [Ed25519.PublicKey],
        isNamed: Bool
    ) throws(VerificationFailure) -> VerifiedIntake {
        guard let key = keys.first(where: { COSEKey.thumbprint($0) == receipt.kid }) else {
            throw VerificationFailure(
                .quorumNotMet,
                "the key \(receipt.kid) is no trusted log key of \(receipt.node) in epoch "
                    + "\(receipt.epoch)"
            )
        }
        do {
            try receipt.verify(with: key)
        } catch {
            throw VerificationFailure(.badSignature, "\(error)")
        }
        return VerifiedIntake(receipt: receipt, isNamed: isNamed)
    }
}

/// A receipt that a trusted log key signed.
public struct VerifiedIntake: Hashable, Sendable {
    /// What it says.
    public let receipt: IntakeReceipt
    /// Whether the key is known to be that of the member which the receipt names.
    public let isNamed: Bool
}

/// What a later state says of a statement that a node took.
public enum IntakeFate: Hashable, Sendable {
    /// It is the leaf with this index.
    case admitted(index: UInt64)
    /// Another statement of the same kind, issuer and subject is, so that it cannot enter any more.
    case displaced(index: UInt64)
    /// There is none.
    case absent
}

extension VerifiedIntake {
    /// What a proof of the state map says of the statement.
    ///
    /// - Throws: `VerificationFailure` of kind `otherLedger` or `otherAccount` if the proof is about something
    ///   else, `tooEarly` if it shows that the ledger did not hold the statement before the node had it.
    public func fate(
        by entry: VerifiedStateEntry
    ) throws(VerificationFailure) -> IntakeFate {
        let checkpoint = entry.checkpoint.checkpoint
        guard checkpoint.origin.utf8.elementsEqual(receipt.origin.utf8) else {
            throw VerificationFailure(
                .otherLedger,
                "the proof is of '\(checkpoint.origin)', the receipt of '\(receipt.origin)'"
            )
        }
        guard entry.key == StateName(receipt.statement.stateKey) else {
            throw VerificationFailure(
                .otherAccount,
                "the proof is of \(entry.key), the receipt of the \(receipt.statement)"
            )
        }
        guard let value = entry.value else {
            try checkLater(checkpoint.size)
            return .absent
        }
        do {
            // Every record of a statement begins so, whatever else it holds.
            var fields = try CBORFields(try CBORValue.decode(value))
            let index = try fields.unsigned("index")
            let leaf = try fields.bytes("leaf", count: Digest.byteCount)
            return leaf == receipt.entry.bytes
                ? .admitted(index: index) : .displaced(index: index)
        } catch {
            throw VerificationFailure(.malformed, "\(entry.key): \(error)")
        }
    }

    func checkLater(_ size: UInt64) throws(VerificationFailure) {
        guard size > receipt.head.size else {
            throw VerificationFailure(
                .tooEarly,
                "the checkpoint is of size \(size), and the node held \(receipt.head.size) leaves when it "
                    + "took the statement"
            )
        }
    }
}
