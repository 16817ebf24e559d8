package import APIModel
package import MerkleLog
package import QuotaCrypto
package import Transparency

/// What the HTTP shell asks of a node.
///
/// `NodeService` implements it; tests implement it in memory. Every answer is taken from one
/// final state. A method that cannot answer throws an ``APIProblem``; any other error becomes
/// `internal-error` and is logged.
package protocol NodeBackend: Sendable {
    // MARK: The node

    /// Whether the ledger is alive and where it stands.
    func status() async throws -> StatusDocument

    /// Whether this process is live and ready.
    func health() async -> HealthDocument

    // MARK: The log

    /// The newest published checkpoint as a signed note, nil before there is one.
    func checkpoint() async throws -> [UInt8]?

    /// The newest checkpoint with the lines of the operator's outside witnesses, nil before there is
    /// one.
    func witnessedCheckpoint() async throws -> [UInt8]?

    /// The bytes of a hash tile or an entry bundle, nil if the log does not cover it.
    func tile(_ path: TilePath) async throws -> [UInt8]?

    /// One leaf, nil if there is none.
    func leaf(_ locator: LeafLocator) async throws -> LeafRecord?

    /// RFC 9162 consistency path; both sizes were published and `old` is at most `new`.
    func consistencyPath(old: UInt64, new: UInt64) async throws -> [Digest]

    // MARK: Registration

    /// Takes statements in order and says what became of each, one outcome a statement.
    ///
    /// There are 1 to 1,000 statements of at most 65,535 bytes each, which nothing has looked at
    /// yet. `waits` asks to wait, within the node's own bound, until each is final or refused;
    /// `receipts` asks for receipts of what is final, and intake receipts of what waits.
    func submit(_ statements: [[UInt8]], waits: Bool, receipts: Bool) async throws
        -> [SubmissionOutcome]

    /// Where a registration stands, with a fresh receipt of this node if it is final.
    func registration(_ entry: Digest) async throws -> Registration

    /// The statement with every validator's receipt in header 394, nil if it is not final here.
    func transparentStatement(_ entry: Digest) async throws -> [UInt8]?

    /// The keys that verify this log's receipts, retired ones included.
    func receiptKeys() async throws -> [Ed25519.PublicKey]

    // MARK: The state

    /// The members, by id.
    func members() async throws -> MembersDocument

    /// The organisations, by id, or the one asked for.
    func organisations(id: String?) async throws -> OrganisationsDocument

    /// The proposals in the order of the log, or the one asked for.
    func proposals(_ subject: (issuer: String, id: String)?) async throws -> ProposalsDocument

    /// The policies that were ever adopted, in the order of the log.
    func policies() async throws -> PoliciesDocument

    /// The facilities, by id.
    func facilities() async throws -> FacilitiesDocument

    /// The policy in force.
    func policy() async throws -> AdoptedRecord

    /// The chip catalogue in force.
    func catalogue() async throws -> CatalogueDocument

    /// The country accounts, or every account that belongs to one country.
    func accounts(country: String?) async throws -> AccountsDocument

    /// Claims in the order of the log.
    func claims(_ filter: ClaimFilter) async throws -> ClaimsDocument

    /// What is left, for whom, for which chip.
    func room(_ query: RoomQuery) async throws -> RoomDocument

    /// Judges claims in order without submitting them, each as if those before it that pass had
    /// been admitted; one verdict a claim.
    func dryRun(_ claims: [DryRunClaim]) async throws -> [DryRunVerdict]

    // MARK: Proofs and roots of trust

    /// A `.tlog-proof` of one account, whose `extra` holds header and map proof; nil if the
    /// policy has no such account.
    func totalProof(_ query: TotalQuery) async throws -> [UInt8]?

    /// A `.tlog-proof` of several entries of the state map at the newest published checkpoint, whose
    /// `extra` holds header and map proofs; nil if nothing is meant by the question.
    ///
    /// `isWitnessed` asks for the checkpoint of ``witnessedCheckpoint()`` instead.
    func stateProof(_ query: StateProofQuery, isWitnessed: Bool) async throws -> [UInt8]?

    /// How a country's capped accounts came to stand where they stand.
    func history(country: String) async throws -> HistoryDocument

    // MARK: Witnessing

    /// Judges a checkpoint that somebody wants cosigned; its `old` is at most its size.
    func witness(_ request: WitnessRequest, _ checkpoint: Checkpoint) async throws -> WitnessAnswer

    /// The newest note that this node cosigned, of the log whose origin has this SHA-256; nil if it
    /// watches no such log or has cosigned nothing.
    func witnessed(_ originHash: Digest) async throws -> [UInt8]?

    // MARK: Roots of trust

    /// The genesis statement.
    func genesis() async throws -> GenesisRecord

    /// This ledger's C2SP trust policy.
    func trustPolicy() async throws -> String

    /// The steps from the founders to the present validators, as a `.handoffs` file.
    func handOffs() async throws -> [UInt8]
}

/// How a leaf is named.
package enum LeafLocator: Hashable, Sendable {
    /// By its RFC 9162 leaf hash.
    case entry(Digest)
    /// By its index.
    case index(UInt64)
}

/// One leaf with what the ledger knows of it.
package struct LeafRecord: Hashable, Sendable {
    /// The leaf hash.
    package var entry: Digest
    /// The leaf index.
    package var index: UInt64
    /// The block that holds it.
    package var height: UInt64
    /// The time of that block in POSIX seconds.
    package var time: UInt64
    /// The leaf: a tagged COSE_Sign1 or a block header.
    package var bytes: [UInt8]
    /// Where a claim stands, such as `reserved` or `cancelled`.
    package var state: String?
    /// How the claim was judged, for claims.
    package var decision: DecisionDocument?

    /// Makes a record.
    package init(
        entry: Digest,
        index: UInt64,
        height: UInt64,
        time: UInt64,
        bytes: [UInt8],
        state: String? = nil,
        decision: DecisionDocument? = nil
    ) {
        self.entry = entry
        self.index = index
        self.height = height
        self.time = time
        self.bytes = bytes
        self.state = state
        self.decision = decision
    }
}

/// Where a registration stands.
package enum Registration: Hashable, Sendable {
    /// It is in the log; this is the node's own receipt, a tagged COSE_Sign1.
    case final(receipt: [UInt8])
    /// It waits for a block; ask again after so many seconds.
    case running(retryAfter: Int)
    /// This node has never seen it.
    case unknown
}

/// A signed document in force.
package struct AdoptedRecord: Hashable, Sendable {
    /// The document's id.
    package var id: String
    /// The leaf that brought it into force.
    package var index: UInt64
    /// The hash of that leaf.
    package var entry: Digest
    /// The document, deterministic CBOR.
    package var body: [UInt8]

    /// Makes a record.
    package init(id: String, index: UInt64, entry: Digest, body: [UInt8]) {
        self.id = id
        self.index = index
        self.entry = entry
        self.body = body
    }
}

/// The first leaf.
package struct GenesisRecord: Hashable, Sendable {
    /// The log's origin.
    package var origin: String
    /// SHA-256 of the statement.
    package var chainID: Digest
    /// The genesis statement, a tagged COSE_Sign1.
    package var statement: [UInt8]

    /// Makes a record.
    package init(origin: String, chainID: Digest, statement: [UInt8]) {
        self.origin = origin
        self.chainID = chainID
        self.statement = statement
    }
}
