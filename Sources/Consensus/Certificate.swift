public import QuotaCrypto
public import Votes

/// A quorum's votes for one thing: proof that no other quorum said the opposite.
///
/// A certificate holds exactly q signatures in the order of the members. Which q is up to whoever
/// collected them, so nothing may be derived from the set.
public struct Certificate: Hashable, Sendable {
    /// One member's part of a certificate.
    public struct Signature: Hashable, Sendable {
        /// The signer's position in the list of members.
        public let member: Int
        /// 64 bytes.
        public let bytes: [UInt8]

        /// Pairs a signer with its signature.
        public init(member: Int, bytes: [UInt8]) {
            self.member = member
            self.bytes = bytes
        }
    }

    /// The epoch whose members signed.
    public let epoch: UInt64
    /// What they said: a notarization, nullification or finalization.
    public let kind: VoteKind
    /// The view they said it of.
    public let view: UInt64
    /// The proposal; `Digest.zero` for a nullification.
    public let proposal: Digest
    /// Exactly q signatures, members ascending.
    public let signatures: [Signature]

    /// A certificate from its parts; nothing is checked here.
    public init(
        epoch: UInt64,
        kind: VoteKind,
        view: UInt64,
        proposal: Digest,
        signatures: [Signature]
    ) {
        self.epoch = epoch
        self.kind = kind
        self.view = view
        self.proposal = proposal
        self.signatures = signatures
    }

    /// Whether `other` certifies the same statement, by whatever quorum.
    public func certifiesTheSame(as other: Certificate) -> Bool {
        (epoch, kind, view, proposal) == (other.epoch, other.kind, other.view, other.proposal)
    }

    /// The bytes that every signature in this certificate covers.
    public func signedBytes(chainID: Digest) -> [UInt8] {
        Vote.signedBytes(
            chainID: chainID,
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal
        )
    }

    /// Whether this is a certificate of `committee`: exactly a quorum of members in ascending order,
    /// each with a valid signature.
    ///
    /// - Parameters:
    ///   - committee: The members of the certificate's epoch.
    ///   - chainID: The chain the votes must name.
    ///   - verifier: The members' keys.
    ///   - isKnown: Tells that a signature was verified before, to save the check.
    /// - Returns: Whether it proves that a quorum voted so.
    public func isValid(
        for committee: Committee,
        chainID: Digest,
        verifier: any VoteVerifier,
        isKnown: (Signature) -> Bool = { _ in false }
    ) -> Bool {
        guard hasQuorum(of: committee), (kind == .nullify) == (proposal == .zero) else {
            return false
        }
        let message = signedBytes(chainID: chainID)
        return signatures.allSatisfy { signature in
            isKnown(signature)
                || verifier.isValid(signature.bytes, for: message, by: signature.member)
        }
    }

    private func hasQuorum(of committee: Committee) -> Bool {
        guard signatures.count == committee.quorum else { return false }
        var next = 0
        for signature in signatures {
            guard signature.member >= next, signature.member < committee.count else { return false }
            next = signature.member + 1
        }
        return true
    }
}
