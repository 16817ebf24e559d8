public import Ledger
public import QuotaCrypto

/// A statement with receipts, as received: nothing is known about it yet.
///
/// Bytes: the statement's tagged COSE_Sign1 with header 394 (receipts) in the unprotected map and
/// nothing else there (RFC 9943). File extension `.scitt`.
public struct UnverifiedTransparentStatement: Hashable, Sendable {
    /// The statement without its receipts: the bytes that are said to be a leaf.
    public let statement: Statement
    /// The receipts as they came.
    public let receipts: [[UInt8]]

    /// Takes a Transparent Statement apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            let decoded = try TransparentStatement.decode(bytes)
            statement = decoded.statement
            receipts = decoded.receipts
        } catch {
            throw VerificationFailure(.malformed, "\(error.path): \(error.problem)")
        }
    }
}

/// A statement that a quorum of trusted log keys says is in the ledger.
///
/// It does not follow that the statement still counts (a claim may be cancelled later), nor that
/// what it says is true; and unless `isIssuerChecked`, that its issuer signed it is the word of the
/// same quorum, which checked before it admitted.
public struct VerifiedTransparentStatement: Hashable, Sendable {
    /// A validator whose receipt holds.
    public struct Signer: Hashable, Sendable {
        /// The thumbprint of its log key.
        public let kid: Digest
        /// The name that it gives itself in the receipt.
        public let name: String
        /// When it issued the receipt, POSIX seconds by its own clock.
        public let issuedAt: UInt64
    }

    /// The statement.
    public let statement: Statement
    /// The origin of the ledger.
    public let origin: String
    /// The index of the statement's leaf.
    public let index: UInt64
    /// The size of the tree that was signed.
    public let size: UInt64
    /// The root that was signed.
    public let root: Digest
    /// The signers with this one root, by kid.
    public let signers: [Signer]
    /// How many of the trusted keys it takes.
    public let required: Int
    /// How many trusted keys there are.
    public let trusted: Int
    /// How many receipts did not count, because their keys are not trusted.
    public let ignored: Int
    /// Whether the issuer's own signature was checked with a key that the caller trusts.
    public let isIssuerChecked: Bool
}

extension VerifiedTransparentStatement {
    /// The latest time from which on a quorum has issued receipts, POSIX seconds.
    public var quorumTime: UInt64 {
        let times = signers.map(\.issuedAt).sorted(by: >)
        return times[min(required, times.count) - 1]
    }

    /// Refuses receipts whose quorum issued them too long ago.
    ///
    /// - Parameters:
    ///   - now: The time to compare with, POSIX seconds.
    ///   - maxAge: The most seconds that may have passed.
    /// - Throws: `VerificationFailure` of kind `stale`.
    public func checkFresh(at now: UInt64, maxAge: UInt64) throws(VerificationFailure) {
        try Freshness.check(quorumTime, at: now, maxAge: maxAge)
    }
}
