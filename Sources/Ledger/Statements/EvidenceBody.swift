public import CBOR
public import Votes

/// Two votes by which a validator convicts itself (consensus.md 2.8): the body of an evidence
/// statement, signed by the **log key** of the node that makes it.
///
/// Layout: `{member, votes: [vote, vote]}`, the pair as an evidence file has it. The statement's
/// subject is the epoch and the member, `2.quota-nl` for example: one conviction of a member in an
/// epoch is enough, whoever brings it.
public struct EvidenceBody: Hashable, Sendable {
    /// Whom the votes convict: the validator at their position in their epoch.
    public let member: String
    /// The votes, which contradict each other.
    public let pair: EvidencePair

    /// A body with the given contents.
    public init(member: String, pair: EvidencePair) {
        self.member = member
        self.pair = pair
    }

    /// Reads a body; refuses votes that do not contradict each other.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        member = try fields.text("member", .member)
        pair = try EvidencePair(try fields.item("votes"))
        try fields.finish()
    }

    /// The body as CBOR.
    public var cbor: CBORValue {
        .object([("member", .text(member)), ("votes", pair.cbor)])
    }

    /// The epoch whose keys signed the votes.
    public var epoch: UInt64 { pair.first.epoch }

    /// What the votes prove, without a full stop.
    public var sentence: String {
        "\(member) \(pair.offence.sentence) in view \(pair.first.view) of epoch \(epoch)"
    }

    /// The subject of the statement.
    public var subject: String { Self.subject(epoch, member) }

    /// The subject of evidence against a member in an epoch.
    public static func subject(_ epoch: UInt64, _ member: String) -> String { "\(epoch).\(member)" }
}
