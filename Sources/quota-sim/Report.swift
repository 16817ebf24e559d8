internal import Simulation

/// The summary of a campaign, for people and for programs.
struct Report {
    let campaign: Campaign

    private var rows: [(name: String, value: UInt64)] {
        [
            ("seeds", campaign.seedCount), ("events", campaign.eventCount),
            ("blocks final", campaign.blockCount), ("views", campaign.viewCount),
            ("simulated seconds", campaign.milliseconds / 1_000),
            ("members recovered", campaign.recoveryCount),
            ("forks with guilt proven", campaign.forkCount),
        ]
    }

    private var faults: [(name: String, value: UInt64)] {
        Fault.allCases.map { ($0.rawValue, campaign.faultCounts[$0]) }
    }

    private var hash: String {
        let digits = String(campaign.fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// How a failing run ends, made as plain as it can be.
    static func explanation(of result: SeedResult) -> String {
        let faults = result.faultCounts.kinds.map(\.rawValue).joined(separator: ", ")
        var lines = ["the first failure, without the faults that it does not need"]
        lines.append("  \(result.failure ?? "")")
        lines.append("  faults: \(faults.isEmpty ? "none" : faults)")
        lines += result.trace.suffix(explainedLines).map { "  \($0.prefix(160))" }
        lines.append("  all of it: \(repetition(of: result.options))")
        return lines.joined(separator: "\n")
    }

    private static let explainedLines = 24

    /// The command that repeats a failed run.
    static func repetition(of options: SeedOptions) -> String {
        let rules = options.brokenRules.sorted().map { " --break \($0)" }.joined()
        let scenario = options.scenario
        let world = scenario == .swarm ? "" : " --scenario \(scenario.rawValue)"
        let without = options.excluded.map(\.rawValue).sorted().map { " --without '\($0)'" }
        return "quota-sim run --seed \(options.seed) "
            + "--members \(options.memberCount)\(world)\(rules)\(without.joined()) --trace"
    }

    var text: String {
        var lines: [String] = []
        for row in rows { lines.append(aligned(row)) }
        lines.append("faults that struck")
        for fault in faults { lines.append("  " + aligned(fault, width: 34)) }
        lines.append("hash of all effects           \(hash)")
        for failure in campaign.failures.prefix(20) {
            lines.append("FAILED seed \(failure.options.seed): \(failure.failure ?? "")")
            lines.append("  repeat with: \(Report.repetition(of: failure.options))")
        }
        lines.append(
            campaign.failures.isEmpty
                ? "all promises kept" : "\(campaign.failures.count) seeds broke a promise"
        )
        return lines.joined(separator: "\n")
    }

    private func aligned(_ row: (name: String, value: UInt64), width: Int = 28) -> String {
        let value = String(row.value)
        let gap = max(1, width + 12 - row.name.count - value.count)
        return row.name + String(repeating: " ", count: gap) + value
    }

    var json: String {
        var fields = rows.map { "\(quoted($0.name)): \($0.value)" }
        let faultFields = faults.map { "\(quoted($0.name)): \($0.value)" }
        fields.append("\"faults\": {\(faultFields.joined(separator: ", "))}")
        fields.append("\"hash\": \(quoted(hash))")
        let failures = campaign.failures.map { result in
            "{\"seed\": \(result.options.seed), \"members\": \(result.options.memberCount), "
                + "\"failure\": \(quoted(result.failure ?? "")), "
                + "\"repeat\": \(quoted(Report.repetition(of: result.options)))}"
        }
        fields.append("\"failures\": [\(failures.joined(separator: ", "))]")
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
