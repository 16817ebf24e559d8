/// Something that a watcher tells.
struct WatchEvent: Codable, Hashable, Sendable {
    /// What kind of thing happened; the texts are stable and meant for programs.
    enum Kind: String, Codable, Sendable, CaseIterable {
        /// Somebody signed two ledgers; `file` convicts.
        case fork
        /// Two checkpoints cannot be of one log, but no key signed both.
        case disagreement
        /// A node serves tiles that do not lead to the root that it shows.
        case unproven
        /// A node shows a smaller ledger than before.
        case rollback
        /// A checkpoint with a wrong signature, of another ledger, or malformed.
        case badCheckpoint = "bad-checkpoint"
        /// The leaves break the ledger's rules or do not hash to the signed root.
        case ruleBroken = "rule-broken"
        /// A node does not answer, or a witness does not sign any more.
        case silence
        /// A node answers again, or a witness signs again.
        case back
        /// The quorum has not signed for too long.
        case stale
        /// The quorum signs again.
        case fresh
        /// An account passed a watched part of its cap.
        case threshold
        /// An account has more overrides than before.
        case override
        /// Another policy is in force.
        case policy
        /// Another chip catalogue is in force.
        case catalogue
        /// The members or their keys changed.
        case members
        /// A validator signed votes that contradict each other, and the ledger has both.
        case conviction
        /// Another epoch: other validators sign checkpoints.
        case validators

        /// Whether it speaks against somebody.
        var isAlarm: Bool {
            switch self {
            case .fork, .disagreement, .unproven, .rollback, .badCheckpoint, .ruleBroken: true
            case .silence, .back, .stale, .fresh, .threshold, .override, .policy, .catalogue,
                .members, .conviction, .validators:
                false
            }
        }
    }

    /// What happened.
    let kind: Kind
    /// When the watcher noticed it, POSIX seconds by its own clock.
    let time: UInt64
    /// A sentence for people.
    let message: String
    /// Whom it is about: an address, or the name of a witness or an account.
    var about: String?
    /// The size of the log that it is about.
    var size: UInt64?
    /// The file with the evidence.
    var file: String?
}
