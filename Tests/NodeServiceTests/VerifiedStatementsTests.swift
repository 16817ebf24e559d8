import QuotaCrypto
import Testing

@testable import NodeService

@Suite struct VerifiedStatementsTests {
    private func leaf(_ number: Int) -> Digest { SHA256.hash(Array("\(number)".utf8)) }

    @Test func `the last ones are remembered, the oldest forgotten`() {
        let verified = VerifiedStatements(capacity: 10)
        for number in 0..<35 {
            verified.insert(leaf(number))
            for recent in max(0, number - 9)...number {
                #expect(verified.contains(leaf(recent)), "\(recent) after \(number)")
            }
        }
        #expect(!verified.contains(leaf(0)))
        let kept = (0..<35).count { verified.contains(leaf($0)) }
        #expect(kept <= 20, "two generations of ten")
    }
}
