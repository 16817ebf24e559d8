import Consensus
import Ledger
import Logging
import StateMap
import Votes

extension NodeCore {
    /// Brings before the ledger what this node holds against validators, until the ledger has it: one
    /// statement for a member and epoch, made again only if the one that waited was refused.
    func reportEvidence() {
        guard !accusations.isEmpty, fetch == nil, probation == nil else { return }
        accusations = accusations.filter { isPending($0) }
        if accusations.isEmpty { reports = [:] }
    }

    /// Whether the ledger may still take a pair, which waits for a block then, or for room.
    private func isPending(_ pair: EvidencePair) -> Bool {
        guard let validators = final.epoch.validators(in: pair.first.epoch),
            validators.indices.contains(pair.member)
        else { return false }
        let body = EvidenceBody(member: validators[pair.member].id, pair: pair)
        guard final.map[StateKey.registered(.evidence, id: body.subject)] == nil else {
            return false
        }
        if let leaf = reports[body.subject], pool.contains(leaf) { return true }
        return report(body)
    }

    /// Makes a statement of a pair; false if it cannot pass.
    private func report(_ body: EvidenceBody) -> Bool {
        guard let card = final.member(roster.member)?.card.node,
            let keys = roster.keys.match(card) ? roster.keys : shared.keys(matching: card)
        else { return true }
        do {
            let statement = try StatementDraft(
                .evidence(body),
                issuer: roster.member,
                audience: final.origin,
                issuedAt: Self.posixTime()
            ).signed(with: keys.log)
            guard case .admit = final.admit(statement, time: Self.posixTime()) else { return false }
            guard takeOwn(statement) else { return true }
            reports[body.subject] = statement.leafHash
            logger.warning("reporting to the ledger", metadata: ["evidence": "\(body.sentence)"])
            return true
        } catch {
            logger.error("cannot make evidence", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Drops the evidence that waits and that a final block has made needless: others found the same,
    /// and what waits keeps a network awake.
    func dropReports(after block: Block) {
        guard block.statements.contains(where: { $0.identity.kind == .evidence }) else { return }
        refuseFinally(pool.statements(of: .evidence))
    }
}
