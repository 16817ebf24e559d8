import Foundation
import LogReader
import QuotaCrypto
import Transparency
import Verifier

/// One round after the other: asks everybody, compares everything, replays what is new.
struct Watcher {
    /// What is watched, and for what.
    struct Settings {
        /// Nodes and mirrors: their checkpoints are compared, their leaves replayed.
        var logs: [any LogSource]
        /// Witnesses: addresses below which a `checkpoint` stands, compared only.
        var witnesses: [any LogSource]
        /// Whom to believe.
        var trust: WatchTrust
        /// Seconds of silence that are told.
        var silence: UInt64
        /// Parts of a cap, in percent, whose passing is told.
        var percentages: [UInt64]
        /// The folder for state and evidence.
        var folder: URL
    }

    private(set) var settings: Settings
    var state: WatchState
    private var events: [WatchEvent] = []
    private(set) var now: UInt64 = 0

    init(_ settings: Settings, state: WatchState) {
        self.settings = settings
        self.state = state
    }

    /// Asks every source once.
    ///
    /// - Parameter now: The time, POSIX seconds.
    /// - Returns: What is new, in the order in which it was found.
    /// - Throws: `Unreadable` if evidence or state cannot be written.
    mutating func round(at now: UInt64) async throws -> [WatchEvent] {
        self.now = now
        events = []
        let answers = await answers()
        try await followEpochs(answers)
        let heads = await withLateLines(accepted(answers))
        let accepted = try await compare(heads)
        watchSignatures(heads.map(\.head), newest: accepted)
        if let accepted { try await replay(accepted, heads) }
        return events
    }

    /// Adds an event that was made elsewhere.
    mutating func append(_ event: WatchEvent) {
        events.append(event)
    }

    /// Adds an event of now.
    mutating func tell(
        _ kind: WatchEvent.Kind,
        _ message: String,
        about: String? = nil,
        size: UInt64? = nil,
        file: String? = nil
    ) {
        events.append(
            WatchEvent(
                kind: kind,
                time: now,
                message: message,
                about: about,
                size: size,
                file: file
            )
        )
    }

    // MARK: Asking

    /// A checkpoint with the source that showed it.
    struct Shown {
        let head: Head
        let source: any LogSource
        let isLog: Bool
    }

    /// What a source answered when it was asked for its checkpoint.
    private typealias Answer = (source: any LogSource, isLog: Bool, Result<[UInt8], any Error>)

    /// Asks everybody at once.
    private func answers() async -> [Answer] {
        let sources = settings.logs.map { ($0, true) } + settings.witnesses.map { ($0, false) }
        let answers = await withTaskGroup(of: (Int, Result<[UInt8], any Error>).self) { group in
            for (place, source) in sources.enumerated() {
                group.addTask {
                    do {
                        return (place, .success(try await source.0.checkpoint()))
                    } catch {
                        return (place, .failure(error))
                    }
                }
            }
            var answers: [(Int, Result<[UInt8], any Error>)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }
        }
        return answers.map { (sources[$0.0].0, sources[$0.0].1, $0.1) }
    }

    /// The checkpoints of those who answer, of which a listed log key signed each.
    private mutating func accepted(_ answers: [Answer]) -> [Shown] {
        answers.compactMap { source, isLog, answer in
            switch answer {
            case .success(let bytes):
                return head(bytes, of: source).map { Shown(head: $0, source: source, isLog: isLog) }
            case .failure(let error):
                noteSilence(of: source.name, "\(error)")
                return nil
            }
        }
    }

    /// Adds, for every log whose newest checkpoint lacks the quorum, its newest one that outside witnesses
    /// cosigned: while the ledger grows, their lines come after the next checkpoint.
    private func withLateLines(_ shown: [Shown]) async -> [Shown] {
        var all = shown
        for one in shown where one.isLog && !one.head.verdict.isQuorumMet {
            guard let bytes = try? await one.source.witnessedCheckpoint(),
                let note = try? UnverifiedCheckpoint(bytes).note,
                let head = try? settings.trust.head(note), head.verdict.isQuorumMet
            else { continue }
            all.append(Shown(head: head, source: one.source, isLog: true))
        }
        return all
    }

    private mutating func head(_ bytes: [UInt8], of source: any LogSource) -> Head? {
        var record = state.sources[source.name] ?? .init(lastSeen: now)
        if record.isSilent { tell(.back, "\(source.name) answers again.", about: source.name) }
        record.lastSeen = now
        record.isSilent = false
        defer { state.sources[source.name] = record }
        do {
            let head = try settings.trust.head(try UnverifiedCheckpoint(bytes).note)
            if head.size < record.size {
                tell(
                    .rollback,
                    "\(source.name) shows size \(head.size) after size \(record.size).",
                    about: source.name,
                    size: head.size
                )
            }
            record.size = head.size
            record.complaint = nil
            return head
        } catch {
            let complaint = "\(error)"
            if record.complaint != complaint {
                tell(
                    .badCheckpoint,
                    "\(source.name) shows a checkpoint that does not hold: \(complaint).",
                    about: source.name
                )
            }
            record.complaint = complaint
            return nil
        }
    }

