import Ledger
import QuotaCrypto
import Verifier

/// What is known of an intake, in sentences and as data.
struct IntakeReport {
    private var facts: IntakeFacts
    private var summary: String
    private var details: [String]

    /// The report on a receipt alone.
    init(_ intake: VerifiedIntake) {
        let receipt = intake.receipt
        let head = receipt.head
        facts = IntakeFacts(intake)
        summary = "\(receipt.node) took the \(receipt.statement)"
        details = [
            "Taken \(Words.time(receipt.time)) by the node's clock, in view \(receipt.view) of epoch "
                + "\(receipt.epoch); entry \(receipt.entry).",
            "The node held block \(head.height) of \(receipt.origin), \(head.size) leaves, root \(head.root).",
        ]
    }

    /// Adds what a later checkpoint shows.
    mutating func add(
        _ fate: IntakeFate,
        checkpoint: VerifiedCheckpoint,
        last header: BlockHeader,
        now: UInt64
    ) {
        let blocks = header.height - min(header.height, facts.height)
        let leaves = header.treeSize - min(header.treeSize, facts.size)
        let seconds = header.time - min(header.time, facts.time)
        facts.checkpoint = CheckpointFacts(checkpoint)
        (facts.blocksAfter, facts.leavesAfter, facts.secondsAfter) = (blocks, leaves, seconds)
        switch fate {
        case .admitted(let index):
            facts.fate = .admitted
            facts.index = index
            summary += ", and it was admitted as leaf \(index)"
        case .displaced(let index):
            facts.fate = .displaced
            facts.index = index
            summary +=
                ", and leaf \(index) is another statement of that name, so that it cannot enter"
        case .absent:
            facts.fate = .notAdmitted
            summary +=
                ", and it is not admitted although checkpoint \(header.treeSize) is "
                + "\(Words.count(blocks, "block")) and \(Words.count(seconds, "second")) later"
        }
        details.append(
            "Checkpoint \(header.treeSize): block \(header.height) of \(Words.time(header.time)), \(leaves) leaves "
                + "after what the node held."
        )
        details += Words.signers(checkpoint, now: now)
    }

    /// Adds what a replay of the ledger shows.
    mutating func add(_ trail: IntakeTrail) {
        facts.isNamed = true
        facts.isJudged = trail.isJudged
        facts.admittedHeight = trail.place?.header.height
        if let place = trail.place {
            let later = place.header.height - min(place.header.height, facts.height)
            details.append(
                "It stands in block \(place.header.height), proposed by \(place.header.proposer), of "
                    + "\(Words.time(place.header.time)): \(Words.count(later, "block")) after what the node held."
            )
        }
        facts.omissions = trail.omissions.sorted { $0.key < $1.key }.map { proposer, omissions in
            IntakeFacts.Omission(proposer, omissions, isJudged: trail.isJudged)
        }
        details += facts.omissions.map(\.sentence)
        if facts.omissions.isEmpty {
            details.append("No block that is dated after the intake left it out.")
        }
        if let refusal = trail.refusal {
            details.append(
                "At the start of the last of them the rules would have refused it: \(refusal.code.rawValue)."
            )
        }
    }

    private var notProven: [String] {
        var list = [
            "that the node's clock was right, or that it had no newer block than it says;",
            "that it told the others: only \(facts.node) has signed that it knew of the statement;",
        ]
        if !facts.isNamed {
            list.append(
                "that the key is that of \(facts.node), except by its own word: a trusted log key signed "
                    + "(give --handoffs to compare);"
            )
        }
        if !facts.omissions.isEmpty {
            list.append("what came of views without a block: the log does not name them;")
        }
        if facts.fate == .notAdmitted {
            list += [
                facts.isJudged
                    ? "that it fitted beside the other statements of a block: each was judged by itself;"
                    : "that the rules would have admitted it: that was not judged;",
                "that it was not admitted after this checkpoint.",
            ]
        }
        return list
    }

    /// The whole.
    var report: Report<IntakeFacts> {
        Report(
            verdict: .proven,
            summary: summary + ".",
            details: details,
            notProven: notProven,
            facts: facts
        )
    }
}

/// An intake as data.
struct IntakeFacts: Encodable {
    /// What became of the statement.
    enum Fate: String, Encodable {
        case unknown
        case admitted
        case displaced
        case notAdmitted = "not-admitted"
    }

    /// The blocks of one proposer that left it out.
    struct Omission: Encodable {
        let proposer: String
        let blocks: UInt64
        let withRoom: UInt64
        /// Nil if the rules were not asked.
        let admissible: UInt64?

        init(_ proposer: String, _ omissions: IntakeTrail.Omissions, isJudged: Bool) {
            self.proposer = proposer
            blocks = omissions.blocks
            withRoom = omissions.withRoom
            admissible = isJudged ? omissions.admissible : nil
        }

        var sentence: String {
            "\(proposer) proposed \(Words.count(blocks, "block")) after the intake without it, \(withRoom) of them "
                + "with room"
                + (admissible.map { ", \($0) where the rules would have admitted it." } ?? ".")
        }
    }

    let node: String
    /// Whether the key is known to be that of the node's member.
    var isNamed: Bool
    let origin: String
    let chainID: String
    let kind: String
    let issuer: String
    let subject: String
    let entry: String
    let time: UInt64
    let size: UInt64
    let root: String
    let height: UInt64
    let epoch: UInt64
    let view: UInt64
    var fate = Fate.unknown
    var index: UInt64?
    var admittedHeight: UInt64?
    var checkpoint: CheckpointFacts?
    var blocksAfter: UInt64?
    var leavesAfter: UInt64?
    var secondsAfter: UInt64?
    var omissions: [Omission] = []
    var isJudged = false

    init(_ intake: VerifiedIntake) {
        let receipt = intake.receipt
        node = receipt.node
        isNamed = intake.isNamed
        origin = receipt.origin
        chainID = receipt.head.chainID.description
        kind = receipt.statement.kind.rawValue
        issuer = receipt.statement.issuer
        subject = receipt.statement.subject
        entry = receipt.entry.description
        time = receipt.time
        size = receipt.head.size
        root = receipt.head.root.description
        height = receipt.head.height
        epoch = receipt.epoch
        view = receipt.view
    }
}
