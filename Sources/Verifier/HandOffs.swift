import CBOR
public import Ledger
import MerkleLog
public import QuotaCrypto
public import Transparency

/// From the validators of one epoch to those of the next: the sealing block's checkpoint by a quorum of
/// the old ones, its header as the last leaf, and the keys of the new ones that the header names.
public struct HandOff: Hashable, Sendable {
    /// The signed checkpoint of the sealing block.
    public let note: SignedNote
    /// The header leaf, which is the last one.
    public let header: [UInt8]
    /// The inclusion path of the header.
    public let path: [Digest]
    /// The validators of the next epoch, ascending by id.
    public let validators: [ValidatorKeys]

    /// A step from its parts; nothing is checked here.
    public init(
        note: SignedNote,
        header: [UInt8],
        path: [Digest],
        validators: [ValidatorKeys]
    ) {
        self.note = note
        self.header = header
        self.path = path
        self.validators = validators
    }
}

/// The steps from a ledger's founders to its present validators, as received.
///
/// Bytes: the deterministic CBOR array `["QLEDGER-HANDOFFS-V1", genesis: bstr, [* [note: bstr,
/// header: bstr, [* bstr32], [+ [id, role, vote key, log key, cosigner key]]]]]`, the steps in the
/// order of the epochs that they end. File extension `.handoffs`.
public struct UnverifiedHandOffs: Hashable, Sendable {
    /// The genesis statement.
    public let genesis: [UInt8]
    /// One step for each epoch that ended.
    public let steps: [HandOff]

    /// The steps of a ledger; nothing is checked here.
    public init(genesis: [UInt8], steps: [HandOff]) {
        self.genesis = genesis
        self.steps = steps
    }

    private static let mark = "QLEDGER-HANDOFFS-V1"
    /// The most steps of one file.
    public static let stepCountMax = 4_096
    /// The most bytes of one file.
    public static let byteCountMax = 64 << 20

    /// Takes a file apart.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the offending part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            let limits = CBORLimits(
                byteCountMax: Self.byteCountMax,
                depthMax: 6,
                itemCountMax: 4_000_000
            )
            let items = try CBORItem(try CBORValue.decode(bytes, limits: limits)).array(count: 3)
            guard try items[0].text(maxLength: 64) == Self.mark else {
                throw items[0].error("expected '\(Self.mark)'")
            }
            genesis = try items[1].bytes(maxCount: Statement.maximumBytes)
            var steps: [HandOff] = []
            for item in try items[2].array(maxCount: Self.stepCountMax) {
                steps.append(try HandOff(item))
            }
            self.steps = steps
        } catch {
            throw VerificationFailure(.malformed, "\(error)")
        }
    }

    /// The file's bytes.
    public func encoded() -> [UInt8] {
        CBORValue.array([
            .text(Self.mark), .bytes(genesis), .array(steps.map(\.cbor)),
        ]).encoded()
    }
}

extension HandOff {
    init(_ item: CBORItem) throws {
        let items = try item.array(count: 4)
        note = try SignedNote(try items[0].bytes(maxCount: 65_536))
        header = try items[1].bytes(maxCount: BlockLimits.headerBytesMax)
        var path: [Digest] = []
        for step in try items[2].array(maxCount: 64) {
            guard let digest = Digest(try step.bytes(count: Digest.byteCount)) else {
                throw step.error("expected a digest")
            }
            path.append(digest)
        }
        self.path = path
        validators = try ValidatorKeys.list(items[3])
    }

    var cbor: CBORValue {
        .array([
            .bytes(note.bytes), .bytes(header), .array(path.map { .bytes($0.bytes) }),
            ValidatorKeys.cbor(of: validators),
        ])
    }
}

/// The validators of every epoch of a ledger, each set named by a quorum of the one before, the first
/// by the genesis statement.
public struct VerifiedHandOffs: Sendable {
    /// One epoch.
    public struct Epoch: Sendable {
        /// Its number; the first is 1.
        public let number: UInt64
        /// Its validators.
        public let validators: [ValidatorKeys]
        /// What its checkpoints and receipts are checked by.
        public let policy: TrustPolicy
        /// The size of the log at the block that sealed it; nil for the present epoch.
        public let end: UInt64?
    }