    private mutating func noteSilence(of name: String, _ problem: String) {
        var record = state.sources[name] ?? .init(lastSeen: now)
        if !record.isSilent, now - min(now, record.lastSeen) >= settings.silence {
            record.isSilent = true
            tell(
                .silence,
                "\(name) has not answered since \(Words.time(record.lastSeen)): \(problem).",
                about: name
            )
        }
        state.sources[name] = record
    }

    // MARK: Epochs

    /// Looks for the validators of later epochs if somebody shows what those of the present do not sign.
    private mutating func followEpochs(_ answers: [Answer]) async throws {
        let isForeign = answers.contains { _, _, answer in
            guard case .success(let bytes) = answer,
                let note = try? UnverifiedCheckpoint(bytes).note
            else { return false }
            return (try? Head(note, settings.trust.present))?.verdict.isQuorumMet != true
        }
        guard isForeign else { return }
        for log in settings.logs {
            let path = "v1/handoffs"
            guard let bytes = try? await log.read(path, limit: UnverifiedHandOffs.byteCountMax),
                (try? settings.trust.follow(bytes)) == true
            else { continue }
            try OutputFile.write(bytes, to: settings.folder.appending(path: Self.stepsName).path)
            tell(
                .validators,
                "Another epoch: the checkpoints of \(log.name) are signed by "
                    + settings.trust.present.witnesses.map(\.name).joined(separator: ", ")
                    + " now.",
                about: log.name
            )
        }
    }

    /// The file with the steps to the present epoch, below the watcher's folder.
    static let stepsName = "ledger.handoffs"

    // MARK: Comparing

    /// Compares every checkpoint with the largest that is known to extend what was accepted before.
    ///
    /// - Returns: The newest accepted checkpoint, if somebody showed it in this round.
    private mutating func compare(_ shown: [Shown]) async throws -> Shown? {
        let known = state.head.flatMap { try? settings.trust.head(try SignedNote($0)) }
        let logs = shown.filter(\.isLog).map(\.source)
        // The first of equals stays first, so that the order on the command line decides.
        let candidates = shown.filter(\.head.verdict.isQuorumMet)
            .enumerated().sorted {
                ($1.element.head.size, $0.offset) < ($0.element.head.size, $1.offset)
            }
            .map(\.element)
        var best: Shown?
        for candidate in candidates where best == nil {
            guard let known else {
                best = candidate
                continue
            }
            let comparison = await Comparison.of(
                known,
                candidate.head,
                logs: logs,
                keys: settings.trust.keys
            )
            if try judge(comparison, of: candidate.source.name, candidate.head, known) {
                if candidate.head.size >= known.size { best = candidate }
            }
        }
        guard let reference = best?.head ?? known else { return nil }
        for other in shown
        where other.source.name != best?.source.name || other.head.size != best?.head.size {
            let comparison = await Comparison.of(
                reference,
                other.head,
                logs: logs,
                keys: settings.trust.keys
            )
            _ = try judge(comparison, of: other.source.name, other.head, reference)
        }
        if let best { state.head = best.head.note.description }
        return best
    }

    /// Tells what a comparison found; whether both are of one log.
    private mutating func judge(
        _ comparison: Comparison,
        of name: String,
        _ head: Head,
        _ reference: Head
    ) throws -> Bool {
        switch comparison {
        case .consistent:
            state.sources[name]?.unproven = nil
            return true
        case .unknown(let problem):
            // What cannot be told now is told by the next round, unless the tiles lie.
            if head.size > reference.size, state.sources[name]?.unproven == nil {
                state.sources[name]?.unproven = problem
                tell(
                    .unproven,
                    "\(name) shows size \(head.size), which is not shown to extend size "
                        + "\(reference.size): \(problem).",
                    about: name,
                    size: head.size
                )
            }
            return false
        case .conflict(let evidence):
            let id = [reference.root, head.root].map(\.description).sorted().joined(separator: "/")
            guard !state.conflicts.contains(id) else { return false }
            state.conflicts.append(id)
            try report(evidence, of: name, head, reference)
            return false
        }
    }

    private mutating func report(
        _ evidence: UnverifiedEvidence,
        of name: String,
        _ head: Head,
        _ reference: Head
    ) throws {
        let trees =
            "size \(head.size) with root \(head.root), and size \(reference.size) with root "
            + "\(reference.root)"
        guard !evidence.keys.isEmpty else {
            return tell(
                .disagreement,
                "\(name) shows another ledger than the others: \(trees). No key signed both.",
                about: name,
                size: head.size
            )
        }
        let file = settings.folder.appending(
            path: "fork-\(head.size)-\(head.root.description.prefix(12)).fork-evidence"
        )
        try OutputFile.write(evidence.bytes, to: file.path)
        let names = evidence.keys.filter { $0.type == .cosignature }.map(\.name)
        tell(
            .fork,
            "\(Words.count(evidence.keys.count, "key")) signed two ledgers: \(trees). "
                + (names.isEmpty ? "" : "Among them: \(names.joined(separator: ", ")). ")
                + "Check it with: quota-verify evidence \(file.path)",
            about: name,
            size: head.size,
            file: file.path
        )
    }
}
