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
        var pool = StatementPool(maxStatements: 200, maxBytes: 1 << 20)
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

    @Test func `one issuer gets half of the places`() throws {
        var pool = StatementPool(maxStatements: 4, maxBytes: 1 << 20)
        #expect(pool.add(try claim("a"), height: 0, own: true, now: 0) == .added)
        #expect(pool.add(try claim("b"), height: 0, own: true, now: 0) == .added)
        #expect(pool.add(try claim("c"), height: 0, own: true, now: 0) == .full)
        let other = fixture.government
        #expect(pool.add(try claim("a", by: other), height: 0, own: true, now: 0) == .added)
        #expect(pool.add(try claim("b", by: other), height: 0, own: true, now: 0) == .added)
        let third = fixture.founders[0]
        #expect(pool.add(try claim("a", by: third), height: 0, own: true, now: 0) == .full)
        pool.remove(try claim("a").leafHash)
        #expect(pool.add(try claim("c"), height: 0, own: true, now: 0) == .added)
    }

    @Test func `one issuer gets half of the bytes`() throws {
        let size = try claim("a").bytes.count
        var pool = StatementPool(maxStatements: 100, maxBytes: size * 4)
        #expect(pool.add(try claim("a"), height: 0, own: true, now: 0) == .added)
        #expect(pool.add(try claim("b"), height: 0, own: true, now: 0) == .added)
        #expect(pool.add(try claim("c"), height: 0, own: true, now: 0) == .full)
        pool.remove(try claim("b").leafHash)
        #expect(pool.add(try claim("c"), height: 0, own: true, now: 0) == .added)
        #expect(pool.bytes == size * 2)
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
        var pool = StatementPool(maxStatements: 100, maxBytes: 1 << 20)
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
        var pool = StatementPool(maxStatements: 10, maxBytes: 1 << 20)
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
