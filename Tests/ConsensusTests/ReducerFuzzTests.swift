import Consensus
import QuotaCrypto
import TestSupport
import Testing
import Votes

/// The reducer under inputs in any order: genuine, contradicting, forged, damaged, out of place.
///
/// It must not trap, must keep its own invariants after every step, and must never itself cast votes
/// that contradict each other, whatever the others say and however often it restarts.
struct ReducerFuzzTests {
    @Test(arguments: UInt64(0)..<24)
    func `no order of inputs makes it break a rule`(seed: UInt64) throws {
        var fuzz = try Fuzz(seed: seed)
        for number in 0..<220 {
            try fuzz.next()
            #expect(fuzz.complaints.isEmpty, "step \(number): \(fuzz.complaints)")
            guard fuzz.complaints.isEmpty else { return }
        }
    }

    @Test func `a broken rule breaks its invariant`() throws {
        for rules: Set<Rule> in [[], [.noFinalizeAfterNullify]] {
            var bench = try Bench.started { $0.disabledRules = rules }
            let entry = bench.entry(view: 1)
            bench.receive(.nullify, in: 1, from: [0])
            bench.accept(entry)
            bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
            #expect(
                bench.replica.brokenInvariant()
                    == (rules.isEmpty ? nil : .nullifyExcludesFinalize)
            )
        }
    }

    /// One replica, and everybody else made up.
    private struct Fuzz {
        var random: SplitMix64
        var bench: Bench
        var entries: [ProposalEntry] = []
        var builds: [BuildRequest] = []
        var executions: [ExecuteRequest] = []
        var loads: [LoadRequest] = []
        var timers: [Timer] = []
        var cast: [UInt64: [Vote]] = [:]
        var complaints: [String] = []

        init(seed: UInt64) throws {
            random = SplitMix64(seed: seed)
            bench = try Bench()
            entries = chain()
            take(bench.step(.start))
        }

        /// Proposals that stand on each other, skip views or contradict each other.
        private mutating func chain() -> [ProposalEntry] {
            var made: [ProposalEntry] = []
            for view in UInt64(1)...6 {
                let parent = made.filter { $0.proposal.view < view }.randomElement(using: &random)
                let base = parent?.proposal.view ?? 0
                let skipped = base + 1 < view ? Array(base + 1..<view) : []
                for text in ["a\(view)", "b\(view)"] {
                    made.append(
                        bench.entry(view: view, on: parent, block: text, nullified: skipped)
                    )
                }
            }
            return made
        }

        mutating func next() throws {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<5: receive(vote())
            case 5..<8: receive(propose())
            case 8..<11: receive(certificate())
            case 11: receive(other())
            case 12: damage()
            case 13: answerBuild()
            case 14, 15: answerExecution()
            case 16: answerLoad()
            case 17: fire()
            case 18: take(bench.step(.workAvailable(Bool.random(using: &random))))
            default:
                if Int.random(in: 0..<6, using: &random) == 0 { try restart() }
            }
            bench.now += UInt64.random(in: 0..<900, using: &random)
            if let broken = bench.replica.brokenInvariant() { complaints.append(broken.rawValue) }
        }

        private mutating func member() -> Int { Int.random(in: 0..<3, using: &random) }

        private mutating func view() -> UInt64 { UInt64.random(in: 1...7, using: &random) }

        private mutating func anyEntry() -> ProposalEntry {
            entries[Int.random(in: 0..<entries.count, using: &random)]
        }

        private mutating func receive(_ message: Message) {
            take(bench.receive(message, from: member()))
        }

        private mutating func vote() -> Message {
            let (by, entry) = (member(), anyEntry())
            let kind = VoteKind.allCases[Int.random(in: 0..<3, using: &random)]
            let given = kind == .nullify ? view() : entry.proposal.view
            return .vote(
                bench.vote(
                    kind,
                    in: given,
                    for: kind == .nullify ? .zero : entry.proposal.id,
                    by: by
                )
            )
        }

        private mutating func propose() -> Message {
            bench.propose(anyEntry())
        }

        private mutating func certificate() -> Message {
            let entry = anyEntry()
            // Only what f faulty and the correct members can bring about: no second proposal of a
            // view is certified, and no view is both nullified and final.
            guard entry.payload?.first == UInt8(ascii: "a") else {
                return .certificate(bench.certificate(.nullify, in: entry.proposal.view))
            }
            return .certificate(
                bench.certificate(.notarize, in: entry.proposal.view, for: entry.proposal.id)
            )
        }

        private mutating func other() -> Message {
            let (entry, given) = (anyEntry(), view())
            let messages: [Message] = [
                .fetch(entry.proposal.id), .fetchFinalized(epoch: 1, after: given),
                .recover(nonce: given),
                .status(Status(epoch: 1, view: given, finalizedView: given / 2, height: 1)),
                .proposals(.proposal(entry.proposal.id), [entry]),
                .proposals(.finalized(epoch: 1, after: given), [entry]),
                .standing(Standing(epoch: 1, nonce: 1, view: given, certificate: nil)),
                .bundle(Bundle(certificates: entry.justification.certificates, votes: [])),
            ]
            return messages[Int.random(in: 0..<messages.count, using: &random)]
        }

        private mutating func damage() {
            var bytes = propose().encoded()
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            take(bench.step(.received(from: member(), bytes: bytes)))
        }

        private mutating func answerBuild() {
            guard let request = builds.popLast() else { return }
            let payload = Array("own \(request.view)".utf8)
            let body = BlockBody(digest: SHA256.hash(payload), payload: payload)
            take(bench.step(.built(request, Bool.random(using: &random) ? body : nil)))
        }

        private mutating func answerExecution() {
            guard let request = executions.popLast() else { return }
            let outcomes: [ExecutionOutcome] = [
                .valid, .valid, .valid, .validButUntimely, .invalid, .mismatched,
            ]
            let outcome = outcomes[Int.random(in: 0..<outcomes.count, using: &random)]
            take(bench.step(.executed(request.id, outcome)))
        }

        private mutating func answerLoad() {
            guard let request = loads.popLast() else { return }
            take(bench.step(.loaded(request, [anyEntry()])))
        }

        private mutating func fire() {
            guard !timers.isEmpty else { return }
            let timer = timers.remove(at: Int.random(in: 0..<timers.count, using: &random))
            take(bench.step(.timer(timer)))
        }

        private mutating func restart() throws {
            bench = try bench.restarted()
            (builds, executions, loads, timers) = ([], [], [], [])
            take(bench.step(.start))
        }

        private mutating func take(_ effects: [Effect]) {
            builds += effects.builds
            executions += effects.executions
            for effect in effects {
                switch effect {
                case .load(let request): loads.append(request)
                case .setTimer(let timer, _): if !timers.contains(timer) { timers.append(timer) }
                case .cancelTimer(let timer): timers.removeAll { $0 == timer }
                case .broadcast(.vote(let vote)), .broadcast(.propose(_, let vote)): check(vote)
                case .send(_, .bundle(let bundle)): bundle.votes.forEach { check($0) }
                default: break
                }
            }
        }

        /// I1 to I3 over all lives, and 2.6: what leaves is on the disk.
        private mutating func check(_ vote: Vote) {
            for earlier in cast[vote.view] ?? [] where EvidencePair(earlier, vote) != nil {
                complaints.append("\(vote.kind) of view \(vote.view) contradicts \(earlier.kind)")
            }
            cast[vote.view, default: []].append(vote)
            if !bench.disk.values.contains(vote.encoded()) {
                complaints.append("\(vote.kind) of view \(vote.view) is not durable")
            }
        }
    }
}
