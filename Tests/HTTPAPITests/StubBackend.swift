import APIModel
import CBOR
import HTTPAPI
import MerkleLog
import QuotaCrypto
import Transparency

/// A node in memory that answers what a test tells it to.
struct StubBackend: NodeBackend {
    struct Broken: Error {}

    static let summary = CheckpointSummary(
        size: 42,
        root: String(repeating: "ab", count: 32),
        time: Timestamp(seconds: 1_748_779_200)
    )
    static let entry = SHA256.hash(Array("statement".utf8))
    static let receipt: [UInt8] = [0xD2, 0x84, 0x01]
    static let key = try? Ed25519.PrivateKey(seed: Array(repeating: 7, count: 32)).publicKey

    var outcome: @Sendable ([UInt8]) -> SubmissionOutcome = { _ in
        .final(
            FinalEntry(
                entry: StubBackend.entry.description,
                index: 41,
                size: 42,
                receipt: StubBackend.receipt
            )
        )
    }
    var registration: Registration = .final(receipt: StubBackend.receipt)
    var note: [UInt8]? = Array("note".utf8)
    var witnessAnswer = WitnessAnswer.unknownOrigin
    var isReady = true
    var submitDelay: Duration = .zero
    var transparentStatements: [Digest: [UInt8]] = [:]
    var handOffFile: @Sendable () -> [UInt8] = { [0x83] }
    var leafBytes: [UInt8] = CBORValue.textMap(["height": 3, "ver": 1]).encoded()

    func status() async throws -> StatusDocument { throw Broken() }

    func health() async -> HealthDocument {
        HealthDocument(
            isLive: true,
            isReady: isReady,
            reasons: isReady ? [] : ["only 2 of 4 validators are reachable"]
        )
    }

    func checkpoint() async throws -> [UInt8]? { note }

    func witnessedCheckpoint() async throws -> [UInt8]? { note }

    func tile(_ path: TilePath) async throws -> [UInt8]? {
        path.index == 0 ? Array(path.description.utf8) : nil
    }

    func leaf(_ locator: LeafLocator) async throws -> LeafRecord? {
        switch locator {
        case .index(3), .entry(Self.entry): record(Self.entry)
        case .entry(let entry) where transparentStatements[entry] != nil: record(entry)
        default: nil
        }
    }

    private func record(_ entry: Digest) -> LeafRecord {
        LeafRecord(entry: entry, index: 3, height: 1, time: 1_748_779_200, bytes: leafBytes)
    }

    func consistencyPath(old: UInt64, new: UInt64) async throws -> [Digest] { [.zero] }

    func submit(
        _ statements: [[UInt8]],
        waits: Bool,
        receipts: Bool
    ) async throws -> [SubmissionOutcome] {
        if submitDelay > .zero { try await Task.sleep(for: submitDelay) }
        return statements.map(outcome)
    }

    func registration(_ entry: Digest) async throws -> Registration {
        entry == Self.entry ? registration : .unknown
    }

    func transparentStatement(_ entry: Digest) async throws -> [UInt8]? {
        entry == Self.entry ? [0xD2, 0x84, 0x02] : transparentStatements[entry]
    }

    func receiptKeys() async throws -> [Ed25519.PublicKey] { Self.key.map { [$0] } ?? [] }

    func members() async throws -> MembersDocument {
        MembersDocument(checkpoint: Self.summary, members: [])
    }

    func organisations(id: String?) async throws -> OrganisationsDocument {
        let known = OrganisationDocument(
            id: "nairobi-university",
            location: "KE",
            headquarters: "KE",
            parent: "nairobi-university",
            parentHeadquarters: "KE",
            issuer: "us-bis"
        )
        let organisations = id == nil || id == known.id ? [known] : []
        return OrganisationsDocument(checkpoint: Self.summary, organisations: organisations)
    }

