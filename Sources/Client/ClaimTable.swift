package import Ledger
import QuotaCrypto
package import QuotaFiles
import QuotaRules

/// Claims read from a table: one row a line of goods, rows with one claim id are one claim.
package struct ClaimTable: Sendable {
    /// One claim of the table.
    package struct Claim: Hashable, Sendable {
        /// The claim id.
        package let id: String
        /// The rows it was read from, as a spreadsheet numbers them.
        package let rows: [Int]
        /// The claim without its private details.
        package let body: ClaimBody
        /// Private values by field, which enter the claim as salted digests.
        package let details: [Detail]
    }

    /// One private value.
    package struct Detail: Hashable, Sendable {
        /// What it is, such as `reference`.
        package let field: String
        /// The value.
        package let value: String
    }

    /// A column and what it holds, for help texts.
    package struct Column: Hashable, Sendable {
        /// The name in the header.
        package let name: String
        /// Whether the header must have it.
        package let isRequired: Bool
        /// What it holds.
        package let meaning: String
    }

    /// The columns that a table may have.
    package static let columns: [Column] = [
        Column(
            name: "claim",
            isRequired: true,
            meaning: "your id of the claim, never used twice; rows with one id are its lines"
        ),
        Column(name: "authority", isRequired: true, meaning: "the route: LICENSE, LPP, AIA, NVEU"),
        Column(name: "destination", isRequired: true, meaning: "country, as KE"),
        Column(
            name: "consignee",
            isRequired: true,
            meaning: "id of the organisation that receives (ultimate consignee)"
        ),
        Column(name: "sku", isRequired: true, meaning: "chip of the catalogue, as h100-sxm"),
        Column(name: "quantity", isRequired: true, meaning: "number of units"),
        Column(name: "exported", isRequired: true, meaning: "day of export, YYYY-MM-DD"),
        Column(name: "received", isRequired: false, meaning: "day of receipt, YYYY-MM-DD"),
        Column(
            name: "evidence",
            isRequired: false,
            meaning: "documents on file, as 'lpp_certification', several with ';'"
        ),
        Column(
            name: "reference",
            isRequired: false,
            meaning: "licence number or order; stays private, a salted digest enters the ledger"
        ),
        Column(
            name: "public_reference",
            isRequired: false,
            meaning: "a reference that everybody may read"
        ),
        Column(name: "end_user", isRequired: false, meaning: "id of the organisation that uses"),
        Column(name: "purchaser", isRequired: false, meaning: "id of the organisation that buys"),
        Column(
            name: "intermediate_consignee",
            isRequired: false,
            meaning: "id of the organisation that forwards"
        ),
        Column(name: "operator", isRequired: false, meaning: "id of the data-centre operator"),
        Column(name: "owner", isRequired: false, meaning: "id of the owner of the goods"),
    ]

    /// The columns of further parties, each named after its role.
    private static let roles = [
        "end_user", "purchaser", "intermediate_consignee", "operator", "owner",
    ]
    /// The columns that all rows of one claim share.
    private static let shared = columns.map(\.name).filter { $0 != "sku" && $0 != "quantity" }

    /// The claims, in the order of their first rows.
    package let claims: [Claim]

    /// Reads a table and checks every row.
    ///
    /// - Parameters:
    ///   - bytes: RFC 4180 text in UTF-8 with a header.
    ///   - known: The names that the ledger knows; nil to leave names unchecked.
    /// - Throws: ``TableProblems`` with every problem of every row.
    package init(_ bytes: [UInt8], known: KnownNames?) throws(TableProblems) {
        let table: CSVTable
        do {
            table = try CSVTable(
                bytes,
                required: Self.columns.filter(\.isRequired).map(\.name),
                optional: Self.columns.filter { !$0.isRequired }.map(\.name)
            )
        } catch {
            throw TableProblems(error.problems)
        }
        var check = TableCheck()
        var order: [String] = []
        var groups: [String: [CSVTable.Row]] = [:]
        for row in table.rows {
            let id = check.identifier(row, "claim")
            if groups[id] == nil { order.append(id) }
            groups[id, default: []].append(row)
        }
        var claims: [Claim] = []
        for id in order {
            let claim = Self.claim(id, groups[id] ?? [], known: known, &check)
            if let claim { claims.append(claim) }
        }
        if table.rows.isEmpty {
            throw TableProblems([CSVProblem(row: 1, column: nil, problem: "no rows")])
        }
        guard check.problems.isEmpty else { throw TableProblems(check.problems) }
        self.claims = claims
    }

    private static func claim(
        _ id: String,
        _ rows: [CSVTable.Row],
        known: KnownNames?,
        _ check: inout TableCheck
    ) -> Claim? {
        guard let first = rows.first else { return nil }
        let before = check.problems.count
        for row in rows.dropFirst() {
            for column in shared where row[column] != first[column] {
                check.note(row, column, "differs from row \(first.number), the same claim")
            }
        }
        let authority = check.identifier(first, "authority")
        let destination = check.country(first, "destination")
        let parties = parties(first, &check)
        let exported = check.date(first, "exported", isRequired: true)
        let received = check.date(first, "received", isRequired: false)
        if let exported, let received, received < exported {
            check.note(first, "received", "is before the day of export")
        }
        let evidence = evidence(first, &check)
        let lines = lines(rows, &check)
        if let known { Self.check(first, rows, authority, parties, evidence, known, &check) }
        let details = check.sentence(first, "reference").map {
            [Detail(field: "reference", value: $0)]
        }
        let reference = check.sentence(first, "public_reference")
        guard check.problems.count == before, let exported else { return nil }
        let body = ClaimBody(
            authority: authority,
            reference: reference,
            destination: destination,
            parties: parties.map(\.party),
            lines: lines,
            exported: exported,
            received: received,
            evidence: evidence.map { ClaimBody.Evidence(type: $0) }
        )
        return Claim(id: id, rows: rows.map(\.number), body: body, details: details ?? [])
    }

    private static func parties(
        _ row: CSVTable.Row,
        _ check: inout TableCheck
    ) -> [(column: String, party: ClaimBody.Party)] {
        let consignee = check.identifier(row, "consignee")
        var parties = [
            (
                column: "consignee",
                party: ClaimBody.Party(role: "ultimate_consignee", organisation: consignee)
            )
        ]
        for role in roles where !row[role].isEmpty {
            let organisation = check.identifier(row, role)
            parties.append((role, ClaimBody.Party(role: role, organisation: organisation)))
        }
        return parties
    }

    private static func evidence(_ row: CSVTable.Row, _ check: inout TableCheck) -> [String] {
        let types = row["evidence"].split(separator: ";").map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        for type in types where !TableCheck.isIdentifier(type) {
            check.note(row, "evidence", "expected names separated by ';', got '\(type.prefix(80))'")
        }
        return types
    }

    private static func lines(
        _ rows: [CSVTable.Row],
        _ check: inout TableCheck
    ) -> [ClaimLine] {
        if let extra = rows.dropFirst(ClaimBody.maximumItems).first {
            check.note(extra, "claim", "one claim has at most \(ClaimBody.maximumItems) lines")
        }
        var lines: [ClaimLine] = []
        for row in rows {
            let sku = check.identifier(row, "sku")
            let quantity = check.quantity(row, "quantity", max: ClaimBody.quantityMax)
            if let quantity { lines.append(ClaimLine(sku: sku, quantity: quantity)) }
        }
        return lines
    }

    private static func check(
        _ first: CSVTable.Row,
        _ rows: [CSVTable.Row],
        _ authority: String,
        _ parties: [(column: String, party: ClaimBody.Party)],
        _ evidence: [String],
        _ known: KnownNames,
        _ check: inout TableCheck
    ) {
        if TableCheck.isIdentifier(authority), !known.authorities.contains(authority) {
            let routes = known.authorities.joined(separator: ", ")
            check.note(first, "authority", "the policy has the routes \(routes)")
        }
        for (column, party) in parties {
            check.known(
                first,
                column,
                party.organisation,
                among: known.organisations,
                what: "organisation"
            )
        }
        for type in evidence where !known.evidence.contains(type) {
            check.known(first, "evidence", type, among: known.evidence, what: "evidence")
        }
        for row in rows {
            check.known(row, "sku", row["sku"], among: known.skus, what: "chip")
        }
    }
}

/// Every problem of a table, by row and column.
package struct TableProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problems, in the order of the rows.
    package let problems: [CSVProblem]

    init(_ problems: [CSVProblem]) {
        self.problems = problems.enumerated().sorted {
            ($0.element.row, $0.offset) < ($1.element.row, $1.offset)
        }.map(\.element)
    }

    /// One line a problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
