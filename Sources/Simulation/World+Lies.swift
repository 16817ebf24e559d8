internal import Consensus
internal import QuotaCrypto

extension World {
    /// What leaves a liar instead of a message.
    mutating func letters(
        for message: Message,
        _ bytes: [UInt8],
        by node: Int,
        to receivers: [Int]
    ) -> [Letter] {
        let truth = Letter(receivers: receivers, bytes: bytes)
        if nodes[node].lies.contains(.frozen) {
            if case .status = message { return [truth] }
            count(.frozen)
            return []
        }
        // A boast at rest is answered, and once an hour believed: that is not silence.
        if phase == .whole, case .status = message { return [truth] }
        if nodes[node].lies.contains(.censorship), case .propose = message { count(.censorship) }
        let shares = !plan.isFull && random.number(below: 2) == 0
        guard !shares else { return [truth] }
        for lie in nodes[node].lies.shuffled(using: &random) {
            guard let letters = tell(lie, message, bytes, by: node, to: receivers) else { continue }
            count(lie)
            note("node \(node) lies: \(lie.rawValue)")
            return letters
        }
        return [truth]
    }

    /// One lie about one message; nil if this lie is not about such a message.
    private mutating func tell(
        _ lie: Fault,
        _ message: Message,
        _ bytes: [UInt8],
        by node: Int,
        to receivers: [Int]
    ) -> [Letter]? {
        let truth = Letter(receivers: receivers, bytes: bytes)
        switch lie {
        case .withheldVotes where message.isVote:
            return [Letter(receivers: receivers.filter { ($0 + node) % 2 == 0 }, bytes: bytes)]
        case .halfVotes:
            guard let rest = concealingFinality(message) else { return [] }
            return rest == message ? nil : [Letter(receivers: receivers, bytes: rest.encoded())]
        case .lateVotes where message.isVote:
            let delay = 1_500 + random.number(below: 4_000)
            return [Letter(receivers: receivers, bytes: bytes, delay: delay)]
        case .withheldCertificates where message.isCertificate:
            let delay = 5_000 - now % 5_000
            return [Letter(receivers: receivers, bytes: bytes, delay: delay)]
        case .mutation:
            return [Letter(receivers: receivers, bytes: mutated(bytes))]
        default:
            guard let others = falsehoods(lie, message, by: node) else { return nil }
            if lie.isReplacement {
                return others.map { Letter(receivers: receivers, bytes: $0.encoded()) }
            }
            return split(truth, others)
        }
    }

    /// The truth for some, the other version for the rest; or both for all.
    private mutating func split(_ truth: Letter, _ others: [Message]) -> [Letter] {
        var letters: [Letter] = []
        for receiver in truth.receivers {
            let mood = random.number(below: 3)
            if mood != 0 { letters.append(Letter(receivers: [receiver], bytes: truth.bytes)) }
            guard mood != 1 else { continue }
            letters += others.map { Letter(receivers: [receiver], bytes: $0.encoded()) }
        }
        return letters
    }

    /// A byte changed, moved, repeated or lost (ByzzFuzz scopes).
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var changed = bytes
        let place = Int(random.number(below: UInt64(bytes.count)))
        switch random.number(below: 6) {
        case 0: changed[place] &+= 1
        case 1: changed[place] &-= 1
        case 2: changed[place] ^= 1 << UInt8(random.number(below: 8))
        case 3: changed.removeSubrange(place...)
        case 4: changed.insert(contentsOf: bytes[place...].prefix(40), at: place)
        default: changed.swapAt(place, Int(random.number(below: UInt64(bytes.count))))
        }
        return changed
    }
}

extension Fault {
    /// Whether the lie is told instead of the truth, to all.
    fileprivate var isReplacement: Bool {
        switch self {
        case .lyingStatus, .lyingRecovery, .lyingAnswers, .badJustification, .wrongRoot: true
        default: false
        }
    }
}

extension Message {
    fileprivate var isVote: Bool {
        switch self {
        case .vote, .propose: true
        default: false
        }
    }

    fileprivate var isCertificate: Bool {
        switch self {
        case .certificate, .bundle: true
        default: false
        }
    }
}
