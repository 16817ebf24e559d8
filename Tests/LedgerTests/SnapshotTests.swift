import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Testing

/// A state that is read back without replaying the log.
struct SnapshotTests {
    let fixture: LedgerFixture
    let state: LedgerState

    init() throws {
        let fixture = try LedgerFixture()
        self.fixture = fixture
        let newcomer = try Founder("gpuco", .exporter, "US")
        let first = try fixture.state(
            after: [
                try fixture.organisation(
                    "arm-sg",
                    in: "SG",
                    parent: .init(id: "group-ae", headquarters: "AE")
                ),
                try fixture.proposal("join", .member(try fixture.cardStatement(of: newcomer))),
                try fixture.vote(on: "join", by: fixture.founders[2]),
                try fixture.claim("c-1", to: "arm-sg", in: "SG", quantity: 3),
                try fixture.claim("c-2", to: "arm-sg", in: "SG", quantity: 2, route: "LPP"),
            ],
            on: try fixture.state()
        )
        state = try fixture.state(
            after: [
                try fixture.cancel("c-1"),
                try fixture.proposal(
                    "next",
                    .policy(
                        PolicySuccession(
                            try Policy.decode(FixtureRules.policy(id: "p-2")),
                            effective: try #require(CalendarDate("2026-01-01"))
                        )
                    )
                ),
                try fixture.vote(on: "next", by: fixture.founders[2]),
            ],
            on: first
        )
    }

    private func entries() -> [(key: [UInt8], value: [UInt8])] {
        var entries: [(key: [UInt8], value: [UInt8])] = []
        state.map.forEach { entries.append(($0, $1)) }
        return entries
    }

    private func restore(
        _ entries: [(key: [UInt8], value: [UInt8])],
        tree: CompactTree? = nil,
        header: [UInt8]? = nil
    ) throws(LedgerError) -> LedgerState {
        try LedgerState(
            restoring: fixture.genesis.bytes,
            entries: entries,
            tree: tree ?? state.tree,
            header: header ?? state.lastHeader.encoded()
        )
    }

    @Test func `a restored state answers and goes on as the one that was saved`() throws {
        let restored = try restore(entries().reversed())
        #expect(restored.origin == state.origin)
        #expect(restored.chainID == state.chainID)
        #expect(restored.lastHeader == state.lastHeader)
        #expect(restored.lastHeaderHash == state.lastHeaderHash)
        #expect(restored.members == state.members)
        #expect(restored.organisations == state.organisations)
        #expect(restored.accounts == state.accounts)
        #expect(restored.validators == state.validators)
        #expect(restored.policy == state.policy)
        #expect(restored.catalogue == state.catalogue)
        #expect(restored.policy.document.id == "p-2")
        #expect(restored.claim(issuer: "chipco", id: "c-1")?.state == .cancelled)
        let next = try fixture.claim("c-3", to: "arm-sg", in: "SG", quantity: 1)
        let block = try #require(fixture.build([next], on: state).result).block
        #expect(try restored.verify(block).tree == (try state.verify(block)).tree)
    }

    @Test func `a snapshot that does not fit its header is refused by part`() throws {
        var missing = entries()
        missing.removeLast()
        #expect(throws: LedgerError.self) { try restore(missing) }
        var changed = entries()
        changed[0].value.append(0)
        let error = #expect(throws: LedgerError.self) { try restore(changed) }
        guard case .snapshot(part: "map", _)? = error else {
            Issue.record("expected the map to be named")
            return
        }
        #expect(throws: LedgerError.self) { try restore(entries(), tree: CompactTree()) }
        #expect(throws: LedgerError.self) { try restore(entries(), header: [0xA0]) }
        #expect(throws: LedgerError.self) {
            try LedgerState(
                restoring: [],
                entries: entries(),
                tree: state.tree,
                header: state.lastHeader.encoded()
            )
        }
    }
}
