import Client
import Ledger
import QuotaFiles
import QuotaRules
import Testing

@Suite struct ClaimTableTests {
    private static let header =
        "claim,authority,reference,destination,consignee,sku,quantity,exported,received,evidence\n"
    private static let known = KnownNames(
        skus: ["H100-SXM", "H20", "L4"],
        organisations: ["kenya-lab", "penang-cloud"],
        authorities: ["LICENSE", "LPP"],
        evidence: ["lpp-certification"]
    )

    private func table(_ rows: String, known: KnownNames? = known) throws -> ClaimTable {
        try ClaimTable(Array((Self.header + rows).utf8), known: known)
    }

    private func problems(_ rows: String) -> [CSVProblem] {
        do {
            _ = try table(rows)
            return []
        } catch let error as TableProblems {
            return error.problems
        } catch {
            return []
        }
    }

    @Test func `a row becomes a claim, its reference stays private`() throws {
        let claims = try table(
            "A-1,LPP,D1000001,KE,kenya-lab,H100-SXM,1699,2026-04-20,2026-04-27,lpp-certification\n"
        ).claims
        let claim = try #require(claims.first)
        #expect(claims.count == 1)
        #expect(claim.id == "A-1")
        #expect(claim.rows == [2])
        #expect(claim.details.map(\.field) == ["reference"])
        #expect(claim.details.map(\.value) == ["D1000001"])
        #expect(claim.body.reference == nil)
        #expect(claim.body.lines == [ClaimLine(sku: "H100-SXM", quantity: 1_699)])
        #expect(claim.body.received?.description == "2026-04-27")
        #expect(claim.body.parties.map(\.role) == ["ultimate_consignee"])
        #expect(claim.body.evidence.map(\.type) == ["lpp-certification"])
    }

    @Test func `rows with one claim id are its lines`() throws {
        let claims = try table(
            """
            A-9,LICENSE,D1,KE,kenya-lab,L4,1000,2026-06-01,,
            A-8,LICENSE,D2,KE,kenya-lab,L4,1,2026-06-01,,
            A-9,LICENSE,D1,KE,kenya-lab,H20,10000,2026-06-01,,

            """
        ).claims
        #expect(claims.map(\.id) == ["A-9", "A-8"])
        #expect(claims[0].rows == [2, 4])
        #expect(claims[0].body.lines.map(\.quantity) == [1_000, 10_000])
    }

    @Test func `rows of one claim that differ elsewhere are refused by column`() {
        let found = problems(
            """
            A-9,LICENSE,D1,KE,kenya-lab,L4,1000,2026-06-01,,
            A-9,LICENSE,D1,MY,kenya-lab,H20,10000,2026-06-02,,

            """
        )
        #expect(found.map(\.row) == [3, 3])
        #expect(Set(found.compactMap(\.column)) == ["destination", "exported"])
    }

    @Test func `every problem of every row is reported by row and column`() {
        let found = problems(
            """
            A 1,LPP,,KE,kenya-lab,H100-SXM,1,2026-04-20,,
            A-2,LPPX,,Kenya,kenya-lab,H100-SXM,0,2026-02-30,,
            A-3,LPP,,KE,nobody,H100,1.5,2026-04-20,2026-04-19,
            A-4,LPP,,KE,kenya-lab,L4,1,,,lpp certification
            ,LPP,,KE,kenya-lab,L4,1,2026-04-20,,

            """
        )
        let places = found.map { "\($0.row) \($0.column ?? "-")" }
        #expect(
            places == [
                "2 claim", "3 destination", "3 exported", "3 quantity", "3 authority",
                "4 received", "4 quantity", "4 consignee", "4 sku",
                "5 exported", "5 evidence", "6 claim",
            ]
        )
    }

    @Test func `a near name is offered for a spelling mistake`() throws {
        let found = problems("A-1,LPP,,KE,kenya,h100,1,2026-04-20,,\n")
        #expect(
            found.map(\.problem) == [
                "organisation 'kenya' is not on the ledger; did you mean kenya-lab?",
                "chip 'h100' is not on the ledger; did you mean H100-SXM?",
            ]
        )
    }

    @Test func `without a node names are left unchecked`() throws {
        let claims = try table("A-1,ANY,,KE,nobody,X9,1,2026-04-20,,\n", known: nil).claims
        #expect(claims.count == 1)
    }

    @Test(arguments: [
        "", "claim\n", "claim,claim\n",
        "claim,authority,destination,consignee,sku,quantity,exported,colour\n",
    ])
    func `a header that lacks, repeats or invents columns is refused`(text: String) {
        #expect(throws: TableProblems.self) {
            try ClaimTable(Array(text.utf8), known: nil)
        }
    }

    @Test func `a table without rows is refused`() {
        #expect(problems("").map(\.problem) == ["no rows"])
    }

    @Test func `65 lines of one claim are one too many`() {
        let row = "A-1,LPP,,KE,kenya-lab,L4,1,2026-04-20,,\n"
        #expect(problems(String(repeating: row, count: 64)).isEmpty)
        #expect(problems(String(repeating: row, count: 65)).map(\.row) == [66])
    }

    @Test func `bytes that are no text are refused, not crashed on`() {
        #expect(throws: TableProblems.self) { try ClaimTable([0xFF, 0xFE, 0x00], known: nil) }
    }
}
