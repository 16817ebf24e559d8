import CBOR
import QuotaRules
import TestSupport
import Testing

/// Claims that make no sense, or try to overflow something.
@Suite struct HostileClaimTests {
    private static let document = Fixtures.document(limits: [Fixtures.limit()])

    private func codes(
        _ lines: [(String, UInt64)],
        to destination: String = "BB",
        authority: String = "ROUTE",
        parties: [PartyFacts]? = nil,
        consumed: UInt64 = 0
    ) throws -> [ReasonCode] {
        let decision = try Fixtures.decide(
            Self.document,
            lines,
            to: destination,
            parties: parties,
            authority: authority
        ) { _ in consumed }
        #expect(decision.outcome == .refuse)
        #expect(decision.movements.isEmpty)
        #expect(decision.largestQuantities == lines.map { _ in 0 })
        return decision.reasons.map(\.code)
    }

    @Test func `each mistake has its code`() throws {
        #expect(try codes([]) == [.noLines])
        #expect(try codes([("ten", 0)]) == [.zeroQuantity])
        #expect(try codes([("none", 1)]) == [.unknownItem])
        #expect(
            try codes([("ten", 1)], to: "bb", parties: [Fixtures.party("BB")]) == [.unknownCountry]
        )
        #expect(try codes([("ten", 1)], authority: "NONE").first == .unknownRoute)
        #expect(
            try codes([("ten", 1)], parties: [Fixtures.party("BB", role: "captain")])
                == [.unknownRole]
        )
        #expect(
            try codes([("ten", 1)], parties: [Fixtures.party("BB", id: "")]) == [.missingIdentity]
        )
    }

    @Test func `several mistakes are reported together`() throws {
        let found = try codes(
            [("none", 1), ("ten", 0)],
            to: "",
            parties: [Fixtures.party("BBB")]
        )
        #expect(
            found == [
                .unknownCountry, .unknownCountry, .unknownCountry, .unknownCountry, .unknownItem,
                .zeroQuantity,
            ]
        )
    }

    @Test func `no quantity overflows`() throws {
        for quantity: UInt64 in [.max, .max / 100, .max / 100 + 1, 1 << 40, 1 << 63] {
            #expect(try codes([("ten", quantity)]) == [.claimTooLarge])
        }
        // 1,000,000,000,000 tenths fit one claim, two of them do not.
        #expect(try codes([("huge", 1), ("huge", 1)]).contains(.claimTooLarge))
        let decision = try Fixtures.decide(Self.document, [("huge", 1)])
        #expect(decision.reasons.first?.code == .limitExceeded)
    }

    @Test func `no total overflows`() throws {
        for consumed: UInt64 in [.max, 1 << 52, (1 << 52) - 100] {
            #expect(try codes([("ten", 1)], consumed: consumed).contains(.totalTooLarge))
        }
        let decision = try Fixtures.decide(Self.document, [("ten", 1)]) { _ in (1 << 52) - 101 }
        #expect(decision.limits.map(\.room) == [0])
        #expect(decision.outcome == .refuse)
    }

    @Test func `a text of the claim is repeated only as far as it is harmless`() throws {
        let decision = try Fixtures.decide(
            Self.document,
            [("\u{1B}[2J" + String(repeating: "x", count: 500), 1)]
        )
        let message = try #require(decision.reasons.first?.message)
        #expect(!message.contains("\u{1B}") && message.count < 200)
    }

    @Test(arguments: UInt64(0)..<200)
    func `admitted amounts never pass the cap, and one more than the largest is refused`(
        seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        let policy = try Policy.decode(Self.document)
        let exported = try Fixtures.day((2026, 3, 1))
        func decide(_ lines: [(String, UInt64)], _ held: UInt64) throws -> Decision {
            let facts = ClaimFacts(
                authority: "ROUTE",
                destination: "BB",
                parties: [Fixtures.party("BB")],
                lines: lines.map { ClaimLine(sku: $0.0, quantity: $0.1) },
                exported: exported
            )
            return try Fixtures.decide(facts, policy) { _ in held }
        }
        var held: UInt64 = 0
        for _ in 0..<20 {
            let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                (
                    ["ten", "half", "rack", "small"].randomElement(using: &random) ?? "ten",
                    UInt64.random(in: 1...40, using: &random)
                )
            }
            let decision = try decide(lines, held)
            for (index, largest) in decision.largestQuantities.enumerated() {
                guard let largest else { continue }
                for (quantity, passes) in [(largest, true), (largest + 1, false)]
                where quantity > 0 {
                    var other = lines
                    other[index].1 = quantity
                    #expect(try decide(other, held).outcome.passes == passes)
                }
            }
            held += decision.movements.reduce(0) { $0 + $1.amount }
            #expect(held <= 10_000)
        }
    }
}
