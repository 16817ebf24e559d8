import Foundation
import Ledger
import QuotaCrypto

/// Cards of other members that the operator put into the home, for a node that was away for longer than
/// its peers kept their keys: by those that its own ledger names it would not find them any more.
///
/// They open links and nothing else: whatever comes over one is verified by the votes of the epoch.
struct PeerCards: Sendable {
    /// The cards' nodes by member.
    private var nodes: [String: NodeCard] = [:]

    /// No cards.
    init() {}

    /// The cards in a home's folder of them, each signed by its member's key as the ledger knows it here.
    ///
    /// - Throws: ``HomeError`` or ``NodeError`` for a file that is no such card.
    init(home: NodeHome, state: LedgerState) throws {
        let folder = home.peerCardsFolder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".cose") {
            let file = folder + "/" + name
            let statement = try? Statement.decode(NodeHome.read(file))
            guard let statement, statement.audience == state.origin,
                case .member(let card) = statement.body, let node = card.node
            else { throw NodeError("\(file): is no card of a node on \(state.origin)") }
            guard let member = state.member(card.id),
                (try? statement.verifySignature(with: member.card.statementKey)) != nil
            else {
                throw NodeError("\(file): is not signed by \(card.id)'s key in this node's ledger")
            }
            nodes[card.id] = node
        }
    }

    /// The node of a validator by its card here, if that has another transport key than the ledger's.
    func node(of validator: Validator) -> NodeCard? {
        nodes[validator.id].flatMap { $0.transport == validator.node.transport ? nil : $0 }
    }
}
