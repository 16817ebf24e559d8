import Foundation
import Ledger
import Testing
import Transparency

/// The example of the library's page: compiled, run, and the same text as on the page.
struct ExampleTests {
    @Test func `the example judges files, good and damaged`() throws {
        let ledger = try SmallLedger()
        let receipt = try ledger.transparentStatement(try ledger.claimIndex("c-1")).encoded()
        let total = Array(try ledger.total(TotalTests.kenya).text.utf8)
        let policy = try ledger.policy().text
        let index = try ledger.claimIndex("c-1")
        let now = SmallLedger.signed
        let good = try judge(receipt: receipt, total: total, policy: policy, now: now)
        #expect(good[0] == "c-1 is leaf \(index).")
        #expect(good[1].hasPrefix("KE consumed 80000, say "))
        let swapped = try judge(receipt: total, total: receipt, policy: policy, now: now)
        #expect(swapped.allSatisfy { $0.hasPrefix("No ") && $0.contains(": malformed: ") })
        let late = try judge(receipt: receipt, total: total, policy: policy, now: now + 86_500)
        #expect(late[0].hasPrefix("No receipt: stale: "))
    }

    @Test func `the page shows the example as it is compiled`() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let example = try String(contentsOf: here.appending(path: "Example.swift"), encoding: .utf8)
        let page = try String(
            contentsOf: root.appending(path: "Sources/Verifier/README.md"),
            encoding: .utf8
        )
        #expect(page.contains("```swift\n\(example)```"))
    }
}
