import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// How well it is shown that goods are where they should be.
struct EvidenceTests {
    let fixture: ConsignmentFixture
    let delivered: LedgerState

    init() throws {
        fixture = try ConsignmentFixture()
        delivered = try fixture.state(.delivered)
    }

    private func presence(
        _ grade: UInt64,
        _ quantities: [UInt64]? = nil,
        id: String,
        by signer: Founder,
        and approvers: [Founder] = []
    ) throws -> Statement {
        try fixture.sign(
            .event(
                EventBody(
                    claim: ClaimReference(issuer: "chipco", id: "c-1"),
                    event: .presence(grade: grade, quantities: quantities, digest: nil)
                )
            ),
            id: id,
            by: signer,
            and: approvers
        )
    }

    @Test func `grades 3 and 4 need an inspector, the others do not`() throws {
        for grade in UInt64(0)...4 {
            let alone = try presence(grade, id: "e", by: fixture.consignee)
            let refusal = delivered.refusal(of: alone)
            #expect((refusal == nil) == (grade < 3), "grade \(grade)")
            if let refusal {
                #expect(refusal.code == .approvalsMissing)
                #expect(refusal.path == "$.payload.body.grade")
            }
            for (signer, approvers) in [
                (fixture.consignee, [fixture.inspector]), (fixture.inspector, []),
            ] {
                let seen = try presence(grade, id: "e", by: signer, and: approvers)
                #expect(delivered.refusal(of: seen) == nil, "grade \(grade)")
            }
        }
        #expect(throws: StatementError.self) {
            try presence(5, id: "e", by: fixture.inspector)
        }
    }

    @Test func `an acceptance alone is no evidence`() throws {
        let record = try fixture.record(delivered)
        #expect(record.lines[0].grades.isEmpty)
        #expect(record.count(in: .delivered) == 10)
    }

    @Test func `evidence rises and never falls, the weakest first`() throws {
        var state = try fixture.apply(
            [try presence(2, [4], id: "e-1", by: fixture.consignee)],
            to: delivered
        )
        #expect(try fixture.record(state).lines[0].grades == [0, 4])
        state = try fixture.apply([try presence(1, id: "e-2", by: fixture.consignee)], to: state)
        #expect(try fixture.record(state).lines[0].grades == [6, 4])
        state = try fixture.apply([try presence(0, id: "e-3", by: fixture.consignee)], to: state)
        #expect(try fixture.record(state).lines[0].grades == [6, 4])
        state = try fixture.apply(
            [try presence(3, [7], id: "e-4", by: fixture.inspector)],
            to: state
        )
        #expect(try fixture.record(state).lines[0].grades == [0, 3, 7])
        state = try fixture.apply([try presence(4, id: "e-5", by: fixture.inspector)], to: state)
        #expect(try fixture.record(state).lines[0].grades == [0, 0, 0, 10])
    }

    @Test func `evidence is about what is delivered`() throws {
        let tooMany = try presence(1, [11], id: "e", by: fixture.consignee)
        #expect(delivered.refusal(of: tooMany)?.code == .quantityExceeds)
        let before = try presence(1, id: "e", by: fixture.consignee)
        #expect(try fixture.state(.inTransit).refusal(of: before)?.code == .wrongState)
    }

    @Test func `evidence goes with goods that are lost, and does not come back with them`() throws {
        let state = try fixture.apply(
            [
                try presence(2, id: "e", by: fixture.consignee),
                try fixture.event(.lost(quantities: [4], from: .delivered), id: "lost"),
                try fixture.event(.found(quantities: [4], to: .delivered), id: "found"),
            ],
            to: delivered
        )
        let record = try fixture.record(state)
        #expect(record.count(in: .delivered) == 10)
        #expect(record.lines[0].grades == [0, 6])
    }
}
