import Ledger
import LedgerFixture
import QuotaCrypto
import Testing

@testable import NodeService

@Suite struct StatementPoolTests {
    private let fixture: LedgerFixture

    init() throws {
        fixture = try LedgerFixture()
    }

    private func claim(_ id: String, by member: Founder? = nil) throws -> Statement {
        try fixture.claim(id, to: "org", in: "KE", quantity: 1, by: member)
    }

    private func claims(_ count: Int) throws -> [Statement] {
        try (0..<count).map { try claim("claim-\($0)") }
    }

    private func pool(_ statements: [Statement], own: Bool = true) -> StatementPool {
        var pool = StatementPool(maxStatements: 200, maxBytes: 1 << 20, members: 2)
        for statement in statements {
            #expect(pool.add(statement, height: 0, own: own, now: 0) == .added)
        }
        return pool
    }

    @Test func `a statement is added once, and known from then on`() throws {
        let statement = try claim("a")
        var pool = pool([statement])
        #expect(pool.hasNews)
        #expect(pool.add(statement, height: 0, own: true, now: 0) == .known)
        #expect(pool.count == 1)
        #expect(pool.bytes == statement.bytes.count)
        #expect(pool.contains(statement.leafHash))
        #expect(pool.statement(statement.leafHash) == statement)
        pool.remove(statement.leafHash)
        pool.remove(statement.leafHash)
        #expect(pool.isEmpty)
        #expect(pool.bytes == 0)
    }

    /// How many of `count` statements of `member` go in, in order.
    private func fill(_ pool: inout StatementPool, _ count: Int, by member: Founder) throws -> Int {
        try (0..<count).count { number in
            let statement = try claim("\(member.id)-\(number)", by: member)
            return pool.add(statement, height: 0, own: true, now: 0) == .added
        }
    }

    @Test func `whoever floods has the shared half and its own lane, the others theirs`() throws {
        var pool = StatementPool(maxStatements: 40, maxBytes: 1 << 20, members: 4)
        let members = Array(fixture.founders.prefix(4))
        #expect(try fill(&pool, 99, by: members[0]) == 25)
        for member in members[1...] { #expect(try fill(&pool, 99, by: member) == 5) }
        #expect(pool.count == 40)
        // Room in the shared half is whoever's comes first.
        pool.remove(try claim("\(members[0].id)-3", by: members[0]).leafHash)
        #expect(
            pool.add(try claim("late", by: members[3]), height: 0, own: true, now: 0) == .added
        )
        #expect(try fill(&pool, 99, by: members[0]) == 0)
        // More members: smaller lanes, for what comes from then on.
        pool.reserve(forMembers: 20)
        #expect(
            pool.add(try claim("more", by: members[2]), height: 0, own: true, now: 0) == .full
        )
    }

    @Test func `the bytes are parted like the places`() throws {
        let size = try claim("a").bytes.count
        var pool = StatementPool(maxStatements: 100, maxBytes: size * 4, members: 2)
        for id in ["a", "b", "c"] {
            #expect(pool.add(try claim(id), height: 0, own: true, now: 0) == .added)
        }
        #expect(pool.add(try claim("d"), height: 0, own: true, now: 0) == .full)
        pool.remove(try claim("b").leafHash)
        #expect(pool.add(try claim("d"), height: 0, own: true, now: 0) == .added)
        #expect(pool.bytes == size * 3)
    }

    @Test func `a block holds a share of each issuer before anybody has more`() throws {
        let (flood, quiet) = (fixture.founders[0], fixture.founders[1])
        var pool = StatementPool(maxStatements: 100, maxBytes: 1 << 20, members: 2)
        #expect(try fill(&pool, 20, by: flood) == 20)
        #expect(try fill(&pool, 3, by: quiet) == 3)
        func picked(_ count: Int, _ bytes: Int = 1 << 20) -> [String] {
            pool.candidates(excluding: { _ in false }, maxCount: count, maxBytes: bytes)
                .map(\.identity.issuer)
        }
        #expect(picked(10).count { $0 == quiet.id } == 3)
        #expect(picked(10).count == 10)
        #expect(picked(4).count { $0 == quiet.id } == 2)
        #expect(picked(99).count == 23)
        let size = try claim("\(flood.id)-0", by: flood).bytes.count + 16
        #expect(picked(10, size * 4).count { $0 == quiet.id } == 2)
    }

    @Test func `candidates are the oldest that are free, within both bounds`() throws {
        let statements = try claims(6)
        let pool = pool(statements)
        let taken = statements[1].leafHash
        let some = pool.candidates(excluding: { $0 == taken }, maxCount: 3, maxBytes: 1 << 20)
        #expect(some == [statements[0], statements[2], statements[3]])
        let size = statements[0].bytes.count
        let two = pool.candidates(excluding: { _ in false }, maxCount: 9, maxBytes: size * 2)
        #expect(two == Array(statements[0..<2]))
        let none = pool.candidates(excluding: { _ in false }, maxCount: 9, maxBytes: size - 1)
        #expect(none.isEmpty)
    }

    @Test func `order survives many removals`() throws {
        let statements = try claims(90)
        var pool = pool(statements)
        for statement in statements[0..<85] { pool.remove(statement.leafHash) }
        let left = pool.candidates(excluding: { _ in false }, maxCount: 99, maxBytes: 1 << 20)
        #expect(left == Array(statements[85...]))
    }

    @Test func `a statement is overdue two blocks after its arrival`() throws {
        let statements = try claims(3)
        var pool = StatementPool(maxStatements: 100, maxBytes: 1 << 20, members: 2)
        for (height, statement) in statements.enumerated() {
            _ = pool.add(statement, height: UInt64(height), own: true, now: 0)
        }
        #expect(pool.overdue(at: 1, limit: 9).isEmpty)
        #expect(pool.overdue(at: 2, limit: 9) == [statements[0]])
        #expect(pool.overdue(at: 3, limit: 9) == Array(statements[0..<2]))
        #expect(pool.overdue(at: 9, limit: 2) == Array(statements[0..<2]))
    }

    @Test func `own statements are pushed again after a while, those of others later`() throws {
        let statements = try claims(3)
        var pool = StatementPool(maxStatements: 10, maxBytes: 1 << 20, members: 2)
        _ = pool.add(statements[0], height: 0, own: true, now: 1_000)
        _ = pool.add(statements[1], height: 0, own: false, now: 1_000)
        _ = pool.add(statements[2], height: 0, own: true, now: 1_050)
        func push(at now: UInt64, limit: Int = 9) -> [Statement] {
            pool.takeForPush(ownBefore: now - 20, othersBefore: now - 100, now: now, limit: limit)
        }
        #expect(push(at: 1_019).isEmpty)
        #expect(push(at: 1_020) == [statements[0]])
        #expect(push(at: 1_020).isEmpty, "it was just pushed")
        #expect(push(at: 1_070, limit: 1) == [statements[0]])
        #expect(push(at: 1_070) == [statements[2]])
        #expect(push(at: 1_100) == statements)
    }

    @Test func `a known statement becomes own when a client brings it`() throws {
        let statement = try claim("a")
        var pool = pool([statement], own: false)
        #expect(pool.takeForPush(ownBefore: 9, othersBefore: 0, now: 9, limit: 9) == [statement])
        #expect(pool.takeForPush(ownBefore: 9, othersBefore: 8, now: 9, limit: 9).isEmpty)
        #expect(pool.add(statement, height: 0, own: true, now: 10) == .known)
        #expect(pool.takeForPush(ownBefore: 9, othersBefore: 0, now: 11, limit: 9) == [statement])
    }
}
