import APIModel
import ArgumentParser
import Client
import Ledger
import Transparency
import Verifier

/// `quotactl claim status`.
struct ClaimStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says where one claim stands, item by item.",
        discussion: """
            With a trust policy, where the items stand is proven by the ledger's state and no \
            node's word.
            """
    )

    @Argument(help: "The claim's id, or the hash of its entry.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member that made it. Default: the profile.", valueName: "id"))
    var issuer: String?

    func run() async throws {
        let issuer = try self.issuer ?? common.profile().member
        let check = try common.receiptCheck()
        let (document, proven) = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            let document = try await client.statement(entry)
            guard let check, let issuer = document.issuer, let id = document.subject else {
                return (document, ProvenClaim?.none)
            }
            let reference = ClaimReference(issuer: issuer, id: id)
            return (document, try await client.provenClaim(reference, by: check.policy))
        }
        let standing = proven.map { ClaimStanding($0) }
        guard !common.json else {
            return Terminal.writeJSON(ClaimStatus(statement: document, standing: standing))
        }
        var lines = [
            "\((document.state ?? document.kind).padding(to: 9))  \(document.subject ?? claim)"
                + "  by \(document.issuer ?? "-")",
            "  entry    \(document.entry) (leaf \(document.index), block \(document.height))",
            "  time     \(document.time.text)",
        ]
        lines += (document.decision.map(Wording.admission) ?? []).map { "  " + $0 }
        lines += (standing?.text ?? ["items    unproven: give --policy FILE"]).map { "  " + $0 }
        Terminal.write(lines.map { $0 + "\n" }.joined())
    }
}

/// A claim's statement and where its items stand.
private struct ClaimStatus: Encodable {
    let statement: StatementDocument
    let standing: ClaimStanding?

    private enum CodingKeys: String, CodingKey { case standing }

    func encode(to encoder: any Encoder) throws {
        try statement.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(standing, forKey: .standing)
    }
}

/// Where the items of a claim stand, for people and programs.
struct ClaimStanding: Encodable {
    /// One line of the claim.
    struct Line: Encodable {
        let sku: String
        /// Items by bucket, those with none left out.
        let items: [String: UInt64]
        /// Delivered items with evidence of grade 1 to 4.
        let grades: [UInt64]
    }

    let state: String
    let decision: String
    let consent: String?
    let reservedUntil: String?
    let licensedUntil: String?
    let tags: UInt64
    let isOverridden: Bool
    let checkpoint: UInt64
    let signers: Int
    let lines: [Line]

    init(_ proven: ProvenClaim) {
        let record = proven.record
        state = record.state.rawValue
        decision = record.decision.rawValue
        consent = record.consent.map { consent in
            consent.answer.map { $0 ? "given" : "refused" } ?? "unanswered"
        }
        reservedUntil = Self.day(record.deadlines.reserved)
        licensedUntil = Self.day(record.deadlines.licensed)
        tags = record.tagCount
        isOverridden = record.isOverridden
        checkpoint = proven.checkpoint.checkpoint.size
        signers = proven.checkpoint.witnesses.count
        lines = record.lines.map { line in
            var items: [String: UInt64] = [:]
            for bucket in Bucket.allCases where line.quantities[bucket] > 0 {
                items[bucket.rawValue] = line.quantities[bucket]
            }
            return Line(sku: line.sku, items: items, grades: line.grades)
        }
    }

    /// The lines below the head of a status.
    var text: [String] {
        var text: [String] = []
        for line in lines {
            let items = Bucket.allCases.compactMap { bucket in
                line.items[bucket.rawValue].map {
                    "\(Amount.grouped($0)) \(bucket.rawValue.replacing("_", with: " "))"
                }
            }
            text.append("items    \(line.sku): \(items.joined(separator: ", "))")
            for (place, count) in line.grades.enumerated() where count > 0 {
                text.append(
                    "evidence grade \(place + 1) for \(Amount.grouped(count)) of \(line.sku)"
                )
            }
        }
        if decision != ClaimRecord.Decision.notNeeded.rawValue {
            text.append("decision \(decision.replacing("_", with: " "))")
        }
        if let consent { text.append("consent  \(consent)") }
        if let reservedUntil { text.append("reserved until the end of \(reservedUntil)") }
        if let licensedUntil { text.append("licensed until the end of \(licensedUntil)") }
        if tags > 0 { text.append("tags     \(Amount.grouped(tags)) chips") }
        if isOverridden { text.append("override it entered beyond a cap, by a decision on record") }
        text.append("proven   at checkpoint \(checkpoint), \(signers) cosignatures")
        return text
    }

    private static func day(_ number: UInt64) -> String? {
        number == 0 ? nil : Timestamp(seconds: number * 86_400).text.prefix(10).description
    }
}
