import Client
import QuotaFiles
import Testing

@Suite struct OrganisationTableTests {
    @Test func `a row becomes an organisation, with its parent if it has one`() throws {
        let text = """
            id,location,headquarters,parent,parent_headquarters,name
            penang-cloud,MY,MY,,,"Penang ""Cloud"", Berhad"
            dune-malaysia,MY,MY,dune-group,AE,Dune Malaysia

            """
        let entries = try OrganisationTable(Array(text.utf8)).entries
        #expect(entries.map(\.name) == ["Penang \"Cloud\", Berhad", "Dune Malaysia"])
        #expect(entries[0].parent == nil)
        #expect(entries[1].parent?.id == "dune-group")
        #expect(entries[1].parent?.headquarters == "AE")
    }

    @Test func `problems are reported by row and column`() {
        let text = """
            id,location,headquarters,parent,parent_headquarters,name
            a,MY,my,,,A
            a,MY,MY,group,,B
            c,MY,MY,,,

            """
        do {
            _ = try OrganisationTable(Array(text.utf8))
            Issue.record("accepted")
        } catch {
            let places = error.problems.map { "\($0.row) \($0.column ?? "-")" }
            #expect(places == ["2 headquarters", "3 id", "3 parent_headquarters", "4 name"])
        }
    }
}
