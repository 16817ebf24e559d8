import Consensus
import Ledger
import PeerNetwork
import QuotaCrypto

/// Who takes part in the present epoch, who follows, and how this node is linked to them.
///
/// A link is named by its *slot*, which belongs to one transport key for as long as the process lives.
/// Consensus counts *positions*: the validators of the epoch by id, then those who follow.
struct Roster: Sendable {
    /// A connection that this node keeps or accepts.
    struct Link: Hashable, Sendable {
        /// The member at the other end.
        let member: String
        /// Its position for consensus.
        let position: Int
        /// How to reach it; its index is the slot.
        let peer: PeerDescription

        /// The slot.
        var slot: Int { peer.index }
    }

    /// The epoch.
    let epoch: UInt64
    /// The validators by position.
    let validators: [Validator]
    /// The member that runs this node.
    let member: String
    /// This node's position, or nil if it only follows.
    let ownIndex: Int?
    /// The keys of this node in the epoch.
    let keys: NodeKeys
    /// All links in the order of their positions.
    let links: [Link]

    private let bySlot: [Int: Link]
    private let byPosition: [Int: Link]

    /// The roster of the epoch of `state`.
    ///
    /// Beside the validators there are links to those who left or changed their keys at the last
    /// seal, which may not have heard of it, and to those who come with the next.
    ///
    /// - Throws: ``NodeError`` if a card has no address.
    init(
        _ state: LedgerState,
        member: String,
        keys: NodeKeys,
        cards: PeerCards = PeerCards(),
        slots: inout SlotTable
    ) throws(NodeError) {
        let epoch = state.epoch
        self.epoch = epoch.number
        self.member = member
        self.keys = keys
        validators = epoch.validators
        ownIndex = validators.firstIndex { $0.id == member && keys.match($0.node) }
        let observers = (epoch.departed + epoch.newcomers).filter { $0.id != member }
        let known = Set((validators + observers).map(\.node.transport))
        var links: [Link] = []
        for (position, validator) in (validators + observers).enumerated()
        where validator.id != member {
            // A key that has a link already needs no other.
            let newer = cards.node(of: validator).flatMap {
                known.contains($0.transport) ? nil : $0
            }
            links.append(
                Link(
                    member: validator.id,
                    position: position,
                    peer: try Self.description(validator, newer, own: member, slots: &slots)
                )
            )
        }
        self.links = links
        bySlot = Dictionary(links.map { ($0.slot, $0) }) { first, _ in first }
        byPosition = Dictionary(links.map { ($0.position, $0) }) { first, _ in first }
    }

    /// How many positions there are beyond those of the validators.
    var observerCount: Int {
        max(0, (links.map(\.position).max() ?? 0) + 1 - validators.count)
    }

    /// This node as a validator; nil if it only follows.
    var own: Validator? { ownIndex.map { validators[$0] } }

    /// The link of a slot; nil if it is of an epoch that is over.
    func link(slot: Int) -> Link? { bySlot[slot] }

    /// The slot of a position; nil for this node.
    func slot(position: Int) -> Int? { byPosition[position]?.slot }

    /// The slots of all links.
    var slots: [Int] { links.map(\.slot) }

    /// The slots of the other validators.
    var validatorSlots: [Int] { links.filter { $0.position < validators.count }.map(\.slot) }

    /// The member id of a validator.
    func name(position: Int) -> String {
        validators.indices.contains(position)
            ? validators[position].id : byPosition[position]?.member ?? "#\(position)"
    }

    /// The member id at the other end of a link.
    func name(slot: Int) -> String { bySlot[slot]?.member ?? "#\(slot)" }

    private static func description(
        _ validator: Validator,
        _ newer: NodeCard?,
        own: String,
        slots: inout SlotTable
    ) throws(NodeError) -> PeerDescription {
        let address = newer?.peer ?? validator.node.peer
        guard let endpoint = Endpoint(address) else {
            throw NodeError("\(validator.id)'s card has no peer address: \(address)")
        }
        return PeerDescription(
            index: slots.slot(of: validator.node.transport),
            id: validator.id,
            transportKey: validator.node.transport.bytes,
            otherKey: newer?.transport.bytes,
            host: endpoint.host,
            port: endpoint.port,
            isDialled: validator.id < own
        )
    }
}

/// Gives every transport key a slot of its own.
struct SlotTable: Sendable {
    private var slots: [Ed25519.PublicKey: Int] = [:]

    /// The slot of a key, a new one if it has none.
    mutating func slot(of key: Ed25519.PublicKey) -> Int {
        if let slot = slots[key] { return slot }
        slots[key] = slots.count
        return slots.count - 1
    }
}
