import Consensus
import Foundation
import Ledger
import LedgerStore
import Logging

/// That this node never votes without knowing what it has voted (consensus.md 2.9).
extension NodeCore {
    /// Whether the node still abstains from voting because it lost votes.
    var abstains: Bool {
        replica.isRecovering || roster.ownIndex != nil && replica.view <= replica.abstainUpTo
    }

    /// Whether it is a validator whose home does not say how far it has voted.
    private var lacksMark: Bool {
        roster.ownIndex != nil && mark == nil && !replica.isRecovering
    }

    /// A founder that starts with an empty home waits until enough others are empty too.
    func beginProbation() {
        guard lacksMark else { return }
        guard final.height == 0 else { stopForRecovery("it has no mark of its votes") }
        probation = Probation(count: roster.validators.count)
        gauges.show(voting: "waits to hear from the other founders before its first vote")
        endProbation()
    }

    /// Whether a message may go on to the replica: on probation only where others stand is heard.
    func passes(_ bytes: [UInt8], from position: Int) -> Bool {
        guard probation != nil else { return true }
        guard case .status(let status)? = try? Message.decode(bytes, limits: Node.limits) else {
            return false
        }
        probation?.note(status, from: position)
        endProbation()
        return true
    }

    private func endProbation() {
        switch probation?.verdict {
        case .begin?:
            probation = nil
            makeMark()
            gauges.show(voting: nil)
            replay()
        case .recover?:
            stopForRecovery("it never voted from this home, but the ledger has gone on without it")
        case .wait?, nil:
            break
        }
    }

    /// Makes the mark of a node that has not voted yet, before it may.
    func makeMark() {
        guard mark == nil else { return }
        do throws(HomeError) {
            mark = try VoteMark(
                path: shared.configuration.markFile(in: shared.home),
                chainID: final.chainID,
                count: 0
            )
        } catch {
            stopForMark(error)
        }
    }

    /// Counts this turn if it votes; the count is stored with the votes.
    func countVotes() {
        guard let mark, turn.batch.consensus.contains(where: { isVote($0.key, $0.value) }) else {
            return
        }
        turn.batch.votes = mark.count + 1
    }

    private func isVote(_ key: [UInt8], _ value: [UInt8]?) -> Bool {
        value != nil && key.starts(with: DurableKey.votePrefix)
    }

    /// Marks the votes that are durable now, before they leave.
    func markVotes(_ count: UInt64) {
        do throws(HomeError) { try mark?.write(count) } catch { stopForMark(error) }
    }

    /// A node that votes from an epoch on must have a mark, which it made when it said that it is ready;
    /// without one it may have voted there in an earlier life.
    func requireMark() {
        guard lacksMark, probation == nil else { return }
        stopForRecovery("it is a validator of epoch \(roster.epoch), but has no mark of its votes")
    }

    /// Tells the operator whether this node votes, and signs the head when it may again.
    func noteAbstention() {
        guard probation == nil, abstains || isAbstaining else { return }
        if wasRecovering, !replica.isRecovering {
            logger.notice(
                "the others answered: this node abstains",
                metadata: ["epoch": "\(roster.epoch)", "upTo": "\(replica.abstainUpTo)"]
            )
        }
        if isAbstaining, !abstains, roster.ownIndex != nil {
            logger.notice("this node votes again", metadata: ["view": "\(replica.view)"])
            turn.committed = true
        }
        (isAbstaining, wasRecovering) = (abstains, replica.isRecovering)
        gauges.show(
            voting: replica.isRecovering
                ? "lost votes: asks the other validators in which view they are"
                : abstains ? "lost votes: votes again after view \(replica.abstainUpTo)" : nil
        )
    }

    private func stopForRecovery(_ cause: String) -> Never {
        logger.critical("stopping: \(NodeError.lostVotes(cause, home: shared.home))")
        exit(3)
    }

    private func stopForMark(_ error: HomeError) -> Never {
        logger.critical(
            "stopping: the mark of votes cannot be written",
            metadata: ["error": "\(error)", "cure": "repair its disk, then start again"]
        )
        exit(74)
    }
}

extension NodeError {
    /// Why a validator may not go on from what its home holds.
    static func lostVotes(_ cause: String, home: NodeHome) -> NodeError {
        NodeError(
            "\(home.path): \(cause). A validator that forgot its votes may contradict them, which is"
                + " evidence against its key for ever. If what is missing cannot be put back, run:"
                + " quotad recover --home \(home.path)"
        )
    }
}

extension NodeConfiguration {
    /// Where the mark of votes is; a relative path is meant from the home.
    func markFile(in home: NodeHome) -> String {
        guard let voteMark else { return home.voteMarkFile }
        return voteMark.hasPrefix("/") ? voteMark : home.file(voteMark)
    }
}
