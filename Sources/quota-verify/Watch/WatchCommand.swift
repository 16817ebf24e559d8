import ArgumentParser
import Foundation
import LogReader
import Verifier

/// `quota-verify watch` follows a ledger and tells what must not pass unnoticed.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follows several nodes and witnesses, and tells forks, silence and changes.",
        discussion: """
            Asks every node and witness for its checkpoint once a period, proves that all of them show \
            one growing log, and replays what is new by the ledger's rules. Two signed checkpoints that \
            cannot be of one log are written to a file that convicts whoever signed both.

            Events go to standard output, a line each; with --webhook also as JSON in a POST request, \
            repeated until it is taken; with --feed to an Atom file that a feed reader can follow. What \
            was seen is kept in --state, so that a restart forgets nothing.

            Exit codes, with --once: 0 nothing speaks against the ledger, 1 something does, 3 nobody \
            answered.
            """
    )

    @Option(
        help: ArgumentHelp("A node or mirror; may be repeated.", valueName: "address")
    )
    var url: [String] = []

    @Option(
        help: ArgumentHelp("A folder with a copy of the log; may be repeated.", valueName: "folder")
    )
    var folder: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where a witness shows its latest checkpoint of this log, without '/checkpoint'.",
            valueName: "address"
        )
    )
    var witness: [String] = []

    @Option(
        help: ArgumentHelp(
            "The trust policy; the validators of later epochs are followed from it.",
            valueName: "file"
        )
    )
    var policy: String?

    @OptionGroup var epochs: HandOffOptions

    @Option(
        help: ArgumentHelp("The folder for what was seen and for evidence.", valueName: "folder")
    )
    var state: String

    @Option(help: ArgumentHelp("Seconds between two rounds.", valueName: "seconds"))
    var period: UInt64 = 30

    @Option(
        help: ArgumentHelp("Seconds without a sign of life that are told.", valueName: "seconds")
    )
    var silence: UInt64 = 3_600

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Parts of a cap whose passing is told.", valueName: "percent")
    )
    var over: [UInt64] = [75, 90, 100]

    @Option(help: ArgumentHelp("Where to send events.", valueName: "address"))
    var webhook: String?

    @Option(help: ArgumentHelp("Where to write an Atom feed of the events.", valueName: "file"))
    var feed: String?

    @Flag(help: "Print events as JSON, one a line.")
    var json = false

    @Flag(help: "Make one round and end.")
    var once = false

    func validate() throws {
        guard !url.isEmpty || !folder.isEmpty else {
            throw ValidationError("Give --url or --folder.")
        }
        guard (policy == nil) != (epochs.handoffs == nil) else {
            throw ValidationError("Give either --policy, or --handoffs with --chain-id.")
        }
        for address in url + witness + [webhook].compactMap({ $0 }) {
            guard let url = URL(string: address), url.host != nil,
                ["http", "https"].contains(url.scheme)
            else { throw ValidationError("'\(address)' is not an http address.") }
        }
        guard period > 0 else { throw ValidationError("The period must be at least 1 second.") }
    }

    func run() async throws {
        do {
            try await watch()
        } catch let problem as Unreadable {
            Terminal.write("\(problem.description)\n", to: .standardError)
            throw ExitCode(Verdict.unknown.exitCode)
        } catch let failure as VerificationFailure {
            Terminal.write("\(failure.description)\n", to: .standardError)
            throw ExitCode(Verdict.disproven.exitCode)
        }
    }

    private func watch() async throws {
        let home = URL(filePath: state)
        try Self.makeFolder(home)
        let file = home.appending(path: "watch.json").path
        var watcher = Watcher(try settings(home), state: try WatchState.load(file))
        while true {
            let events = try await watcher.round(at: Self.now)
            for event in events { write(event) }
            watcher.state.keep(events, forWebhook: webhook != nil)
            try watcher.state.save(file)
            try writeFeed(watcher.state)
            if await deliver(&watcher.state) { try watcher.state.save(file) }
            guard !once else {
                throw ExitCode(Self.verdict(events, watcher.state, at: watcher.now).exitCode)
            }
            try await Task.sleep(for: .seconds(period))
        }
    }

    private func settings(_ home: URL) throws -> Watcher.Settings {
        func web(_ address: String) -> (any LogSource)? {
            URL(string: address).map { WebSource($0) }
        }
        return Watcher.Settings(
            logs: url.compactMap(web) + folder.map { FolderSource(URL(filePath: $0)) },
            witnesses: witness.compactMap(web),
            trust: try trust(home),
            silence: silence,
            percentages: over,
            folder: home
        )
    }

    /// Whom to believe, with the epochs that were found in earlier runs.
    private func trust(_ home: URL) throws -> WatchTrust {
        var trust: WatchTrust
        if let policy {
            trust = WatchTrust(try PolicyOptions.read(policy))
        } else if let handOffs = try epochs.verified() {
            trust = WatchTrust(handOffs)
        } else {
            throw ValidationError("Give --policy, or --handoffs with --chain-id.")
        }
        let file = home.appending(path: Watcher.stepsName).path
        guard FileManager.default.fileExists(atPath: file) else { return trust }
        do {
            _ = try trust.follow(try InputFile.read(file, limit: UnverifiedHandOffs.byteCountMax))
        } catch let failure as VerificationFailure {
            throw Unreadable(file, "does not follow from what is trusted: \(failure.description)")
        }
        return trust
    }

    private static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Unreadable(folder.path, "cannot be made: \(error.localizedDescription)")
        }
    }

    private static var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }

    private static func verdict(
        _ events: [WatchEvent],
        _ state: WatchState,
        at now: UInt64
    ) -> Verdict {
        let answering = state.sources.values.filter { $0.lastSeen == now }
        let isAlarming = events.contains(where: \.kind.isAlarm) || !state.conflicts.isEmpty
        if isAlarming || answering.contains(where: \.isAccused) { return .disproven }
        return !answering.isEmpty && state.head != nil ? .proven : .unknown
    }

    // MARK: Telling

    private func write(_ event: WatchEvent) {
        guard json else {
            return Terminal.write(
                "\(Words.time(event.time))  \(event.kind.rawValue)  \(event.message)\n"
            )
        }
        if let line = event.json { Terminal.write(line + "\n") }
    }

    private func writeFeed(_ state: WatchState) throws {
        guard let feed else { return }
        try OutputFile.write(Array(AtomFeed(state.feed).text.utf8), to: feed)
    }

    /// Sends what waits, oldest first, until one is not taken; whether anything was.
    private func deliver(_ state: inout WatchState) async -> Bool {
        guard let address = webhook.flatMap(URL.init(string:)) else { return false }
        var isChanged = false
        while let event = state.undelivered.first {
            guard await Webhook.deliver(event, to: address) else { break }
            state.undelivered.removeFirst()
            isChanged = true
        }
        return isChanged
    }
}
