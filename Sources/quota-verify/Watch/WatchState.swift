import Foundation
import LogReader

/// What a watcher remembers between two rounds and two runs: `watch.json` in its folder.
struct WatchState: Codable {
    /// What is known of one address.
    struct Source: Codable {
        /// The size that it showed last.
        var size: UInt64 = 0
        /// When it last answered, POSIX seconds.
        var lastSeen: UInt64
        /// Whether its silence was told.
        var isSilent = false
        /// What was last told against its checkpoint, until it shows a good one.
        var complaint: String?
        /// Why its checkpoint is not shown to extend the others', told once until it is.
        var unproven: String?
        /// What is wrong with the leaves that it serves, told once until they hold.
        var broken: String?

        /// Whether anything told against it still stands.
        var isAccused: Bool { complaint != nil || unproven != nil || broken != nil }
    }

    /// What is known of one witness of the policy.
    struct Witness: Codable {
        /// The latest time that it signed for, POSIX seconds.
        var lastSigned: UInt64
        /// Whether its silence was told.
        var isSilent = false
    }

    /// The largest checkpoint that the policy accepted and that extends all before it: the note.
    var head: String?
    /// By address.
    var sources: [String: Source] = [:]
    /// By name in the policy.
    var witnesses: [String: Witness] = [:]
    /// The conflicts that were told, each by both roots.
    var conflicts: [String] = []
    /// Whether it was told that the quorum stopped signing.
    var isStale = false
    /// The highest watched percentage that each account has passed.
    var passed: [String: UInt64] = [:]
    /// The overrides of each account that has any.
    var overrides: [String: UInt64] = [:]
    /// Whether the ledger was replayed once, so that what is found next is new.
    var isCaughtUp = false
    /// The newest events, oldest first, for the feed.
    var feed: [WatchEvent] = []
    /// Events that the webhook has not taken yet, oldest first.
    var undelivered: [WatchEvent] = []

    /// The most events in the feed.
    static let feedMax = 200
    /// The most events that wait for the webhook; beyond it the oldest are dropped.
    static let undeliveredMax = 1_000
    /// The most bytes of the file.
    private static let byteCountMax = 64 << 20

    /// The state in a file, or an empty one if there is none.
    ///
    /// - Throws: `Unreadable` if the file is damaged: forgetting is for a person to decide.
    static func load(_ path: String) throws -> WatchState {
        guard FileManager.default.fileExists(atPath: path) else { return WatchState() }
        let bytes = try InputFile.read(path, limit: byteCountMax)
        do {
            return try JSONDecoder().decode(WatchState.self, from: Data(bytes))
        } catch {
            throw Unreadable(path, "is no state of a watcher; move it away to start anew")
        }
    }

    /// Writes the state, so that a power cut leaves the old one or the new one.
    func save(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try OutputFile.write(Array(try encoder.encode(self)), to: path)
    }

    /// Keeps events for the feed and the webhook.
    mutating func keep(_ events: [WatchEvent], forWebhook: Bool) {
        feed = Array((feed + events).suffix(Self.feedMax))
        if forWebhook {
            undelivered = Array((undelivered + events).suffix(Self.undeliveredMax))
        }
    }
}