    func proposals(_ subject: (issuer: String, id: String)?) async throws -> ProposalsDocument {
        let known = ProposalDocument(
            issuer: "us-bis",
            id: "p-1",
            state: "open",
            action: .object(["kind": .text("expel")]),
            index: 7,
            opened: Timestamp(seconds: 1_748_779_200),
            ends: Timestamp(seconds: 1_751_371_200),
            votes: [VoteDocument(member: "us-bis", choice: "approve", index: 7)]
        )
        let isKnown = subject.map { $0.issuer == known.issuer && $0.id == known.id } ?? true
        return ProposalsDocument(checkpoint: Self.summary, proposals: isKnown ? [known] : [])
    }

    func policies() async throws -> PoliciesDocument {
        PoliciesDocument(
            checkpoint: Self.summary,
            policyIndex: 0,
            isWithdrawn: false,
            policies: []
        )
    }

    func facilities() async throws -> FacilitiesDocument {
        FacilitiesDocument(
            checkpoint: Self.summary,
            facilities: [
                FacilityDocument(
                    id: "f-1",
                    country: "NL",
                    operatorID: "lab-nl",
                    owner: "lab-nl",
                    attested: ["14": "2026-01-01"],
                    issuer: "nl-cdiu"
                )
            ]
        )
    }

    func policy() async throws -> AdoptedRecord {
        AdoptedRecord(
            id: "us-ai-diffusion-2025",
            index: 0,
            entry: Self.entry,
            body: CBORValue.textMap(["id": "us-ai-diffusion-2025", "limits": []]).encoded()
        )
    }

    func catalogue() async throws -> CatalogueDocument {
        CatalogueDocument(
            id: "chips-2025",
            chips: [ChipDocument(sku: "H100", name: "H100 SXM", performance: .tenths(158_320))]
        )
    }

    func accounts(country: String?) async throws -> AccountsDocument {
        AccountsDocument(
            checkpoint: Self.summary,
            policy: "us-ai-diffusion-2025",
            accounts: [
                AccountDocument(
                    limit: "country-cap",
                    subject: ["KE"],
                    country: "KE",
                    period: "2025",
                    cap: .tenths(7_900_000_000),
                    consumed: .tenths(268_985_680),
                    citation: "742.6(b)(10)(iii)(B)(1)"
                )
            ]
        )
    }

    func claims(_ filter: ClaimFilter) async throws -> ClaimsDocument {
        ClaimsDocument(
            checkpoint: Self.summary,
            claims: [],
            next: filter.after.map { $0 + UInt64(filter.limit) }
        )
    }

    func room(_ query: RoomQuery) async throws -> RoomDocument {
        RoomDocument(
            checkpoint: Self.summary,
            policy: "us-ai-diffusion-2025",
            country: query.country,
            routes: []
        )
    }

    func dryRun(_ claims: [DryRunClaim]) async throws -> [DryRunVerdict] {
        claims.map { .judged(DecisionDocument(outcome: .admit, review: $0.subject, limits: [])) }
    }

    func totalProof(_ query: TotalQuery) async throws -> [UInt8]? {
        query.country == "KE" ? Array("c2sp.org/tlog-proof@v1\n".utf8) : nil
    }

    func stateProof(_ query: StateProofQuery, isWitnessed: Bool) async throws -> [UInt8]? {
        switch query {
        case .accounts("ZZ"): nil
        default: Array("\(query)\(isWitnessed ? ", witnessed" : "")".utf8)
        }
    }

    func history(country: String) async throws -> HistoryDocument {
        HistoryDocument(
            checkpoint: Self.summary,
            country: country,
            accounts: [],
            isComplete: true
        )
    }

    func witness(_ request: WitnessRequest, _ checkpoint: Checkpoint) async throws -> WitnessAnswer
    {
        witnessAnswer
    }

    func witnessed(_ originHash: Digest) async throws -> [UInt8]? {
        originHash == Self.entry ? note : nil
    }

    func genesis() async throws -> GenesisRecord {
        GenesisRecord(origin: "quota.example/test", chainID: Self.entry, statement: [0xD2])
    }

    func trustPolicy() async throws -> String { "quorum none\n" }

    func handOffs() async throws -> [UInt8] { handOffFile() }
}
