import CBOR
import COSE
import Ledger
import MerkleLog
public import QuotaCrypto
public import Transparency

extension UnverifiedTransparentStatement {
    /// Checks every receipt by a trusted key, and that enough of them agree on one tree.
    ///
    /// A receipt by a trusted key that fails any check refuses the whole, even if enough others
    /// remain: it was damaged, or its signer contradicts itself. Receipts by other keys do not count.
    ///
    /// - Parameters:
    ///   - policy: Its log keys are trusted; `n - floor((n - 1) / 3)` of them must have signed.
    ///   - issuerKeys: Statement keys that the caller trusts; if one has the statement's kid, the
    ///     issuer's own signature is checked as well.
    /// - Returns: The statement with its place and its signers.
    /// - Throws: `VerificationFailure` with every reason.
    public func verify(
        _ policy: TrustPolicy,
        issuerKeys: [Ed25519.PublicKey] = []
    ) throws(VerificationFailure) -> VerifiedTransparentStatement {
        let keys = policy.logs.map(\.key)
            .filter { $0.name.utf8.elementsEqual(statement.audience.utf8) }
            .map { TrustedKey($0.publicKey) }
        guard !keys.isEmpty else {
            throw VerificationFailure(
                .unknownLedger,
                "the policy lists no log key of '\(statement.audience)', for which the statement is"
            )
        }
        var reasons: [VerificationFailure.Reason] = []
        var valid: [ProvenReceipt] = []
        var ignored = 0
        for (position, bytes) in receipts.enumerated() {
            guard let key = Self.signer(of: bytes, among: keys) else {
                ignored += 1
                continue
            }
            do throws(VerificationFailure) {
                valid.append(try proven(bytes, key))
            } catch {
                reasons += error.reasons.map {
                    .init($0.code, "receipt \(position + 1): \($0.message)")
                }
            }
        }
        let isIssuerChecked = checkIssuer(issuerKeys, &reasons)
        let agreed = Self.largestAgreement(valid)
        let required = Validator.threshold(of: keys.count)
        if agreed.count < required {
            reasons.append(
                .init(
                    .quorumNotMet,
                    "\(agreed.count) of the \(keys.count) trusted log keys signed one root, "
                        + "\(required) must"
                )
            )
        }
        guard reasons.isEmpty, let first = agreed.first else { throw VerificationFailure(reasons) }
        return VerifiedTransparentStatement(
            statement: statement,
            origin: statement.audience,
            index: first.receipt.proof.index,
            size: first.receipt.proof.size,
            root: first.root,
            signers: agreed.map(\.signer),
            required: required,
            trusted: keys.count,
            ignored: ignored,
            isIssuerChecked: isIssuerChecked
        )
    }

    /// The trusted key that a receipt says it is by; nil if it names none of them.
    private static func signer(of bytes: [UInt8], among keys: [TrustedKey]) -> TrustedKey? {
        guard let message = try? COSESign1.decode(bytes),
            let kid = message.protectedValue(COSEHeader.kid)?.bytesValue
        else { return nil }
        return keys.first { $0.kid.bytes == kid }
    }

    /// A receipt by a trusted key, with the root that it proves.
    private func proven(
        _ bytes: [UInt8],
        _ key: TrustedKey
    ) throws(VerificationFailure) -> ProvenReceipt {
        let receipt: Receipt
        do {
            receipt = try Receipt.decode(bytes)
        } catch {
            throw VerificationFailure(.malformed, "\(error.path): \(error.problem)")
        }
        guard receipt.origin.utf8.elementsEqual(statement.audience.utf8) else {
            throw VerificationFailure(
                .otherLedger,
                "it is for '\(receipt.origin)', the statement for '\(statement.audience)'"
            )
        }
        guard receipt.subject.utf8.elementsEqual(statement.identity.subject.utf8) else {
            throw VerificationFailure(
                .claimsDiffer,
                "its subject is '\(receipt.subject)', not the statement's"
            )
        }
        do {
            let root = try receipt.verify(leafHash: statement.leafHash, with: key.key)
            return ProvenReceipt(receipt: receipt, root: root)
        } catch let error as ProofError {
            throw VerificationFailure(.notIncluded, error.description)
        } catch {
            throw VerificationFailure(
                .badSignature,
                "the key \(key.kid) did not sign the root to which the proof leads"
            )
        }
    }

    private func checkIssuer(
        _ keys: [Ed25519.PublicKey],
        _ reasons: inout [VerificationFailure.Reason]
    ) -> Bool {
        guard let key = keys.first(where: { COSEKey.thumbprint($0) == statement.kid }) else {
            return false
        }
        do {
            try statement.verifySignature(with: key)
            return true
        } catch {
            reasons.append(
                .init(.badSignature, "the issuer's signature of the statement: \(error.problem)")
            )
            return false
        }
    }

    /// The largest set of receipts by distinct keys over one tree, by kid; of equal sets, that of
    /// the larger tree.
    private static func largestAgreement(_ valid: [ProvenReceipt]) -> [ProvenReceipt] {
        var best: [ProvenReceipt] = []
        for candidate in valid {
            var agreed: [ProvenReceipt] = []
            for other in valid where other.agrees(with: candidate) {
                guard !agreed.contains(where: { $0.receipt.kid == other.receipt.kid }) else {
                    continue
                }
                agreed.append(other)
            }
            let isLarger = candidate.receipt.proof.size > best.first?.receipt.proof.size ?? 0
            if agreed.count > best.count || (agreed.count == best.count && isLarger) {
                best = agreed.sorted { $0.receipt.kid < $1.receipt.kid }
            }
        }
        return best
    }
}

/// A log key of the policy with its thumbprint.
private struct TrustedKey {
    let kid: Digest
    let key: Ed25519.PublicKey

    init(_ key: Ed25519.PublicKey) {
        self.key = key
        kid = COSEKey.thumbprint(key)
    }
}

/// A receipt whose signature holds over the root to which its path leads.
private struct ProvenReceipt {
    let receipt: Receipt
    let root: Digest

    var signer: VerifiedTransparentStatement.Signer {
        .init(kid: receipt.kid, name: receipt.issuer, issuedAt: receipt.issuedAt)
    }

    func agrees(with other: ProvenReceipt) -> Bool {
        root == other.root && receipt.proof.index == other.receipt.proof.index
            && receipt.proof.size == other.receipt.proof.size
    }
}