    /// SHA-256 of the genesis statement: what all of it follows from.
    public let chainID: Digest
    /// The origin of the ledger.
    public let origin: String
    /// The state that the genesis statement founds.
    public let genesis: LedgerState
    /// The epochs in order.
    public let epochs: [Epoch]

    /// The present epoch, as far as the steps go.
    public var present: Epoch { epochs[epochs.count - 1] }

    /// What `verify` makes of the newest epoch whose validators may have signed what is asked about.
    ///
    /// The validators of an epoch that is over are not believed beyond the block that ended it.
    ///
    /// - Parameters:
    ///   - size: The size of the tree that a result is about.
    ///   - verify: Checks by a policy.
    /// - Returns: What `verify` made of it.
    /// - Throws: The failure of the newest epoch if none succeeds.
    public func first<Result>(
        size: (Result) -> UInt64,
        verify: (TrustPolicy) throws(VerificationFailure) -> Result
    ) throws(VerificationFailure) -> Result {
        var failure: VerificationFailure?
        for epoch in epochs.reversed() {
            do throws(VerificationFailure) {
                let result = try verify(epoch.policy)
                guard let end = epoch.end, size(result) > end else { return result }
                failure =
                    failure
                    ?? VerificationFailure(
                        .quorumNotMet,
                        "signed by the validators of epoch \(epoch.number), which ended at size \(end)"
                    )
            } catch {
                failure = failure ?? error
            }
        }
        throw failure ?? VerificationFailure(.quorumNotMet, "there is no epoch")
    }
}

extension UnverifiedHandOffs {
    /// Walks from the genesis statement to the present validators.
    ///
    /// - Parameter chainID: SHA-256 of the genesis statement that the caller trusts.
    /// - Returns: The validators of every epoch.
    /// - Throws: `VerificationFailure` that names the step.
    public func verify(chainID: Digest) throws(VerificationFailure) -> VerifiedHandOffs {
        guard SHA256.hash(genesis) == chainID else {
            throw VerificationFailure(
                .otherLedger,
                "the genesis statement has the hash \(SHA256.hash(genesis)), not \(chainID)"
            )
        }
        let founded: LedgerState
        do {
            founded = try LedgerState.genesis(genesis).state
        } catch {
            throw VerificationFailure(.malformed, "the genesis statement: \(error)")
        }
        var keys = founded.validators.map { ValidatorKeys($0) }
        var epochs: [VerifiedHandOffs.Epoch] = []
        var size: UInt64 = 0
        for (position, step) in steps.enumerated() {
            let number = UInt64(position) + 1
            let policy = try ValidatorKeys.trustPolicy(of: keys, origin: founded.origin)
            do throws(VerificationFailure) {
                size = try step.verify(policy, origin: founded.origin, after: size)
            } catch {
                let place = "the end of epoch \(number)"
                throw VerificationFailure(
                    error.reasons.map { .init($0.code, "\(place): \($0.message)") }
                )
            }
            epochs.append(
                VerifiedHandOffs.Epoch(
                    number: number,
                    validators: keys,
                    policy: policy,
                    end: size
                )
            )
            keys = step.validators
        }
        let present = VerifiedHandOffs.Epoch(
            number: UInt64(steps.count) + 1,
            validators: keys,
            policy: try ValidatorKeys.trustPolicy(of: keys, origin: founded.origin),
            end: nil
        )
        return VerifiedHandOffs(
            chainID: chainID,
            origin: founded.origin,
            genesis: founded,
            epochs: epochs + [present]
        )
    }
}

