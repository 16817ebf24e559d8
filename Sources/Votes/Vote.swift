public import QuotaCrypto

/// What a vote says about a view.
public enum VoteKind: UInt8, Hashable, Sendable, CaseIterable {
    /// This proposal is valid, and the only one I accept in this view.
    case notarize = 1
    /// I give up waiting in this view, and will not finalize in it.
    case nullify = 2
    /// I notarized this proposal, saw its notarization, and will not nullify its view.
    case finalize = 3
}

/// One member's signed statement about one view.
public struct Vote: Hashable, Sendable {
    /// The epoch whose keys sign.
    public let epoch: UInt64
    /// What is said.
    public let kind: VoteKind
    /// The view it is said of.
    public let view: UInt64
    /// The proposal; `Digest.zero` for nullify.
    public let proposal: Digest
    /// The voter's position in the list of members.
    public let member: Int
    /// Ed25519 over `signedBytes`, 64 bytes.
    ///
    /// Not unique: nothing may be derived from it.
    public let signature: [UInt8]

    /// A vote from its parts; the signature is not checked here.
    public init(
        epoch: UInt64,
        kind: VoteKind,
        view: UInt64,
        proposal: Digest,
        member: Int,
        signature: [UInt8]
    ) {
        self.epoch = epoch
        self.kind = kind
        self.view = view
        self.proposal = proposal
        self.member = member
        self.signature = signature
    }

    /// A vote as its member casts it.
    public init(
        chainID: Digest,
        epoch: UInt64,
        kind: VoteKind,
        view: UInt64,
        proposal: Digest,
        member: Int,
        signer: any VoteSigner
    ) {
        let message = Vote.signedBytes(
            chainID: chainID,
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal
        )
        self.init(
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: member,
            signature: signer.sign(message)
        )
    }

    /// The most members that vote in an epoch.
    public static let memberMax = 256
    /// The highest view that a message may name, so that arithmetic on views cannot overflow.
    public static let viewMax: UInt64 = 1 << 62
    /// How many bytes a vote signs.
    public static let signedByteCount = 97

    /// The bytes a vote signs.
    ///
    /// `"QLEDGER-VOTE-V1\0"` (16), chain identifier (32), epoch (8, big endian), kind (1), view (8,
    /// big endian), proposal identifier (32, zero for nullify).
    public static func signedBytes(
        chainID: Digest,
        epoch: UInt64,
        kind: VoteKind,
        view: UInt64,
        proposal: Digest
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(signedByteCount)
        bytes.append(contentsOf: domain)
        chainID.append(to: &bytes)
        bytes.append(bigEndian: epoch)
        bytes.append(kind.rawValue)
        bytes.append(bigEndian: view)
        proposal.append(to: &bytes)
        return bytes
    }

    private static let domain = Array("QLEDGER-VOTE-V1\0".utf8)

    /// Whether `other` says the same thing; signature bytes are not compared (they may differ).
    package func saysTheSame(as other: Vote) -> Bool {
        (epoch, kind, view, proposal, member)
            == (other.epoch, other.kind, other.view, other.proposal, other.member)
    }
}

extension [UInt8] {
    /// Appends eight bytes, most significant first.
    package mutating func append(bigEndian value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
