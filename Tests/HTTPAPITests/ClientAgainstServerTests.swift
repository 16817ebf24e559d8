import APIModel
import Client
import HTTPAPI
import Ledger
import LedgerFixture
import LedgerVectors
import Logging
import MerkleLog
import QuotaCrypto
import Testing
import Verifier

/// The client against a real listener: what it asks again, passes over, and refuses to believe.
@Suite(.serialized) struct ClientAgainstServerTests {
    private static let statement: [UInt8] = [0xD2, 0x84]
    private static let entry = TreeHash.leaf(statement).description
    private static let final = SubmissionOutcome.final(
        FinalEntry(entry: entry, index: 4, size: 5, receipt: nil)
    )

    private static func url(_ port: Int) throws -> LedgerURL {
        try #require(LedgerURL("127.0.0.1:\(port)"))
    }

    private static func backend(_ script: Script<SubmissionOutcome>) -> StubBackend {
        var backend = StubBackend()
        backend.outcome = { _ in script.next() }
        return backend
    }

    @Test func `a full pool and a slow block are asked again until the statement is final`()
        async throws
    {
        let script = Script([
            .poolFull(retryAfter: 1),
            .pending(PendingEntry(entry: Self.entry, retryAfter: 1)), Self.final,
        ])
        try await LiveServer.run(Self.backend(script)) { port in
            let outcome = try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                try await client.submitOne(Self.statement)
            }
            #expect(outcome == Self.final)
            #expect(script.isDone)
        }
    }

    @Test func `a duplicate of our own first try is no duplicate`() async throws {
        var again = FinalEntry(entry: Self.entry, index: 4, size: 5, receipt: nil)
        again.isDuplicate = true
        let script = Script([
            .pending(PendingEntry(entry: Self.entry, retryAfter: 1)),
            SubmissionOutcome.final(again),
        ])
        try await LiveServer.run(Self.backend(script)) { port in
            let outcome = try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                try await client.submitOne(Self.statement)
            }
            #expect(outcome == Self.final)
        }
    }

    @Test func `a node that is not there is passed over`() async throws {
        try await LiveServer.run { port in
            let nodes = try [Self.url(1), Self.url(port)]
            let note = try await LedgerClient.with(nodes: nodes) { try await $0.checkpoint() }
            #expect(note == Array("note".utf8))
        }
    }

    @Test func `a busy node is given up after some rounds, with its own words`() async throws {
        var configuration = APIConfiguration(host: "127.0.0.1", port: 0)
        configuration.requestsMax = 0
        try await LiveServer.run(configuration: configuration) { port in
            var patience = LedgerClient.Patience()
            patience.rounds = 2
            patience.pauseSecondsMax = 1
            await #expect {
                try await LedgerClient.with(nodes: [Self.url(port)], patience: patience) { client in
                    try await client.checkpoint()
                }
            } throws: { error in
                "\(error)".contains("repeat later")
            }
        }
    }

    @Test func `a refusal is not repeated and keeps its code`() async throws {
        try await LiveServer.run { port in
            await #expect {
                try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                    try await client.accounts(country: "kenya")
                }
            } throws: { error in
                guard case ClientError.problem(let problem) = error else { return false }
                return problem.refusal.field == "country" && problem.status == 400
            }
        }
    }

    @Test func `an answer about another statement is not believed`() async throws {
        try await LiveServer.run { port in
            await #expect {
                try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                    try await client.submitOne(Self.statement)
                }
            } throws: { error in
                "\(error)".contains("not the hash of what was sent")
            }
        }
    }

    @Test func `an epoch that ends while receipts are awaited is followed`() async throws {
        let ledger = try EpochLedger()
        let founders = ledger.fixture.founders
        let transparent = try ledger.statement(by: [founders[0], ledger.newcomer, founders[2]])
        let statement = transparent.statement
        let none = UnverifiedHandOffs(genesis: ledger.last.genesis, steps: [])
        let script = Script([none.encoded(), none.encoded(), ledger.file.encoded()])
        var backend = StubBackend()
        backend.transparentStatements = [statement.leafHash: transparent.encoded()]
        backend.handOffFile = { script.next() }
        let founding = try LedgerState.genesis(ledger.last.genesis).state.trustPolicy()
        try await LiveServer.run(backend) { port in
            let proof = try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                try await client.provenReceipts(of: statement, by: ReceiptCheck(founding)).proof
            }
            #expect(proof.signers.map(\.name).count == 3)
            #expect(script.isDone)
        }
    }

    @Test func `documents arrive as they were sent`() async throws {
        try await LiveServer.run { port in
            try await LedgerClient.with(nodes: [Self.url(port)]) { client in
                let accounts = try await client.accounts(country: "KE")
                #expect(accounts == (try await StubBackend().accounts(country: "KE")))
                let catalogue = try await client.catalogue()
                #expect(catalogue == (try await StubBackend().catalogue()))
                let path = try await client.consistencyPath(old: 1, new: 2)
                #expect(path == [Digest.zero])
                #expect(try await client.genesis() == [0xD2])
            }
        }
    }
}
