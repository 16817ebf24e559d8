internal import Consensus
internal import QuotaCrypto
import Votes

/// A message as it leaves a node: the truth, or what a liar makes of it.
struct Letter: Sendable {
    var receivers: [Int]
    var bytes: [UInt8]
    var delay: UInt64 = 0
}

extension World {
    /// Sends the bytes of a message, once encoded, to each receiver.
    mutating func send(_ message: Message, from node: Int, to receivers: [Int]) {
        let member = nodes[node].member
        if !nodes[node].isByzantine {
            oracle.sees(message, from: member, records: nodes[node].disk.records)
            if case .bundle = message { checkPace(of: node, to: receivers) }
            if isActivity(message) { lastActivity = now }
        }
        if plan.includes(.halfVotes), case .certificate(let sent) = message, sent.kind == .notarize
        {
            notarizations[sent.proposal] = sent
        }
        note("node \(node) -> \(receivers): \(message.summary)")
        let bytes = message.encoded()
        fingerprint.add(bytes)
        guard nodes[node].conduct == .liar else {
            archive(bytes, from: member)
            if case .status = message { speakAhead(node, to: receivers) }
            return post(Letter(receivers: receivers, bytes: bytes), from: node)
        }
        for letter in letters(for: message, bytes, by: node, to: receivers) {
            post(letter, from: node)
        }
    }

    private mutating func checkPace(of node: Int, to receivers: [Int]) {
        for receiver in receivers where receiver < World.identityCount(options) {
            oracle.seesBundle(
                from: node,
                life: nodes[node].life,
                to: nodes[receiver].member,
                ownTime: nodes[node].replica.clock
            )
        }
    }

    /// Whether the message needs work to be sent; liars may ask and boast without end.
    private func isActivity(_ message: Message) -> Bool {
        switch message {
        case .status: false
        // What is final is shown at rest too.
        case .certificate(let certificate) where certificate.kind == .finalize: false
        case .propose, .vote: true
        case .certificate, .bundle, .fetch, .fetchFinalized, .proposals, .recover, .standing:
            oracle.byzantine.isEmpty
        }
    }

    mutating func post(_ letter: Letter, from node: Int) {
        let input = World.arrival(of: letter.bytes, from: nodes[node].member)
        if plan.includes(.oldAnswers), case .message(_, .standing) = input {
            for receiver in letter.receivers { oldAnswers.append((receiver, input)) }
        }
        for receiver in letter.receivers {
            let isSlow = plan.slowBlockDelay > 0 && receiver == slowMember && input.carriesBlocks
            transmit(
                .delivery(to: receiver, input),
                byteCount: letter.bytes.count,
                from: node,
                to: receiver,
                after: letter.delay + (isSlow ? plan.slowBlockDelay : 0)
            )
        }
    }

    /// What the receivers of these bytes get: the message that each of them would decode, decoded
    /// here once; what is none, they are left to refuse themselves.
    private static func arrival(of bytes: [UInt8], from member: Int) -> Input {
        guard let message = try? Message.decode(bytes) else {
            return .received(from: member, bytes: bytes)
        }
        return .message(from: member, message)
    }

    /// Puts something on a link, which may lose, hold up or double it.
    mutating func transmit(
        _ event: Event,
        byteCount: Int,
        from sender: Int,
        to receiver: Int,
        after wait: UInt64 = 0
    ) {
        guard !links.isCut(sender, receiver), !isDeaf(sender, receiver) else { return }
        let isBad = isFaulty(sender, receiver)
        if isBad {
            let loss = phase == .core ? max(plan.lossPerMille, 400) : plan.lossPerMille
            if random.number(below: 1_000) < loss { return count(.loss) }
            if random.number(below: 1_000) < plan.duplicatePerMille {
                count(.duplicate)
                let delay = UInt64.random(in: plan.delay, using: &random)
                events.add(event, at: now + wait + delay + random.number(below: 2_000))
            }
        }
        let range = isBad ? plan.delay : plan.calmDelay
        let delay = UInt64.random(in: range, using: &random) + wait
        if delay > 100 { count(.delay) }
        let passage = links.pass(
            sender,
            receiver,
            byteCount: byteCount,
            sentAt: now,
            arrival: now + delay
        )
        if passage.isRefused { return count(.slowReader) }
        if passage.isReordered { count(.reorder) }
        if passage.isSlow { count(.slowLink) }
        if passage.isHeld { count(.clog) }
        events.add(event, at: passage.arrival)
    }

    private func isFaulty(_ sender: Int, _ receiver: Int) -> Bool {
        switch phase {
        case .safety: true
        case .core: outcasts.contains(sender) || outcasts.contains(receiver)
        case .whole: false
        }
    }

    /// Two processes of one member are heard by different others.
    private func isDeaf(_ sender: Int, _ receiver: Int) -> Bool {
        guard !deafness.isEmpty else { return false }
        return deafness.contains([sender, receiver]) || deafness.contains([receiver, sender])
    }

    /// Keeps some messages, to send them again long after.
    private mutating func archive(_ bytes: [UInt8], from member: Int) {
        guard plan.includes(.replay), phase == .safety, random.number(below: 8) == 0 else { return }
        if archive.count < 64 {
            archive.append((member, bytes))
        } else {
            archive[Int(random.number(below: 64))] = (member, bytes)
        }
    }

    /// A member lost its votes again: answers to its earlier questions come first.
    mutating func recallAnswers(to node: Int) {
        for old in oldAnswers where old.receiver == node {
            count(.oldAnswers)
            events.add(.delivery(to: node, old.answer), at: now + 1 + random.number(below: 20))
        }
    }

    /// Sends old messages once more to everybody.
    mutating func replayArchive() {
        for letter in archive {
            count(.replay)
            let input = World.arrival(of: letter.bytes, from: letter.from)
            for node in nodes.indices where nodes[node].member != letter.from {
                events.add(.delivery(to: node, input), at: now + 1 + random.number(below: 500))
            }
        }
    }
}

extension Input {
    /// Whether it is large: a message with the bytes of blocks.
    fileprivate var carriesBlocks: Bool {
        switch self {
        case .message(_, .propose(let entry, _)): entry.payload != nil
        case .message(_, .proposals(_, let entries)): entries.contains { $0.payload != nil }
        default: false
        }
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
        case .fetchFinalized(let epoch, let view): "fetch finals of epoch \(epoch) after \(view)"
        case .proposals(_, let entries): "proposals \(entries.map(\.proposal.view))"
        case .recover: "where do you stand?"
        case .standing(let standing): "I stand in view \(standing.view)"
        }
    }
}
