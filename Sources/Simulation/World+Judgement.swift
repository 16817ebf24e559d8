internal import Consensus
internal import QuotaCrypto
import Votes

extension World {
    /// P10: with f + 1 traitors the chain forks, and two nodes' chains alone convict f + 1 of them.
    ///
    /// - Returns: The proof; nil if this seed's chain did not fork.
    mutating func judge() -> EvidenceReport? {
        let chains = correctChains
        let end = now + World.detectionTime
        while now < end, handleNext() {}
        guard oracle.failure == nil, let (left, right) = fork(in: chains) else { return nil }
        let pairs = Forensics.evidence(left, right)
        let file = EvidenceFile(chainID: chainID, epoch: 1, pairs: pairs)
        let traitors = oracle.byzantine.sorted()
        check(file, traitors: traitors)
        if oracle.alarmCount == 0 {
            oracle.fail("I6 alarm", "the chain forked, and nobody stopped")
        }
        for node in nodes where node.conduct == .correct && !node.replica.isHalted {
            oracle.fail("I6 alarm is told", "member \(node.member) goes on after a fork")
        }
        return EvidenceReport(
            convicted: pairs.map(\.member),
            traitors: traitors,
            file: file.encoded(),
            voteKeys: keys.publicKeys
        )
    }

    /// How long the halves have to find out about each other.
    private static let detectionTime: UInt64 = 30_000

    private mutating func check(_ file: EvidenceFile, traitors: [Int]) {
        guard let read = try? EvidenceFile.decode(file.encoded()), read == file,
            let convicted = try? read.convicted(by: keys.verifier)
        else { return oracle.fail("P10 evidence", "the file does not prove what it says") }
        if convicted.count <= committee.faultyMax {
            oracle.fail("P10 evidence", "two final chains convict only \(convicted)")
        }
        if !Set(convicted).isSubset(of: traitors) {
            oracle.fail("P10 evidence", "\(convicted) are convicted, the traitors are \(traitors)")
        }
    }

    /// The final proposals on the disk of each correct node.
    private var correctChains: [[Commit.Final]] {
        nodes.filter { $0.conduct == .correct }.map(\.disk.finals)
    }

    /// Two chains with different blocks at one height.
    private func fork(
        in chains: [[Commit.Final]]
    ) -> (left: [ProposalEntry], right: [ProposalEntry])? {
        for (index, left) in chains.enumerated() {
            for right in chains.dropFirst(index + 1) {
                let blocks = zip(left.filter { !$0.isEcho }, right.filter { !$0.isEcho })
                guard blocks.contains(where: { $0.block != $1.block }) else { continue }
                return (left.map(\.entry), right.map(\.entry))
            }
        }
        return nil
    }
}
