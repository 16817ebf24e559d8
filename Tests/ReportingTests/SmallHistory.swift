import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Reporting

/// A ledger of a few blocks over three months, with the book of it.
struct SmallHistory {
    /// A block with the states around it.
    struct Step {
        let before: LedgerState?
        let block: Block
        let after: LedgerState
    }

    let fixture: LedgerFixture
    private(set) var steps: [Step] = []

    init() throws {
        fixture = try LedgerFixture()
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        steps = [Step(before: nil, block: block, after: state)]
    }

    /// Two consignees of one group in Kenya, one in Malaysia, one in the Netherlands; claims on both
    /// routes; a cancellation, and more claims in the next quarter, before the first reservation lapses.
    static func sample() throws -> SmallHistory {
        var history = try SmallHistory()
        let fixture = history.fixture
        let group = OrganisationBody.Parent(id: "grp", headquarters: "KE")
        try history.add(
            [
                try fixture.organisation("lab-ke", in: "KE", parent: group),
                try fixture.organisation("uni-ke", in: "KE", parent: group),
                try fixture.organisation("lab-my", in: "MY"),
                try fixture.organisation("lab-nl", in: "NL"),
            ],
            at: "2026-03-01"
        )
        try history.add(
            [
                try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 300),
                try fixture.claim("c-2", to: "uni-ke", in: "KE", quantity: 640),
                try fixture.claim("c-3", to: "lab-my", in: "MY", quantity: 95, route: "LPP"),
            ],
            at: "2026-03-10"
        )
        try history.add([try fixture.cancel("c-1")], at: "2026-03-20")
        try history.add(
            [
                try fixture.claim(
                    "c-4",
                    to: "lab-ke",
                    in: "KE",
                    sku: "chip-b",
                    quantity: 400,
                    by: fixture.government
                ),
                try fixture.claim("c-5", to: "lab-nl", in: "NL", quantity: 92, route: "LPP"),
            ],
            at: "2026-04-01"
        )
        return history
    }

    /// The time of the start of a day.
    static func time(_ day: String) throws -> UInt64 {
        var time = LedgerFixture.start
        while CalendarDate(posixSeconds: time)?.description != day {
            time += 86_400
            guard time < LedgerFixture.start + 2_000 * 86_400 else { throw NotADay(text: day) }
        }
        return time
    }

    /// Adds a block of statements that must all pass.
    mutating func add(_ statements: [Statement], at day: String) throws {
        guard let last = steps.last?.after else { return }
        let build = fixture.build(
            statements,
            on: last,
            view: UInt64(steps.count),
            time: try Self.time(day)
        )
        if let refused = build.refused.first { throw refused.refusal }
        guard let block = build.result?.block else { return }
        let after = try last.verify(block, keepsJournal: true)
        steps.append(Step(before: last, block: block, after: after))
    }

    /// The book of all blocks.
    var book: LedgerBook {
        var book = LedgerBook()
        for step in steps { book.append(step.block, after: step.after) }
        return book
    }

    /// The answer to a question of what-if.
    func whatIf(_ question: WhatIf.Question) -> WhatIf {
        var world = WhatIf(question)
        for step in steps { world.append(step.block, before: step.before, after: step.after) }
        return world
    }

    private struct NotADay: Error {
        let text: String
    }
}
