import COSE
public import Ledger
import MerkleLog
import QuotaCrypto

/// What the blocks after an intake did with the statement, as a replay goes past them.
public struct IntakeTrail: Sendable {
    /// The blocks of one proposer that were dated after the intake and left the statement out.
    public struct Omissions: Hashable, Sendable {
        /// All of them.
        public fileprivate(set) var blocks: UInt64 = 0
        /// Those of which at least half was free.
        public fileprivate(set) var withRoom: UInt64 = 0
        /// Those with room at whose start the rules would have admitted the statement; 0 if it is not known.
        public fileprivate(set) var admissible: UInt64 = 0
    }

    /// Where the statement stands in the log.
    public struct Place: Hashable, Sendable {
        /// Its index.
        public let index: UInt64
        /// The header of its block.
        public let header: BlockHeader
    }

    private let receipt: IntakeReceipt
    private let statement: Statement?
    private var isHeadSeen = false
    /// Where the statement stands; nil if it was not met.
    public private(set) var place: Place?
    /// What stands under its name instead; nil if nothing was met.
    private var displaced: UInt64?
    /// The omissions by proposer.
    public private(set) var omissions: [String: Omissions] = [:]
    /// Why the rules would have refused the statement at the start of the last such block; nil if they would
    /// not, or it was not judged.
    public private(set) var refusal: Refusal?

    /// The trail of a receipt.
    ///
    /// - Parameters:
    ///   - intake: The receipt.
    ///   - statement: The statement, to be judged at the start of each block; nil not to judge.
    /// - Throws: `VerificationFailure` if the receipt is of another statement.
    public init(of intake: VerifiedIntake, statement: Statement?) throws(VerificationFailure) {
        receipt = intake.receipt
        self.statement = statement
        if let statement, statement.leafHash != receipt.entry {
            throw VerificationFailure(
                .claimsDiffer,
                "the statement has the leaf hash \(statement.leafHash), the receipt is of \(receipt.entry)"
            )
        }
    }

    /// What became of the statement, as far as the blocks went.
    public var fate: IntakeFate {
        place.map { .admitted(index: $0.index) }
            ?? displaced.map { .displaced(index: $0) } ?? .absent
    }

    /// Whether the rules were asked about the statement.
    public var isJudged: Bool { statement != nil }

    /// Takes the next block that follows the rules, with the states around it; nil before genesis.
    ///
    /// - Throws: `VerificationFailure` if the node's word is not of this ledger.
    public mutating func take(
        _ before: LedgerState?,
        _ block: Block,
        _ after: LedgerState
    ) throws(VerificationFailure) {
        if after.height == receipt.head.height { try checkHead(after) }
        let header = block.header
        if let offset = block.statements.firstIndex(where: { $0.leafHash == receipt.entry }) {
            place = Place(index: header.first + UInt64(offset), header: header)
        } else if let offset = block.statements.firstIndex(where: {
            $0.identity.stateKey == receipt.statement.stateKey
        }) {
            displaced = header.first + UInt64(offset)
        }
        // A block that was dated in the second of the intake may have been on its way before it.
        guard place == nil, displaced == nil, header.height > receipt.head.height,
            header.time > receipt.time, let before
        else { return }
        omissions[header.proposer, default: Omissions()].blocks += 1
        refusal = statement.flatMap { Self.refusal(of: $0, at: before, time: header.time) }
        guard block.hasRoom else { return }
        omissions[header.proposer]?.withRoom += 1
        if isJudged, refusal == nil { omissions[header.proposer]?.admissible += 1 }
    }

    /// Refuses a log that does not reach beyond what the node held.
    ///
    /// - Throws: `VerificationFailure` of kind `tooEarly`.
    public func finish(_ ledger: VerifiedLedger) throws(VerificationFailure) {
        guard isHeadSeen, place != nil || ledger.state.size > receipt.head.size else {
            throw VerificationFailure(
                .tooEarly,
                "the log has \(ledger.state.size) leaves, and the node held \(receipt.head.size) when it "
                    + "took the statement"
            )
        }
    }

    /// Compares what the node signed with the ledger at that block.
    private mutating func checkHead(_ state: LedgerState) throws(VerificationFailure) {
        isHeadSeen = true
        guard receipt.head == IntakeReceipt.Head(state) else {
            throw VerificationFailure(
                .fork,
                "at block \(state.height) the log has \(state.size) leaves and the root \(state.tree.root), "
                    + "and \(receipt.node) signed \(receipt.head.size) leaves and \(receipt.head.root)"
            )
        }
        let isValidator = state.validators.contains {
            $0.id == receipt.node && COSEKey.thumbprint($0.node.log) == receipt.kid
        }
        guard state.epoch.number == receipt.epoch, isValidator else {
            throw VerificationFailure(
                .claimsDiffer,
                "\(receipt.node) was no validator with the key \(receipt.kid) in epoch \(receipt.epoch) "
                    + "at block \(state.height)"
            )
        }
    }

    /// Why a statement would not have passed as the first of the next block.
    private static func refusal(
        of statement: Statement,
        at state: LedgerState,
        time: UInt64
    ) -> Refusal? {
        do throws(Refusal) {
            try state.checkSignature(statement)
        } catch {
            return error
        }
        guard case .refuse(let refusal) = state.admit(statement, time: time) else { return nil }
        return refusal
    }
}
