internal import Simulation

/// The summary of a campaign, for people and for programs.
struct Report {
    let campaign: Campaign

    private var rows: [(name: String, value: UInt64)] {
        [
            ("seeds", campaign.seedCount), ("events", campaign.eventCount),
            ("blocks final", campaign.blockCount), ("views", campaign.viewCount),
            ("simulated seconds", campaign.milliseconds / 1_000),
        ]
    }

    private var faults: [(name: String, value: UInt64)] {
        zip(Fault.allCases, campaign.faultCounts).map { ($0.rawValue, $1) }
    }

    private var hash: String {
        let digits = String(campaign.fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The command that repeats a failed run.
    private func repetition(of result: SeedResult) -> String {
        let rules = result.options.brokenRules.sorted().map { " --break \($0)" }.joined()
        return "quota-sim run --seed \(result.options.seed) "
            + "--members \(result.options.memberCount)\(rules) --trace"
    }

    var text: String {
        var lines: [String] = []
        for row in rows { lines.append(aligned(row)) }
        lines.append("faults that struck")
        for fault in faults { lines.append("  " + aligned(fault, width: 26)) }
        lines.append("hash of all effects           \(hash)")
        for failure in campaign.failures.prefix(20) {
            lines.append("FAILED seed \(failure.options.seed): \(failure.failure ?? "")")
            lines.append("  repeat with: \(repetition(of: failure))")
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
                + "\"repeat\": \(quoted(repetition(of: result)))}"
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