extension UnverifiedHandOffs {
    /// The policy of the present validators, for who trusts those of one of the epochs.
    ///
    /// - Parameter trusted: A policy that accepts the end of an epoch; what it asks for beyond the
    ///   ledger's own rule is not asked of later epochs.
    /// - Returns: The ledger's own policy of the present epoch; nil if none ended that it accepts.
    /// - Throws: `VerificationFailure` if a later step does not hold.
    public func policy(
        following trusted: TrustPolicy
    ) throws(VerificationFailure) -> TrustPolicy? {
        let terms = try terms(following: trusted)
        return terms.count > 1 ? terms[terms.count - 1].policy : nil
    }

    /// The policies of the epochs from the one on whose end a trusted policy accepts.
    ///
    /// A policy that has the log keys of the validators to whom a step leads is of the epoch after it: it
    /// is kept there, since it may ask for more than the ledger's own rule.
    ///
    /// - Parameter trusted: The policy of an epoch.
    /// - Returns: First `trusted`, then the ledger's own policies, each with the size at which its
    ///   validators' word ends, nil for the last; `trusted` alone if no epoch ended that it accepts.
    /// - Throws: `VerificationFailure` if a later step does not hold.
    public func terms(
        following trusted: TrustPolicy
    ) throws(VerificationFailure) -> [PolicyTerm] {
        var terms: [PolicyTerm] = []
        var policy = trusted
        var size: UInt64 = 0
        let known = steps.lastIndex { trusted.hasLogs(of: $0.validators) }
        for step in steps.suffix(from: known.map { $0 + 1 } ?? 0) {
            guard let accepted = try? UnverifiedCheckpoint(step.note).verify(policy) else {
                guard terms.isEmpty else {
                    throw VerificationFailure(.quorumNotMet, "an epoch's end lacks its quorum")
                }
                continue
            }
            let origin = accepted.checkpoint.origin
            size = try step.verify(policy, origin: origin, after: size)
            terms.append(PolicyTerm(policy: policy, end: size))
            policy = try ValidatorKeys.trustPolicy(of: step.validators, origin: origin)
        }
        return terms + [PolicyTerm(policy: policy, end: nil)]
    }
}

extension TrustPolicy {
    /// Whether its log keys are those of these validators and no others.
    fileprivate func hasLogs(of validators: [ValidatorKeys]) -> Bool {
        Set(logs.map(\.key.publicKey)) == Set(validators.map(\.log))
    }
}

/// A trust policy with the size of the log beyond which it no longer counts.
public struct PolicyTerm: Sendable {
    /// The policy.
    public let policy: TrustPolicy
    /// The size at the end of its epoch; nil for the newest that is known.
    public let end: UInt64?

    /// Makes a term.
    public init(policy: TrustPolicy, end: UInt64?) {
        self.policy = policy
        self.end = end
    }
}

extension HandOff {
    /// Checks one step by the policy of the epoch that it ends.
    ///
    /// - Returns: The size of the log at the sealing block.
    func verify(
        _ policy: TrustPolicy,
        origin: String,
        after size: UInt64
    ) throws(VerificationFailure) -> UInt64 {
        let checkpoint = try UnverifiedCheckpoint(note).verify(policy).checkpoint
        guard checkpoint.origin.utf8.elementsEqual(origin.utf8), checkpoint.size > size else {
            throw VerificationFailure(
                .notConsistent,
                "its checkpoint of size \(checkpoint.size) does not follow size \(size)"
            )
        }
        let proof = InclusionProof(
            index: checkpoint.size - 1,
            size: checkpoint.size,
            path: path
        )
        do {
            try proof.verify(leaf: TreeHash.leaf(header), root: checkpoint.root)
        } catch {
            throw VerificationFailure(.notTheState, "its header is not the last leaf: \(error)")
        }
        let decoded: BlockHeader
        do {
            decoded = try BlockHeader.decode(header)
        } catch {
            throw VerificationFailure(.malformed, "its header: \(error)")
        }
        guard decoded.validators == ValidatorKeys.digest(of: validators) else {
            throw VerificationFailure(
                .notTheState,
                "its header names other validators of the next epoch"
            )
        }
        return checkpoint.size
    }
}
