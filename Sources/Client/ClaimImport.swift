package import APIModel
import CBOR
package import Ledger
import QuotaCrypto

/// Brings the claims of a table to the ledger, in order, and may be run again with the same file.
package struct ClaimImport: Sendable {
    /// One claim on its way.
    package struct Item: Sendable {
        /// The claim as the table gives it.
        package let claim: ClaimTable.Claim
        /// The claim with its salted digests, as it is signed.
        package let body: ClaimBody
        /// The signed statement.
        package fileprivate(set) var statement: Statement
    }

    /// What became of one claim.
    package enum Result: Sendable {
        /// It was admitted by this run.
        case admitted(FinalEntry)
        /// It was on the ledger before.
        case alreadyThere(entry: String)
        /// The rules or the ledger refuse it.
        case refused(RefusalDocument)
        /// It was taken, and is not final in time; a later run asks again.
        case pending(PendingEntry)
        /// There was no room for it; a later run sends it again.
        case notTaken
    }

    /// The most claims of one request.
    package static let batchMax = 250

    /// The claims on their way, in the order of the table.
    package private(set) var items: [Item]
    private let signer: MemberSigner
    private var journal: StatementJournal
    private let now: UInt64

    /// Signs the claims of a table.
    ///
    /// - Parameters:
    ///   - table: The checked table.
    ///   - signer: The exporter.
    ///   - book: Where salts are kept.
    ///   - journal: What earlier runs sent.
    ///   - now: The time of new statements, POSIX seconds.
    ///   - isFixed: Whether `now` holds for all statements, whatever the journal says.
    /// - Throws: ``HomeFile/Failure`` if a salt cannot be kept; `StatementError` if the ledger's
    ///   format has no place for a claim.
    package init(
        _ table: ClaimTable,
        signer: MemberSigner,
        book: DisclosureBook,
        journal: StatementJournal,
        now: UInt64,
        isFixed: Bool
    ) throws {
        self.signer = signer
        self.journal = journal
        self.now = now
        // One write for all salts, not one for each.
        let requests = table.claims.flatMap(Self.requests)
        _ = try book.secrets(requests)
        items = try table.claims.map { claim in
            let body = try Self.body(of: claim, book: book)
            let digest = SHA256.hash(body.cbor.encoded())
            let known = isFixed ? nil : journal.time(of: claim.id, body: digest)
            let statement = try signer.sign(.claim(body), id: claim.id, at: known ?? now)
            return Item(claim: claim, body: body, statement: statement)
        }
    }

    private static func requests(of claim: ClaimTable.Claim) -> [DisclosureBook.Request] {
        claim.details.map { detail in
            DisclosureBook.Request(
                kind: StatementKind.claim.rawValue,
                subject: claim.id,
                field: detail.field,
                value: detail.value
            )
        }
    }

    private static func body(
        of claim: ClaimTable.Claim,
        book: DisclosureBook
    ) throws -> ClaimBody {
        let secrets = try book.secrets(requests(of: claim))
        let details = secrets.map { ClaimBody.Detail(field: $0.field, digest: $0.digest) }
        return ClaimBody(
            authority: claim.body.authority,
            reference: claim.body.reference,
            destination: claim.body.destination,
            parties: claim.body.parties,
            lines: claim.body.lines,
            exported: claim.body.exported,
            received: claim.body.received,
            evidence: claim.body.evidence,
            details: details
        )
    }

    /// What the ledger would say of the claims, in order, without taking any.
    package func dryRun(
        through client: LedgerClient
    ) async throws(ClientError) -> [DryRunVerdict] {
        var verdicts: [DryRunVerdict] = []
        for start in stride(from: 0, to: items.count, by: Self.batchMax) {
            let part = items[start..<min(start + Self.batchMax, items.count)]
            verdicts += try await client.dryRun(
                part.map { item in
                    DryRunClaim(
                        issuer: signer.member,
                        subject: item.claim.id,
                        body: item.statement.bodyBytes
                    )
                }
            )
        }
        return verdicts
    }

    /// Sends the claims, calling `progress` after each request with the results so far.
    ///
    /// If every claim passes a dry run they travel in large requests. If one would be refused they
    /// travel one by one, so that they are judged in the order of the table: within one block the
    /// ledger draws the order itself.
    package mutating func run(
        through client: LedgerClient,
        progress: (_ done: Int, _ total: Int) -> Void
    ) async throws -> [Result] {
        try journal.note(
            items.map { item in
                (item.claim.id, SHA256.hash(item.statement.bodyBytes), item.statement.issuedAt)
            }
        )
        let allPass = try await dryRun(through: client).allSatisfy(\.leavesOrderOpen)
        let batch = allPass ? Self.batchMax : 1
        var results: [Result] = []
        for start in stride(from: 0, to: items.count, by: batch) {
            let part = start..<min(start + batch, items.count)
            let outcomes = try await client.submit(items[part].map(\.statement.bytes))
            for (place, outcome) in zip(part, outcomes) {
                results.append(try await settle(outcome, place: place, through: client))
            }
            progress(results.count, items.count)
        }
        return results
    }

    private mutating func settle(
        _ outcome: SubmissionOutcome,
        place: Int,
        through client: LedgerClient
    ) async throws -> Result {
        switch outcome {
        case .final(let entry):
            return entry.isDuplicate ? .alreadyThere(entry: entry.entry) : .admitted(entry)
        case .pending(let pending): return .pending(pending)
        case .poolFull: return .notTaken
        case .refused(let refusal) where refusal.code == RefusalCode.conflict.rawValue:
            let known = try await sameClaim(items[place], at: refusal.existing, through: client)
            return known.map { .alreadyThere(entry: $0) } ?? .refused(refusal)
        case .refused(let refusal) where refusal.code == RefusalCode.tooOld.rawValue:
            return try await resign(place, refusal, through: client)
        case .refused(let refusal): return .refused(refusal)
        }
    }

    /// The entry that says the same as `item` under another time, as when the journal was lost.
    private func sameClaim(
        _ item: Item,
        at index: UInt64?,
        through client: LedgerClient
    ) async throws -> String? {
        guard let index else { return nil }
        let bytes = try await client.statementBytes(String(index))
        guard let other = try? Statement.decode(bytes), case .claim(let body) = other.body,
            other.identity == item.statement.identity, body == item.body
        else { return nil }
        return other.leafHash.description
    }

    /// A statement of an old run that was never admitted is too old now: it is made again.
    private mutating func resign(
        _ place: Int,
        _ refusal: RefusalDocument,
        through client: LedgerClient
    ) async throws -> Result {
        let item = items[place]
        guard item.statement.issuedAt < now else { return .refused(refusal) }
        let fresh = try signer.sign(.claim(item.body), id: item.claim.id, at: now)
        items[place].statement = fresh
        try journal.note([(item.claim.id, SHA256.hash(fresh.bodyBytes), now)])
        guard let outcome = try await client.submit([fresh.bytes]).first else {
            return .refused(refusal)
        }
        return try await settle(outcome, place: place, through: client)
    }
}

extension DryRunVerdict {
    /// Whether the claim passes, or is on the ledger, so that its place in the order is no matter.
    fileprivate var leavesOrderOpen: Bool {
        switch self {
        case .judged(let decision): decision.isAdmitted
        case .refused(let refusal):
            refusal.code == RefusalCode.conflict.rawValue
                || refusal.code == RefusalCode.duplicate.rawValue
        }
    }
}
