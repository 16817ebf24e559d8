import Foundation
import Ledger
import LogReader
import QuotaRules
import Transparency
import Verifier

extension Watcher {
    /// Tells whose signatures are late, and whether the quorum is.
    mutating func watchSignatures(_ heads: [Head], newest: Shown?) {
        for witness in settings.trust.present.witnesses {
            let times = heads.flatMap(\.verdict.witnesses).filter { $0.key == witness.key }
                .map(\.timestamp)
            watch(witness.name, signed: times.max())
        }
        guard let quorumTime = newest?.head.verdict.quorumTime else { return }
        let isStale = now - min(now, quorumTime) >= settings.silence
        if isStale != state.isStale {
            tell(
                isStale ? .stale : .fresh,
                "The newest quorum of signatures is of \(Words.time(quorumTime)).",
                size: newest?.head.size
            )
        }
        state.isStale = isStale
    }

    private mutating func watch(_ name: String, signed time: UInt64?) {
        var record = state.witnesses[name] ?? .init(lastSigned: time ?? now)
        record.lastSigned = max(record.lastSigned, time ?? 0)
        let isSilent = now - min(now, record.lastSigned) >= settings.silence
        if isSilent != record.isSilent {
            tell(
                isSilent ? .silence : .back,
                isSilent
                    ? "Witness \(name) has not signed since \(Words.time(record.lastSigned))."
                    : "Witness \(name) signs again.",
                about: name
            )
        }
        record.isSilent = isSilent
        state.witnesses[name] = record
    }

    /// Replays what the newest checkpoint added, and tells what changed for people.
    mutating func replay(_ newest: Shown, _ shown: [Shown]) async throws {
        let memory = AuditMemory(path: settings.folder.appending(path: "audit.state").path)
        let log = newest.isLog ? newest.source : shown.first(where: \.isLog)?.source
        guard let log else { return }
        let isCaughtUp = state.isCaughtUp
        var found: [WatchEvent] = []
        do {
            let audit = try await Replay(log: log, size: newest.head.size).run(
                from: try memory.load(),
                listener: { before, block, after in
                    guard isCaughtUp, let before else { return }
                    found += Self.changes(before, block, after)
                }
            )
            _ = try audit.finish(UnverifiedCheckpoint(newest.head.note), policy: newest.head.policy)
            try memory.save(audit)
            for event in found { append(event) }
            if let state = audit.state { watchCaps(state) }
            state.isCaughtUp = true
            state.sources[log.name]?.broken = nil
        } catch let failure as VerificationFailure {
            let complaint = failure.description
            guard state.sources[log.name]?.broken == nil else { return }
            state.sources[log.name]?.broken = complaint
            tell(
                .ruleBroken,
                "The leaves that \(log.name) serves do not hold: \(complaint).",
                about: log.name,
                size: newest.head.size
            )
        } catch let problem as Unreadable {
            // The next round asks again; silence is told by the clock.
            Terminal.write("\(problem.description)\n", to: .standardError)
        }
    }

    /// What a block changed beside the accounts.
    private static func changes(
        _ before: LedgerState,
        _ block: Block,
        _ after: LedgerState
    ) -> [WatchEvent] {
        var events: [WatchEvent] = []
        func add(_ kind: WatchEvent.Kind, _ message: String) {
            events.append(
                WatchEvent(
                    kind: kind,
                    time: block.header.time,
                    message: message,
                    size: block.header.treeSize
                )
            )
        }
        if before.policy.index != after.policy.index {
            add(
                .policy,
                "Policy '\(after.policy.document.id)' is in force (leaf \(after.policy.index)), after "
                    + "'\(before.policy.document.id)' (leaf \(before.policy.index))."
            )
        }
        if before.catalogue.index != after.catalogue.index {
            add(.catalogue, "Catalogue '\(after.catalogue.document.id)' is in force.")
        }
        for statement in block.statements {
            guard case .evidence(let body) = statement.body else { continue }
            add(.conviction, "\(body.sentence); '\(statement.identity.issuer)' brought the votes.")
        }
        for sentence in memberChanges(before.members, after.members) { add(.members, sentence) }
        return events
    }

    /// Members keep their cards when they are expelled; the end of a membership stands beside it.
    private static func memberChanges(_ before: [Member], _ after: [Member]) -> [String] {
        guard before != after else { return [] }
        var sentences: [String] = []
        for member in after {
            let card = member.card
            let old = before.first { $0.card.id == card.id }
            let wasMember = old.map { $0.ended == nil } ?? false
            let isMember = member.ended == nil
            if wasMember, !isMember {
                sentences.append("\(card.id) is no member any more.")
            } else if isMember, !wasMember {
                sentences.append(
                    "\(card.id) (\(card.role.rawValue), \(card.country)) is a member now."
                )
            } else if isMember, let old, old.card != card {
                sentences.append(
                    old.card.statementKey == card.statementKey
                        ? "The card of \(card.id) changed." : "\(card.id) has another key now."
                )
            }
        }
        return sentences
    }

    /// Tells which accounts passed a watched part of their caps, or got an override, since the last time.
    private mutating func watchCaps(_ ledger: LedgerState) {
        for account in ledger.accounts {
            let name = ([account.key.limit] + account.key.subject + [account.key.period])
                .joined(separator: " ")
            let overrides = account.total.overrides
            if overrides > state.overrides[name] ?? 0 {
                state.overrides[name] = overrides
                tell(
                    .override,
                    "\(name): \(Words.count(overrides, "claim")) entered beyond the cap by an override.",
                    about: name,
                    size: ledger.size
                )
            }
            guard let cap = account.total.cap else { continue }
            let percent = Self.percent(account.total.consumed, of: cap)
            let passed = settings.percentages.filter { $0 <= percent }.max() ?? 0
            if passed > state.passed[name] ?? 0 {
                tell(
                    .threshold,
                    "\(name): \(account.total.unit.description(of: account.total.consumed)) of "
                        + "\(account.total.unit.description(of: cap)) are used, \(percent) %; "
                        + "\(passed) % are passed.",
                    about: name,
                    size: ledger.size
                )
            }
            state.passed[name] = passed
        }
    }

    /// Whole percent, rounded down; a cap of nothing is full.
    private static func percent(_ consumed: UInt64, of cap: UInt64) -> UInt64 {
        guard cap > 0 else { return 100 }
        let (hundredfold, isTooLarge) = consumed.multipliedReportingOverflow(by: 100)
        return isTooLarge ? consumed / max(1, cap / 100) : hundredfold / cap
    }
}
