import Ledger

/// A block that came long after the newest statement in it was signed.
struct LateBlock: Sendable {
    /// The most seconds from the newest statement of a block to the block.
    static let secondsMax: UInt64 = 300

    let height: UInt64
    /// The number of leaves of its checkpoint.
    let size: UInt64
    /// The block time, POSIX seconds.
    let time: UInt64
    /// When the newest of its statements was signed, POSIX seconds.
    let newest: UInt64
    let proposer: String

    /// The block as a late one; nil if it is not, or is the first.
    init?(_ block: Block) {
        let header = block.header
        guard header.height > 0, let newest = block.statements.map(\.issuedAt).max(),
            header.time.clamped(minus: newest) > Self.secondsMax
        else { return nil }
        height = header.height
        size = header.treeSize
        time = header.time
        self.newest = newest
        proposer = header.proposer
    }
}

extension ReportMaker {
    /// Checkpoints that came late, as far as the log alone can tell.
    var lateCheckpoints: ReportSection {
        var section = ReportSection(
            "late",
            "Checkpoints more than \(LateBlock.secondsMax) s after the newest statement in them",
            columns: [
                .init("height", "block"), .init("checkpoint"), .init("time"),
                .init("newest", "newest statement"), .init("seconds", "seconds late"),
                .init("proposer"),
            ],
            empty: "None."
        )
        for block in book.late where query.period.contains(ReportPeriod.month(of: block.time)) {
            section.add([
                .count(block.height), .count(block.size), .text(ReportTime.text(block.time)),
                .text(ReportTime.text(block.newest)),
                .count(block.time.clamped(minus: block.newest)), .text(block.proposer),
            ])
        }
        section.textRowsMax = 20
        section.notes = [
            "A statement that was signed on one day and submitted on another counts as late too: "
                + "the log knows when it was signed, not when it was sent."
        ]
        return section
    }
}
