public import CBOR
public import QuotaCrypto

/// Which validators agree on blocks and sign checkpoints now, and which are to come next.
///
/// The value under `["validators"]` in the state map, from the first seal on:
/// `{epoch, height, validators: [{id, role, node}], former: [{id, role, node}]}`. While it is absent the epoch is the first and
/// the validators are the founders that run a node. The next set is not written down: it follows from
/// the members' cards.
public struct Epoch: Hashable, Sendable {
    /// The number; the first is 1.
    public let number: UInt64
    /// The height of the block that sealed the epoch before; 0 in the first.
    public let sealHeight: UInt64
    /// The validators, ascending by id.
    public let validators: [Validator]
    /// The validators of the epoch before, who sign its last checkpoint; none in the first.
    public let former: [Validator]
    /// The validators of the next epoch as far as decided, ascending by id; the same while nothing is.
    public internal(set) var next: [Validator]
    /// The digests of the node cards that were declared ready for the next epoch, by member id.
    var ready: [String: Digest] = [:]

    init(
        number: UInt64,
        sealHeight: UInt64,
        validators: [Validator],
        former: [Validator]
    ) {
        self.number = number
        self.sealHeight = sealHeight
        self.validators = validators
        self.former = former
        next = validators
    }

    /// The epoch with the given validators, and the same set next.
    public static func first(_ validators: [Validator]) -> Epoch {
        Epoch(number: 1, sealHeight: 0, validators: validators, former: [])
    }

    /// The validators of an epoch; nil but for this one and the one before.
    public func validators(in epoch: UInt64) -> [Validator]? {
        if epoch == number { return validators }
        return number > 1 && epoch == number - 1 ? former : nil
    }

    /// Whether members have decided on another set.
    public var isChanging: Bool { next != validators }

    /// The nodes of the next set that must say that they are ready before the epoch is sealed: those
    /// that bring keys which do not vote now.
    public var newcomers: [Validator] {
        next.filter { candidate in
            !validators.contains { $0.id == candidate.id && $0.node.hasKeys(of: candidate.node) }
        }
    }

    /// Those of the epoch before whose keys vote no more: they left, or changed them.
    public var departed: [Validator] {
        former.filter { old in
            !validators.contains { $0.id == old.id && $0.node.hasKeys(of: old.node) }
        }
    }

    /// The newcomers that have not said so yet.
    public var awaited: [Validator] {
        newcomers.filter { ready[$0.id] != $0.node.digest }
    }

    /// The view that a block after `last` must be above.
    ///
    /// That of `last`, or 0 if the epoch begins with `last`: views begin at 1 in every epoch, and a view
    /// has one block at most.
    func viewFloor(after last: BlockHeader) -> UInt64 {
        last.height == sealHeight ? 0 : last.view
    }

    /// Whether a block that leaves things like this seals the epoch.
    var isDue: Bool { isChanging && awaited.isEmpty }

    /// The epoch that a sealing block of `height` begins.
    func sealed(at height: UInt64) -> Epoch {
        Epoch(number: number + 1, sealHeight: height, validators: next, former: validators)
    }

    /// How many members join, leave or change keys between two sets.
    static func changeCount(_ before: [Validator], _ after: [Validator]) -> Int {
        let ids = Set(before.map(\.id)).union(after.map(\.id))
        return ids.count { id in
            let old = before.first { $0.id == id }
            let new = after.first { $0.id == id }
            guard let old, let new else { return true }
            return !old.node.hasKeys(of: new.node)
        }
    }

    /// How many members may change at one seal: as many as may be faulty, and one where none may.
    static func changesMax(_ validators: [Validator]) -> Int {
        max(1, validators.count - Validator.threshold(of: validators.count))
    }

    /// The fewest validators that a set may have: below four not even one may be faulty.
    static let validatorsMin = 4
}

extension NodeCard {
    /// Whether the four keys are the same.
    func hasKeys(of other: NodeCard) -> Bool {
        vote == other.vote && log == other.log && cosigner == other.cosigner
            && transport == other.transport
    }

    /// Names the card: SHA-256 of its deterministic CBOR.
    public var digest: Digest { SHA256.hash(cbor.encoded()) }

    var keys: [Ed25519.PublicKey] { [vote, log, cosigner, transport] }
}

extension Epoch {
    /// Reads the value under ``StateKey/validators``.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> Epoch {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let number = try fields.unsigned("epoch")
        let height = try fields.unsigned("height")
        let validators = try list(try fields.array("validators", maxCount: 256))
        let former = try list(try fields.array("former", maxCount: 256))
        try fields.finish()
        return Epoch(
            number: number,
            sealHeight: height,
            validators: validators,
            former: former
        )
    }

    private static func list(_ items: [CBORItem]) throws(CBORFieldError) -> [Validator] {
        var validators: [Validator] = []
        for item in items { validators.append(try Validator(item)) }
        return validators
    }

    /// The value's bytes in the state map.
    func encoded() -> [UInt8] {
        CBORValue.object([
            ("epoch", .unsigned(number)), ("height", .unsigned(sealHeight)),
            ("validators", .array(validators.map(\.cbor))),
            ("former", .array(former.map(\.cbor))),
        ]).encoded()
    }
}

extension Validator {
    /// Reads `{id, role, node}`.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let id = try fields.text("id", .member)
        let role = try fields.item("role")
        guard let known = MemberRole(rawValue: try role.text(maxLength: 16)) else {
            throw role.error("not a role")
        }
        let node = try fields.item("node")
        self.init(id: id, role: known, node: try NodeCard(node.value, path: node.path))
        try fields.finish()
    }

    /// The validator as CBOR: `{id, role, node}`.
    public var cbor: CBORValue {
        .object([("id", .text(id)), ("role", .text(role.rawValue)), ("node", node.cbor)])
    }
}
