import APIModel
import Foundation
import Ledger
import LedgerFixture
import QuotaCrypto
import Testing

@testable import Client

/// Where nodes' words are kept.
struct IntakeShelfTests {
    @Test func `the first word of each node is kept, a trusted one in place of another`() throws {
        let folder = try TemporaryFolder()
        let fixture = try LedgerFixture()
        let state = try fixture.state()
        let claim = try fixture.claim("c-1", to: "lab", in: "KE", quantity: 1)
        let entry = "\(claim.leafHash)"
        func word(_ founder: Founder, as name: String? = nil, _ time: UInt64) throws -> [UInt8] {
            IntakeReceipt(
                of: claim,
                head: IntakeReceipt.Head(state),
                epoch: 1,
                view: 1,
                by: name ?? founder.id,
                at: time,
                with: try founder.seed.key(for: name == nil ? .log : .vote)
            ).bytes
        }
        let shelf = IntakeShelf(
            folder: folder.file("intakes"),
            check: ReceiptCheck(try state.trustPolicy())
        )
        #expect(shelf.kept(of: entry).isEmpty)
        // A stranger in the name of nl-cdiu comes first.
        shelf.keep(try word(fixture.government, as: "nl-cdiu", 100), of: entry)
        #expect(shelf.kept(of: entry).map(\.isVerified) == [false])
        shelf.keep(try word(fixture.otherGovernment, 200), of: entry)
        shelf.keep(try word(fixture.otherGovernment, 300), of: entry)
        shelf.keep(try word(fixture.government, as: "nl-cdiu", 400), of: entry)
        shelf.keep(try word(fixture.government, 500), of: entry)
        shelf.keep([1, 2, 3], of: entry)
        shelf.keep(try word(fixture.exporter, 600), of: String(repeating: "0", count: 64))
        let kept = shelf.kept(of: entry)
        #expect(kept.map(\.node) == ["nl-cdiu", "us-bis"])
        #expect(kept.map(\.time.seconds) == [200, 500])
        #expect(kept.map(\.isVerified) == [true, true])
        #expect(kept.map(\.size) == [2, 2])
        #expect(kept[0].file.hasSuffix("/intakes/\(entry).nl-cdiu.intake"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("intakes"))
        #expect(names.count == 2)
    }
}
