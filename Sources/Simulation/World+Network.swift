internal import Consensus
internal import QuotaCrypto

extension World {
    /// Sends the bytes of a message, once encoded, to each receiver.
    mutating func send(_ message: Message, from node: Int, to receivers: [Int]) {
        if !nodes[node].isByzantine {
            oracle.sees(message, from: node, disk: nodes[node].disk)
        }
        if case .status = message {} else { lastActivity = now }
        note("node \(node) -> \(receivers): \(message.summary)")
        var versions = [message.encoded()]
        if let contradiction = contradiction(of: message, by: node) {
            count(.equivocation)
            note("node \(node) tells some: \(contradiction.summary)")
            versions.append(contradiction.encoded())
        }
        fingerprint.add(versions[0])
        for receiver in receivers {
            let bytes = versions.randomElement(using: &random) ?? versions[0]
            transmit(.delivery(to: receiver, from: node, bytes: bytes), from: node, to: receiver)
        }
    }

    /// Puts something on a link, which may lose, hold up or double it.
    mutating func transmit(_ event: Event, from sender: Int, to receiver: Int) {
        guard !cut[sender * nodes.count + receiver] else { return }
        if !isHealed {
            if random.number(below: 1_000) < plan.lossPerMille { return count(.loss) }
            if random.number(below: 1_000) < plan.duplicatePerMille {
                count(.duplicate)
                events.add(event, at: now + 1 + random.number(below: plan.delayMax * 2))
            }
        }
        let delay = 1 + random.number(below: isHealed ? 40 : plan.delayMax)
        if delay > 100 { count(.delay) }
        events.add(event, at: now + delay)
    }
}

extension Message {
    /// One line for a trace.
    var summary: String {
        switch self {
        case .propose(let entry, _):
            "propose \(entry.proposal.view) on \(entry.proposal.parentView)"
                + (entry.payload == nil ? " (echo)" : "")
        case .vote(let vote): "\(vote.kind) \(vote.view)"
        case .certificate(let certificate): "\(certificate.kind) certificate \(certificate.view)"
        case .bundle(let bundle):
            "bundle of \(bundle.certificates.map { "\($0.kind) \($0.view)" })"
                + " and votes \(bundle.votes.map { "\($0.kind) \($0.view)" })"
        case .status(let status):
            "status: view \(status.view), final \(status.finalizedView), height \(status.height)"
        case .fetch(let id): "fetch \(id.description.prefix(8))"
        case .fetchFinalized(let view): "fetch finals after \(view)"
        case .proposals(_, let entries): "proposals \(entries.map(\.proposal.view))"
        }
    }
}
