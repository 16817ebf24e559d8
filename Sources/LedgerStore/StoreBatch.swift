package import QuotaCrypto

/// Everything that must become durable together: one transaction, one sync.
package struct StoreBatch: Sendable {
    /// One consensus record to set, or with a `nil` value to remove.
    package var consensus: [(key: [UInt8], value: [UInt8]?)] = []

    /// Final blocks, each one higher than the one before.
    package var blocks: [StoredBlock] = []

    /// Final proposals, echoes included, in the order of their views.
    package var proposals: [StoredProposal] = []

    /// Leaves of these blocks, in order, without a gap.
    package var leaves: [StoredLeaf] = []

    /// Changes of the state map; a `nil` value removes the key.
    package var mapChanges: [(key: [UInt8], value: [UInt8]?)] = []

    /// Claims that are new or whose state changed.
    package var claims: [StoredClaim] = []

    /// New states of claims that are there already.
    package var claimStates: [(claim: StoredIdentity, state: String)] = []

    /// Checkpoints with the signatures known so far; a later note for the same size replaces it.
    package var checkpoints: [StoredCheckpoint] = []

    /// Checkpoints that ended an epoch; a later note of the same epoch replaces it.
    package var seals: [StoredSeal] = []

    /// Sizes that this node is about to sign; refused if that would contradict an earlier signature.
    package var signedSizes: [SignedSize] = []

    /// Pairs of contradicting votes; the same evidence twice is kept once.
    package var evidence: [StoredEvidence] = []

    /// How many turns the node has voted in, with the one of this batch; nil if it does not vote.
    package var votes: UInt64?

    /// An empty batch.
    package init() {}

    /// Whether there is nothing to write.
    package var isEmpty: Bool {
        consensus.isEmpty && blocks.isEmpty && proposals.isEmpty && leaves.isEmpty
            && mapChanges.isEmpty && claims.isEmpty && claimStates.isEmpty && checkpoints.isEmpty
            && seals.isEmpty && signedSizes.isEmpty && evidence.isEmpty && votes == nil
    }
}

/// One final proposal as those who catch up will ask for it.
package struct StoredProposal: Hashable, Sendable {
    /// The epoch of its view.
    package var epoch: UInt64
    /// The view in which it was proposed.
    package var view: UInt64
    /// The identifier that votes name.
    package var id: Digest
    /// The height of its block; `nil` for an echo, which has none of its own.
    package var height: UInt64?
    /// Proposal, justification and finalization, as consensus encodes them, without the block.
    package var entry: [UInt8]

    /// A proposal as it goes into the store.
    package init(epoch: UInt64, view: UInt64, id: Digest, height: UInt64?, entry: [UInt8]) {
        self.epoch = epoch
        self.view = view
        self.id = id
        self.height = height
        self.entry = entry
    }
}

/// One leaf of the log.
package struct StoredLeaf: Hashable, Sendable {
    /// Position in the log.
    package var index: UInt64
    /// The bytes that the log commits to.
    package var bytes: [UInt8]
    /// RFC 9162 leaf hash of `bytes`.
    package var hash: Digest
    /// `header` or the kind of the statement.
    package var kind: String
    /// What no second statement may share with it; `nil` for headers.
    package var identity: StoredIdentity?
    /// Height of the block that holds it.
    package var height: UInt64

    /// A leaf as it goes into the store.
    package init(
        index: UInt64,
        bytes: [UInt8],
        hash: Digest,
        kind: String,
        identity: StoredIdentity?,
        height: UInt64
    ) {
        self.index = index
        self.bytes = bytes
        self.hash = hash
        self.kind = kind
        self.identity = identity
        self.height = height
    }
}

/// Issuer and subject of a statement, which with its kind identify it.
package struct StoredIdentity: Hashable, Sendable {
    /// The member that signed.
    package var issuer: String
    /// What the statement is about, by the issuer's name for it.
    package var subject: String

    /// Who says something about what.
    package init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }
}

