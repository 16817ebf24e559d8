import Foundation

/// The figures of one run.
struct BenchReport {
    let claims: Int
    let seconds: Double
    /// Seconds from submission to receipt, one a claim.
    let latencies: [Double]
    /// Ed25519 verifications a second on one core.
    let verification: Double
    let nodes: Int
    let cores: Int

    /// Claims made final a second.
    var rate: Double { Double(claims) / seconds }

    /// What the signatures alone allow: every node checks every claim once, on all cores.
    var bound: Double { Double(cores) * verification / Double(nodes) }

    /// The latency, in ms, that this share of the claims did not exceed.
    func latency(_ share: Double) -> Double {
        let sorted = latencies.sorted()
        let place = Int((Double(sorted.count - 1) * share).rounded())
        return sorted[place] * 1_000
    }

    var text: String {
        func number(_ value: Double, _ digits: Int = 0) -> String {
            String(format: "%.\(digits)f", value)
        }
        return """
            \(nodes) nodes on \(cores) cores, one country cap, every claim signed and checked by every node
              claims made final        \(number(rate)) a second   (\(claims) in \(number(seconds, 2)) s)
              Ed25519 verification     \(number(verification)) a second on one core
              signature-bound limit    \(number(bound)) a second   (cores x rate / nodes)
              ratio to the limit       \(number(100 * rate / bound, 1)) %
              time to final receipt    p50 \(number(latency(0.5), 1)) ms   p99 \(number(latency(0.99), 1)) ms   \
            (\(latencies.count) claims, one after the other)
            """
    }

    func json() throws -> String {
        let fields: [String: Double] = [
            "claims": Double(claims), "seconds": seconds, "claimsPerSecond": rate,
            "verificationsPerSecond": verification, "boundPerSecond": bound,
            "ratio": rate / bound, "latencyP50ms": latency(0.5), "latencyP99ms": latency(0.99),
            "nodes": Double(nodes), "cores": Double(cores),
        ]
        let data = try JSONSerialization.data(
            withJSONObject: fields,
            options: [.prettyPrinted, .sortedKeys]
        )
        return String(decoding: data, as: UTF8.self)
    }
}
