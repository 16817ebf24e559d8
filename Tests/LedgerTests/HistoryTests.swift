import CBOR
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import TestSupport
import Testing

/// Random histories: whatever is submitted, in whatever order, all replicas agree and no cap is
/// passed.
struct HistoryTests {
    static let countries = ["KE", "MY", "SG", "AE", "FR", "CN"]

    /// The statements that a seed draws, most of them claims, some of them wrong.
    private func candidates(
        _ fixture: LedgerFixture,
        _ random: inout SplitMix64,
        round: Int,
        time: UInt64
    ) throws -> [Statement] {
        try (0..<Int.random(in: 1...12, using: &random)).map { _ in
            let member = fixture.founders.randomElement(using: &random) ?? fixture.exporter
            let id = "c-\(Int.random(in: 0..<40, using: &random))"
            let country = Self.countries.randomElement(using: &random) ?? "KE"
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                return try fixture.cancel(id, by: member)
            case 1:
                let body = OrganisationBody(
                    id: "org-\(country)-\(round)",
                    location: country,
                    headquarters: country,
                    parent: .init(id: "group-\(id)", headquarters: country),
                    name: .zero
                )
                return try fixture.statement(
                    .organisation(body),
                    by: fixture.government,
                    at: time,
                    approvers: [fixture.otherGovernment]
                )
            default:
                return try fixture.claim(
                    id,
                    to: Bool.random(using: &random) ? "org-\(country)" : "org-KE",
                    in: country,
                    sku: ["chip-a", "chip-b", "chip-z"][
                        Int.random(in: 0..<20, using: &random) / 9
                    ],
                    quantity: UInt64.random(in: 1...500, using: &random),
                    route: Bool.random(using: &random) ? "LICENSE" : "LPP",
                    by: member,
                    at: time
                )
            }
        }
    }

    /// Every account is the sum of what the claims say they put into it, and below its cap.
    private func checkInvariants(_ state: LedgerState, _ claims: Set<StatementIdentity>) throws {
        var sums: [AccountKey: UInt64] = [:]
        for identity in claims {
            let record = try #require(
                state.claim(issuer: identity.issuer, id: identity.subject)
            )
            for posting in record.postings {
                sums[posting.account, default: 0] += record.consumed(posting)
            }
        }
        for account in state.accounts {
            #expect(account.total.consumed == sums[account.key, default: 0])
            #expect(account.total.consumed <= (account.total.cap ?? .max))
        }
        #expect(state.lastHeader.mapRoot == state.map.root)
        #expect(state.lastHeader.treeSize == state.size)
    }

    @Test(arguments: UInt64(0)..<24)
    func `four replicas agree on every root of a random history`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let fixture = try LedgerFixture()
        let organisations = try Self.countries.map { try fixture.organisation("org-\($0)", in: $0) }
        var replicas = try (0..<4).map { _ in
            try fixture.state(after: organisations, on: try fixture.state())
        }
        var leaves: [Digest] = []
        var claims: Set<StatementIdentity> = []
        let before = replicas[0].tree
        var codes: Set<RefusalCode> = []
        for round in 0..<12 {
            let leader = Int.random(in: 0..<4, using: &random)
            let time = LedgerFixture.start + UInt64(round) * 60
            let drawn = try candidates(fixture, &random, round: round, time: time)
            let build = fixture.build(
                drawn,
                on: replicas[leader],
                time: time
            )
            codes.formUnion(build.refused.map(\.refusal.code))
            guard let block = build.result?.block else { continue }
            let bytes = block.encoded()
            for replica in replicas.indices {
                replicas[replica] = try replicas[replica].verify(try Block.decode(bytes))
            }
            #expect(Set(replicas.map(\.lastHeaderHash)).count == 1)
            #expect(Set(replicas.map(\.checkpointText)) == [block.checkpointText])
            leaves += block.leafHashes
            for statement in block.statements where statement.identity.kind == .claim {
                claims.insert(statement.identity)
            }
            try checkInvariants(replicas[leader], claims)
        }
        #expect(!claims.isEmpty)
        #expect(codes.contains(.limitExceeded))
        var tree = before
        for leaf in leaves { tree.append(leaf) }
        #expect(tree == replicas[0].tree)
        try checkRestored(replicas[0])
    }

    private func checkRestored(_ state: LedgerState) throws {
        let restored = try state.restored()
        #expect(restored.accounts == state.accounts)
        #expect(restored.organisations == state.organisations)
    }
}
