import Foundation
import Ledger
import QuotaRules
import Transparency
import Verifier

/// Numbers, times and names as people read them.
enum Words {
    /// A time in UTC, such as `2026-03-01T12:00:00Z`.
    static func time(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds) s after 1970" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// How long before `now` something was, such as `3 minutes before now`.
    static func age(of seconds: UInt64, at now: UInt64) -> String {
        guard seconds <= now else {
            return "\(span(seconds - now)) in the future by this machine's clock"
        }
        return "\(span(now - seconds)) ago"
    }

    private static func span(_ seconds: UInt64) -> String {
        switch seconds {
        case 0..<120: count(seconds, "second")
        case 120..<7_200: count(seconds / 60, "minute")
        case 7_200..<172_800: count(seconds / 3_600, "hour")
        default: count(seconds / 86_400, "day")
        }
    }

    /// A number with its noun: `1 block`, `2 blocks`.
    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// An amount in the unit of an account.
    static func amount(_ value: UInt64, unit: String) -> String {
        QuotaUnit(rawValue: unit)?.description(of: value) ?? "\(value) \(unit)"
    }

    /// Whose account it is: `country KE` or the parts of the subject.
    static func holder(_ account: TotalAccount) -> String {
        account.country.map { "country \($0)" }
            ?? (account.subject.isEmpty ? "everybody" : account.subject.joined(separator: ", "))
    }

    /// What an account holds by bucket, a sentence each for what is used, given back, and overridden.
    static func buckets(_ total: AccountTotal) -> [String] {
        let parts = Bucket.allCases.filter { total.amounts[$0] > 0 }.map { bucket in
            "\(total.unit.description(of: total.amounts[bucket])) (\(total.chips[bucket]) chips) "
                + bucket.rawValue.split(separator: "_").joined(separator: " ")
        }
        var lines = ["Booked: " + (parts.isEmpty ? "nothing" : parts.joined(separator: ", ")) + "."]
        if let room = total.room { lines.append("Room: \(total.unit.description(of: room)).") }
        if total.released > 0 || total.releasedChips > 0 {
            lines.append(
                "Given back and no longer counted: \(total.unit.description(of: total.released)) "
                    + "(\(total.releasedChips) chips)."
            )
        }
        if total.overrides > 0 {
            lines.append("Claims that entered beyond the cap by an override: \(total.overrides).")
        }
        return lines
    }

    /// Whose key it is, as far as trust policies say, the newest first.
    static func owner(of key: NoteKey, in policies: [TrustPolicy]) -> String {
        guard !policies.isEmpty else { return key.vkey }
        if let witness = policies.lazy.flatMap(\.witnesses).first(where: { $0.key == key }) {
            return "witness \(witness.name), \(key.vkey)"
        }
        return policies.contains { $0.lists(key) }
            ? "log key \(key.vkey), which the policy trusts"
            : "\(key.vkey), which the policy does not list"
    }

    /// How far a replay is.
    ///
    /// - Parameters:
    ///   - progress: What was replayed, earlier runs included.
    ///   - size: The goal.
    ///   - first: Where this run began.
    ///   - began: When it began.
    /// - Returns: Leaves and percent; rate and time left once a hundredth is done, before which they would mislead.
    static func progress(
        _ progress: LedgerAudit.Progress,
        of size: UInt64,
        from first: UInt64,
        since began: ContinuousClock.Instant
    ) -> String {
        let percent = size == 0 ? 100 : progress.leaves * 100 / size
        let done = progress.leaves - min(first, progress.leaves)
        let line =
            "replayed \(progress.leaves) of \(size) leaves (\(percent) %), block \(progress.blocks)"
        guard done >= size / 100 else { return line }
        let seconds = UInt64(max(1, (ContinuousClock.now - began).components.seconds))
        let rate = max(1, done / seconds)
        let left = (size - min(progress.leaves, size)) / rate
        return "\(line), \(rate) leaves/s, \(span(left)) left"
    }

    /// Who signed a checkpoint and when, a sentence each.
    static func signers(_ checkpoint: VerifiedCheckpoint, now: UInt64) -> [String] {
        let keys = checkpoint.logs.count
        var lines = [
            "Signed by \(count(keys, "trusted log key")) of \(checkpoint.checkpoint.origin)."
        ]
        if !checkpoint.witnesses.isEmpty {
            let names = checkpoint.witnesses.map { "\($0.name) (\(time($0.timestamp)))" }
            lines.append("Cosigned by \(names.joined(separator: ", ")).")
        }
        if let quorumTime = checkpoint.quorumTime {
            lines.append(
                "The newest quorum is of \(time(quorumTime)), \(age(of: quorumTime, at: now))."
            )
        } else {
            lines.append(
                "The policy asks for no quorum, so one key was enough and nothing is dated."
            )
        }
        return lines
    }
}
