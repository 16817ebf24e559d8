import CBOR
import Consensus
import Explorer
import Foundation
import Ledger
import MerkleLog
import QuotaCrypto
import QuotaRules
import Transparency

/// A ledger of many claims made in this process, without nodes: for measuring what reads a ledger.
///
/// Everything follows from the seed, so two runs make the same bytes.
struct BenchHistory {
    /// A founding member with its keys.
    struct Founder {
        let id: String
        let role: MemberRole
        let country: String
        let key: Ed25519.PrivateKey
        let seed: SecretSeed

        init(_ id: String, _ role: MemberRole, _ country: String) throws {
            self.id = id
            self.role = role
            self.country = country
            key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("bench \(id)".utf8)).bytes)
            seed = try SecretSeed(SHA256.hash(Array("bench node \(id)".utf8)).bytes)
        }
    }

    /// Countries of the middle group, where caps bind.
    private static let countries = [
        "KE", "MY", "AE", "SA", "IN", "BR", "MX", "SG", "PL", "IL", "CH", "ID", "TH", "VN", "EG",
        "ZA",
    ]
    private static let chips = ["h100-sxm", "h200-sxm", "b200", "l4", "a100-sxm"]
    /// Companies a country.
    private static let companies = 12

    let founders: [Founder]
    private let origin = "quota.example/bench-history"
    /// 2026-01-01T00:00:00Z.
    private let start: UInt64 = 1_767_225_600
    private let chips: [String]
    private var random: SeededRandom
    private var time: UInt64
    private(set) var state: LedgerState
    /// Every leaf.
    private(set) var leaves: [[UInt8]]

    init(policy: Policy, catalogue: ChipCatalogue, seed: UInt64) throws {
        founders = [
            try Founder("agency-a", .government, "US"), try Founder("agency-b", .government, "NL"),
            try Founder("agency-c", .government, "JP"), try Founder("exporter", .exporter, "US"),
        ]
        random = SeededRandom(seed: seed)
        chips = Self.chips.filter { catalogue.item($0) != nil }
        time = start
        let genesis = try Self.genesis(founders, origin: origin, time: start, policy, catalogue)
        let (state, block) = try LedgerState.genesis(genesis.bytes)
        self.state = state
        leaves = block.leaves
    }

    private static func genesis(
        _ founders: [Founder],
        origin: String,
        time: UInt64,
        _ policy: Policy,
        _ catalogue: ChipCatalogue
    ) throws -> Statement {
        let cards = try founders.map { founder in
            let card = MemberCard(
                id: founder.id,
                name: founder.id,
                role: founder.role,
                country: founder.country,
                statementKey: founder.key.publicKey,
                node: try NodeCard(
                    seed: founder.seed,
                    member: founder.id,
                    origin: origin,
                    peer: "127.0.0.1:7001",
                    api: "http://127.0.0.1:8001"
                )
            )
            return try StatementDraft(
                .member(card),
                issuer: founder.id,
                audience: origin,
                issuedAt: time
            ).signed(with: founder.key).bytes
        }
        let body = GenesisBody(
            origin: origin,
            time: time,
            members: cards,
            policy: policy.encoded.encoded(),
            catalogue: catalogue.encoded.encoded()
        )
        var draft = StatementDraft(
            .genesis(body),
            issuer: founders[0].id,
            audience: origin,
            issuedAt: time
        )
        draft.approvals = founders.dropFirst().map {
            draft.approval(by: $0.id, at: time, with: $0.key)
        }
        return try draft.signed(with: founders[0].key)
    }

    /// Registers companies, then makes claims until `count` statements are on the ledger.
    ///
    /// - Parameters:
    ///   - count: How many statements, at least.
    ///   - perBlock: Statements offered for one block.
    ///   - progress: Hears how many there are.
    /// - Throws: `BenchError` if the rules let nothing pass any more.
    mutating func run(count: Int, perBlock: Int, progress: (Int) -> Void) throws {
        try register()
        var made = 0
        while leaves.count < count {
            time += 3_600
            let claims = try (0..<perBlock).map { try claim("c-\(made + $0)") }
            made += perBlock
            try close(claims)
            progress(leaves.count)
        }
    }

    private mutating func register() throws {
        var statements: [Statement] = []
        for country in Self.countries {
            for number in 0..<Self.companies {
                let body = OrganisationBody(
                    id: "\(country.lowercased())-\(number)",
                    location: country,
                    headquarters: country,
                    parent: number < 3 ? nil : .init(id: "group-\(number)", headquarters: country),
                    name: .zero
                )
                statements.append(
                    try signed(.organisation(body), by: founders[0], with: founders[1])
                )
            }
        }
        try close(statements)
    }

    private mutating func claim(_ id: String) throws -> Statement {
        let country = Self.countries[number(below: Self.countries.count)]
        let company = number(below: Self.companies)
        guard let day = CalendarDate(posixSeconds: time) else { throw BenchError("no such day") }
        let body = ClaimBody(
            authority: "LICENSE",
            destination: country,
            parties: [
                .init(
                    role: "ultimate_consignee",
                    organisation: "\(country.lowercased())-\(company)"
                )
            ],
            lines: [
                ClaimLine(
                    sku: chips[number(below: chips.count)],
                    quantity: UInt64(1 + number(below: 8))
                )
            ],
            exported: day
        )
        return try signed(.claim(body), id: id, by: founders[3])
    }

    private mutating func number(below bound: Int) -> Int {
        Int(random.number(below: UInt64(bound)))
    }

    private func signed(
        _ body: StatementBody,
        id: String = "",
        by founder: Founder,
        with approver: Founder? = nil
    ) throws -> Statement {
        var draft = StatementDraft(
            body,
            id: id,
            issuer: founder.id,
            audience: origin,
            issuedAt: time
        )
        if let approver {
            draft.approvals = [draft.approval(by: approver.id, at: time, with: approver.key)]
        }
        return try draft.signed(with: founder.key)
    }

    private mutating func close(_ statements: [Statement]) throws {
        let context = BlockContext(
            view: state.height + 1,
            proposer: founders[Int(state.height) % founders.count].id,
            time: time
        )
        let build = state.build(statements, context: context)
        guard let (block, next) = build.result else {
            let refusal = build.refused.first.map { $0.refusal.message } ?? "nothing fits"
            throw BenchError("no statement passes any more: \(refusal)")
        }
        state = next
        leaves += block.leaves
    }

    /// Writes the log as tlog-tiles, its checkpoint signed by all founders, and the trust policy.
    func write(to folder: URL) throws {
        let tree = MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) })
        for path in TilePath.hashTiles(size: tree.size) {
            try Self.write(try Tile.bytes(path, from: tree), to: folder, path.description)
        }
        var index: UInt64 = 0
        while let path = TilePath(.entries, index: index, size: tree.size) {
            let first = Int(index) * TilePath.fullWidth
            let entries = Array(leaves[first..<first + path.width])
            try Self.write(try EntryBundle.encode(entries), to: folder, path.description)
            index += 1
        }
        let note = try note(Checkpoint(origin: origin, size: tree.size, root: tree.root))
        try Self.write(note.bytes, to: folder, "checkpoint")
        let policy = try state.trustPolicy().text
        try Self.write(Array(policy.utf8), to: folder, "trust-policy")
        let last = try InclusionProof(index: tree.size - 1, size: tree.size, from: tree)
        try writePage(to: folder, note, last.path)
    }

    /// Writes the page, and what it asks beside the log: the proofs of all countries, and of the claims in
    /// the newest bundle and in the middle one.
    private func writePage(to folder: URL, _ note: SignedNote, _ path: [Digest]) throws {
        try Self.write(ExplorerPage.index(nodes: []), to: folder, "index.html")
        for name in ExplorerPage.names {
            let file = "\(ExplorerPage.folder)/\(name)"
            try Self.write(ExplorerPage.file(name) ?? [], to: folder, file)
        }
        let last = (leaves.count - 1) / TilePath.fullWidth
        var proofs = ["countries": state.countryAccounts.map(StateKey.account), "attention": []]
        for bundle in [last / 2, last] {
            let first = bundle * TilePath.fullWidth
            proofs["claims/\(bundle)"] = leaves[first...].prefix(TilePath.fullWidth).compactMap {
                guard let identity = try? Statement.decode($0).identity, identity.kind == .claim
                else { return nil }
                return StateKey.claim(issuer: identity.issuer, id: identity.subject)
            }
        }
        for (name, keys) in proofs {
            let proof = state.stateProof(for: keys, path: path, note: note)
            try Self.write(Array(proof.text.utf8), to: folder, "v1/proof/\(name)")
        }
    }

    private func note(_ checkpoint: Checkpoint) throws -> SignedNote {
        let signatures = try founders.flatMap { founder -> [NoteSignature] in
            let log = try NoteSigner(
                name: origin,
                privateKey: try founder.seed.key(for: .log)
            )
            let cosigner = try Cosigner(
                name: NodeCard.cosignerName(member: founder.id, origin: origin),
                privateKey: try founder.seed.key(for: .cosigner)
            )
            return [
                log.sign(checkpoint.text), cosigner.cosign(checkpoint, timestamp: time),
            ]
        }
        return try SignedNote(text: checkpoint.text, signatures: signatures)
    }

    private static func write(_ bytes: [UInt8], to folder: URL, _ path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }
}
