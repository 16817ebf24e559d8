import QuotaCrypto
import Testing

@testable import NodeService

/// Figures that readers see.
struct NodeGaugesTests {
    @Test func `a receipted statement counts from its first receipt until it is settled`() {
        let gauges = NodeGauges()
        let (first, second) = (SHA256.hash([1]), SHA256.hash([2]))
        #expect(!gauges.noteIntake(first, height: 3), "nothing waits")
        gauges.setWaiting(first, true)
        gauges.setWaiting(second, true)
        #expect(gauges.noteIntake(first, height: 3))
        #expect(gauges.noteIntake(first, height: 9), "asked again")
        #expect(gauges.noteIntake(second, height: 5))
        #expect(gauges.intakes(atOrBefore: 2) == 0)
        #expect(gauges.intakes(atOrBefore: 3) == 1)
        #expect(gauges.intakes(atOrBefore: 5) == 2)
        gauges.setWaiting(first, false)
        #expect(gauges.intakes(atOrBefore: 9) == 1)
        gauges.setWaiting(first, true)
        #expect(gauges.intakes(atOrBefore: 9) == 1, "settled is settled")
    }
}