/// One final block without its leaves.
package struct StoredBlock: Hashable, Sendable {
    /// Number of the block.
    package var height: UInt64
    /// The digest that validators voted on.
    package var digest: Digest
    /// The view in which it was proposed.
    package var view: UInt64
    /// Leaf index of its header, which is its last leaf.
    package var headerIndex: UInt64
    /// Leaf index of its first leaf.
    package var first: UInt64
    /// Number of its leaves, header included.
    package var count: UInt64

    /// A block as it goes into the store.
    package init(
        height: UInt64,
        digest: Digest,
        view: UInt64,
        first: UInt64,
        count: UInt64
    ) {
        self.height = height
        self.digest = digest
        self.view = view
        self.headerIndex = first &+ count &- 1
        self.first = first
        self.count = count
    }
}

/// One claim as lists and searches show it.
package struct StoredClaim: Hashable, Sendable {
    /// The member that made the claim.
    package var issuer: String
    /// The issuer's name for it.
    package var claim: String
    /// Leaf index of the claim's statement.
    package var index: UInt64
    /// Country of destination.
    package var destination: String
    /// The authority that it uses, such as a licence or an exception.
    package var authority: String
    /// What it consumes, in tenths of the unit.
    package var amountTenths: UInt64
    /// Where it stands, such as `reserved` or `cancelled`.
    package var state: String
    /// Time of its block in POSIX seconds.
    package var blockTime: UInt64

    /// A claim as it goes into the store.
    package init(
        issuer: String,
        claim: String,
        index: UInt64,
        destination: String,
        authority: String,
        amountTenths: UInt64,
        state: String,
        blockTime: UInt64
    ) {
        self.issuer = issuer
        self.claim = claim
        self.index = index
        self.destination = destination
        self.authority = authority
        self.amountTenths = amountTenths
        self.state = state
        self.blockTime = blockTime
    }
}

/// The checkpoint of the block that sealed an epoch, signed by the validators of that epoch.
package struct StoredSeal: Hashable, Sendable {
    /// The epoch that ended.
    package var epoch: UInt64
    /// The size of the log at the sealing block.
    package var size: UInt64
    /// The note with the signatures known so far.
    package var note: String
    /// The keys of the validators of the next epoch, encoded.
    package var validators: [UInt8]

    /// A seal as it goes into the store.
    package init(epoch: UInt64, size: UInt64, note: String, validators: [UInt8]) {
        self.validators = validators
        self.epoch = epoch
        self.size = size
        self.note = note
    }
}

/// A checkpoint as a signed note.
package struct StoredCheckpoint: Hashable, Sendable {
    /// Leaves that it covers.
    package var size: UInt64
    /// The note with its signatures.
    package var note: String

    /// A checkpoint as it goes into the store.
    package init(size: UInt64, note: String) {
        self.size = size
        self.note = note
    }
}

/// A promise that one of this node's keys makes about the log.
package struct SignedSize: Hashable, Sendable {
    /// Which of the node's keys signs, such as `log` or `cosigner`.
    package var signer: String
    /// Leaves covered.
    package var size: UInt64
    /// Root of the tree of these leaves.
    package var root: Digest

    /// What `signer` is about to sign.
    package init(signer: String, size: UInt64, root: Digest) {
        self.signer = signer
        self.size = size
        self.root = root
    }
}

/// Two votes of one member that contradict each other.
package struct StoredEvidence: Hashable, Sendable {
    /// Which rule they break.
    package var code: String
    /// Epoch of the votes.
    package var epoch: UInt64
    /// View of the votes.
    package var view: UInt64
    /// Index of the member that cast them.
    package var member: UInt64
    /// The pair, as consensus encodes it.
    package var bytes: [UInt8]

    /// Evidence as it goes into the store.
    package init(code: String, epoch: UInt64, view: UInt64, member: UInt64, bytes: [UInt8]) {
        self.code = code
        self.epoch = epoch
        self.view = view
        self.member = member
        self.bytes = bytes
    }
}
