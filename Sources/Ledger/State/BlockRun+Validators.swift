import COSE
import HashTreeCollections
import MerkleLog
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// The validators that the members' cards name now, ascending by id.
    var namedValidators: [Validator] {
        members.values.compactMap(\.validator).sorted { $0.id < $1.id }
    }

    /// Refuses a set of validators that may not follow the present one.
    ///
    /// - Parameters:
    ///   - id: The member whose node changes.
    ///   - node: Its card in the next epoch; nil if it leaves.
    ///   - path: The field to name.
    /// - Throws: ``Refusal`` if too many would change, or too few be left.
    func checkValidators(
        changing id: String,
        to node: Validator?,
        path: String
    ) throws(Refusal) {
        let next =
            (namedValidators.filter { $0.id != id } + (node.map { [$0] } ?? []))
            .sorted { $0.id < $1.id }
        guard next != epoch.next else { return }
        let current = epoch.validators
        let changes = Epoch.changeCount(current, next)
        guard changes <= Epoch.changesMax(current) else {
            let decided = epoch.next.isEmpty ? 0 : Epoch.changeCount(current, epoch.next)
            throw Refusal(
                .validatorChange,
                "\(changes) of \(current.count) validators would change at one seal, and at most "
                    + "\(Epoch.changesMax(current)) may; \(decided) wait already. It passes after "
                    + "epoch \(epoch.number) is sealed.",
                path: path
            )
        }
        guard next.count >= min(Epoch.validatorsMin, current.count) else {
            throw Refusal(
                .validatorChange,
                "\(next.count) validators would be left; \(Epoch.validatorsMin) are the fewest of "
                    + "which one may be faulty. Another node joins first.",
                path: path
            )
        }
    }

    /// Refuses a node whose keys are not proven, or are another's.
    func checkNode(of card: MemberCard, path: String) throws(Refusal) {
        guard let node = card.node, node != members[card.id]?.card.node else { return }
        if let purpose = KeyProofs.firstFailure(in: node, member: card.id, origin: base.origin) {
            throw Refusal(
                .badSignature,
                "the proof of possession of the \(purpose.rawValue) key fails",
                path: "\(path).proofs.\(purpose.rawValue)"
            )
        }
        let own = members[card.id]?.card
        let taken =
            members.filter { $0.key != card.id }.flatMap(\.value.card.allKeys)
            + epoch.validators.filter { $0.id != card.id }.flatMap(\.node.keys)
            + [card.statementKey] + [card.coKey, own?.statementKey, own?.coKey].compactMap { $0 }
        guard !node.keys.contains(where: taken.contains) else {
            throw Refusal(
                .conflict,
                "A key serves one member and one purpose; make a new one.",
                path: path
            )
        }
        // Of one node all keys change or none: an old key next to a new one would be easy to confuse.
        if let before = own?.node, !before.hasKeys(of: node),
            node.keys.contains(where: before.keys.contains)
        {
            throw Refusal(.conflict, "A key rotation replaces all four keys.", path: path)
        }
    }

    /// Takes what members' cards say now as the set of the next epoch.
    mutating func noteValidators() { epoch.next = namedValidators }

    /// Takes a node's word that it is ready.
    mutating func declare(_ body: ReadyBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        let path = "$.payload"
        guard body.epoch == epoch.number + 1,
            let awaited = epoch.awaited.first(where: { $0.id == issuer })
        else {
            throw Refusal(
                .notOpen,
                "No readiness of '\(issuer)' for epoch \(body.epoch) is waited for; the present "
                    + "epoch is \(epoch.number).",
                path: "\(path).epoch"
            )
        }
        guard body.node == awaited.node.digest else {
            throw Refusal(
                .validatorChange,
                "The node card that was voted in is another one.",
                path: "\(path).node"
            )
        }
        let member = members[issuer]
        let decided = max(member?.index ?? 0, member?.changed ?? 0)
        guard (decided + 1...base.tree.size).contains(body.size) else {
            throw Refusal(
                .malformed,
                "The node must hold the leaf that names it: a size of \(decided + 1) to "
                    + "\(base.tree.size).",
                path: "\(path).size"
            )
        }
        epoch.ready[issuer] = body.node
        register(statement, body: statement.bodyBytes)
    }

    /// The key that signs what a node makes: the log key on the member's card.
    func nodeKey(of issuer: String) throws(Refusal) -> Ed25519.PublicKey {
        guard let member = members[issuer], member.ended == nil, let node = member.card.node else {
            throw Refusal(
                .unknownIssuer,
                "'\(issuer)' is no member with a node.",
                path: "$.protected.15.1"
            )
        }
        return node.log
    }

    /// What must hold for a statement that a node makes before its body is looked at.
    func checkNodeKey(_ statement: Statement) throws(Refusal) {
        let key = try nodeKey(of: statement.identity.issuer)
        guard statement.kid == COSEKey.thumbprint(key) else {
            throw Refusal(
                .wrongKey,
                "The kid is not the thumbprint of the log key of '\(statement.identity.issuer)'.",
                path: "$.protected.4"
            )
        }
    }
}
