/// Which logs and witnesses a verifier believes, and how many of them it takes.
///
/// Source: C2SP tlog-policy (untagged).
public struct TrustPolicy: Hashable, Sendable {
    /// The most logs, the most witnesses and the most groups, each.
    public static let itemsMax = 256
    /// The most bytes a policy file may have.
    public static let byteCountMax = 262_144

    /// A log key; its name is the log's origin.
    public struct Log: Hashable, Sendable {
        /// A key of type 0x01.
        public let key: NoteKey
        /// Where the log can be reached.
        public let url: String?

        /// A log.
        public init(key: NoteKey, url: String? = nil) {
            self.key = key
            self.url = url
        }
    }

    /// A cosigner that counts.
    public struct Witness: Hashable, Sendable {
        /// The name in this policy, which need not be the key's.
        public let name: String
        /// A key of type 0x04.
        public let key: NoteKey
        /// Where the witness can be reached.
        public let url: String?

        /// A witness.
        public init(name: String, key: NoteKey, url: String? = nil) {
            self.name = name
            self.key = key
            self.url = url
        }
    }

    /// Several witnesses or groups of which enough must sign.
    public struct Group: Hashable, Sendable {
        /// How many members make the group.
        public enum Threshold: Hashable, Sendable {
            /// One of them.
            case any
            /// Every one of them.
            case all
            /// This many of them, at least one.
            case count(Int)
        }

        /// The group's name, in one namespace with the witnesses.
        public let name: String
        /// How many of the members it takes.
        public let threshold: Threshold
        /// Names that are defined before this group.
        public let members: [String]

        /// A group.
        public init(name: String, threshold: Threshold, members: [String]) {
            self.name = name
            self.threshold = threshold
            self.members = members
        }

        /// The number of members that it takes.
        var required: Int {
            switch threshold {
            case .any: 1
            case .all: members.count
            case .count(let count): count
            }
        }
    }

    /// The logs; any one of them may sign a checkpoint.
    public private(set) var logs: [Log] = []
    /// The witnesses.
    public private(set) var witnesses: [Witness] = []
    /// The groups, each after its members.
    public private(set) var groups: [Group] = []
    /// The witness or group that must have signed; nil for `none`.
    public private(set) var quorum: String?

    /// Where each name points, by its bytes; looked up only, never walked.
    private var items: [[UInt8]: Item] = [:]
    private var hasQuorum = false

    private enum Item: Hashable, Sendable {
        case witness(Int)
        case group(Int)
    }

    /// A policy from its parts, checked as a file is.
    ///
    /// - Throws: `TrustPolicyError` without a line number.
    public init(
        logs: [Log],
        witnesses: [Witness],
        groups: [Group],
        quorum: String?
    ) throws(TrustPolicyError) {
        self.init()
        for log in logs { try add(log) }
        for witness in witnesses { try add(witness) }
        for group in groups { try add(group) }
        try setQuorum(quorum)
    }

    /// The start of a policy that is read line by line.
    init() {}
}

extension TrustPolicy {
    mutating func add(_ log: Log) throws(TrustPolicyError) {
        guard logs.count < Self.itemsMax else { throw .init("more than \(Self.itemsMax) logs") }
        guard log.key.type == .ed25519 else {
            throw .init("a log needs a key of type 1 (Ed25519)")
        }
        guard !logs.contains(where: { $0.key.publicKey == log.key.publicKey }) else {
            throw .init("two logs have the same public key")
        }
        logs.append(log)
    }

    mutating func add(_ witness: Witness) throws(TrustPolicyError) {
        guard witnesses.count < Self.itemsMax else {
            throw .init("more than \(Self.itemsMax) witnesses")
        }
        guard witness.key.type == .cosignature else {
            throw .init("a witness needs a key of type 4 (cosignature)")
        }
        guard !witnesses.contains(where: { $0.key.publicKey == witness.key.publicKey }) else {
            throw .init("two witnesses have the same public key")
        }
        try define(witness.name, as: .witness(witnesses.count))
        witnesses.append(witness)
    }

    mutating func add(_ group: Group) throws(TrustPolicyError) {
        guard groups.count < Self.itemsMax else {
            throw .init("more than \(Self.itemsMax) groups")
        }
        guard (1...max(group.members.count, 1)).contains(group.required), !group.members.isEmpty
        else {
            throw .init("group '\(group.name)' needs 1 to \(group.members.count) of its members")
        }
        var taken = Set(groups.flatMap { $0.members.map { Array($0.utf8) } })
        for member in group.members {
            guard items[Array(member.utf8)] != nil else {
                throw .init("'\(member)' is not defined on an earlier line")
            }
            guard taken.insert(Array(member.utf8)).inserted else {
                throw .init("'\(member)' is a group member twice")
            }
        }
        try define(group.name, as: .group(groups.count))
        groups.append(group)
    }

    mutating func setQuorum(_ name: String?) throws(TrustPolicyError) {
        guard !hasQuorum else { throw .init("the quorum is set twice") }
        if let name, items[Array(name.utf8)] == nil {
            throw .init("'\(name)' is not defined on an earlier line")
        }
        quorum = name
        hasQuorum = true
    }

    /// Whether a quorum line was read.
    var isComplete: Bool { hasQuorum }

    private mutating func define(_ name: String, as item: Item) throws(TrustPolicyError) {
        guard Self.isName(name), name != "none" else {
            throw .init("'\(name)' may not be the name of a witness or group")
        }
        guard items.updateValue(item, forKey: Array(name.utf8)) == nil else {
            throw .init("'\(name)' is defined twice")
        }
    }

    /// Whether a text can be one field of a line.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
            && text.utf8.first != UInt8(ascii: "#")
    }

    /// Whether the witnesses with these numbers make the quorum.
    ///
    /// Groups stand after their members, so one pass decides them all.
    func isQuorumMet(signed: [Bool]) -> Bool {
        guard let quorum else { return true }
        var isGroupMet: [Bool] = []
        func isMet(_ name: String) -> Bool {
            switch items[Array(name.utf8)] {
            case .witness(let index): signed[index]
            case .group(let index): index < isGroupMet.count && isGroupMet[index]
            case nil: false
            }
        }
        for group in groups {
            isGroupMet.append(group.members.count(where: isMet) >= group.required)
        }
        return isMet(quorum)
    }

    /// Whether the witnesses of these names, as this policy names them, make the quorum.
    public func isQuorumMet(by names: [String]) -> Bool {
        isQuorumMet(
            signed: witnesses.map { witness in
                names.contains { $0.hasSameBytes(as: witness.name) }
            }
        )
    }
}

/// Why a policy was refused.
public struct TrustPolicyError: Error, Hashable, CustomStringConvertible {
    /// The line in the file, from 1; nil if the problem is not one of a line.
    public let line: Int?
    /// What is wrong.
    public let problem: String

    init(_ problem: String, line: Int? = nil) {
        self.problem = problem
        self.line = line
    }

    /// The line and the problem.
    public var description: String {
        line.map { "trust policy, line \($0): \(problem)" } ?? "trust policy: \(problem)"
    }
}
