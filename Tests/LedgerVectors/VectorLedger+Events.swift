import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules

extension VectorLedger {
    /// Signed statements of the kinds that need a longer story than the vectors' ledger tells.
    ///
    /// They are on no log. One line makes a vector of a new kind.
    func statementsOnNoLog() throws -> [Statement] {
        let approver = fixture.founders[0]
        var statements = try events().enumerated().map { place, event in
            try fixture.statement(
                .event(EventBody(claim: ClaimReference(issuer: "chipco", id: "c-1"), event: event)),
                id: "e-\(place)",
                approvers: [approver]
            )
        }
        if let operations = OperationCount("100000000000000000000000000") {
            let body = StorageBody(
                facility: "hall-1",
                owner: "lab-nl",
                operations: operations,
                model: digest(5)
            )
            statements.append(try fixture.statement(.storage(body), id: "w-1"))
        }
        statements.append(
            try StatementDraft(
                .ready(ReadyBody(epoch: 2, node: digest(6), size: 9)),
                issuer: fixture.exporter.id,
                audience: LedgerFixture.origin,
                issuedAt: LedgerFixture.start
            ).signed(with: fixture.exporter.seed.key(for: .log))
        )
        let accused = fixture.otherGovernment
        let pair = try LedgerFixture.doubleVote(by: accused, at: 2, on: states[0])
        statements.append(
            try LedgerFixture.evidence(pair, against: accused.id, by: fixture.exporter)
        )
        return statements
    }

    private func digest(_ byte: UInt8) -> Digest { SHA256.hash([byte]) }

    /// One event of every kind.
    private func events() throws -> [ClaimEvent] {
        let (some, date, digest) = ([UInt64(2)], try day("2026-02-03"), digest(2))
        return [
            .consent(answer: true, digest: digest),
            .licence(quantities: some, expires: date, digest: digest),
            .test(digest: digest),
            .ship(quantities: some, date: date, tags: tags, digest: digest),
            .tags(tags),
            .accept(quantities: some, date: date, isFinal: true),
            .presence(grade: 3, quantities: some, digest: digest),
            .transfer(organisation: "lab-nl", facility: "hall-1", quantities: some, tags: tags),
            .turnBack(quantities: some, from: .delivered, tags: tags),
            .lost(quantities: some, from: .inTransit),
            .found(quantities: some, to: .delivered),
            .retire(quantities: some, tags: tags, digest: digest),
            .dispute(quantities: some, from: .delivered, digest: digest),
            .disclose(fields: ["serials", "site"], digest: digest),
            .amend(was: [3], quantities: some),
            .resolve(quantities: some, from: .delivered, to: .returned),
            .writeOff(quantities: some, from: .lost),
            .correct(quantities: some, from: .inTransit, to: .delivered),
        ]
    }
}
