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
        let epoch = pairs.map(\.first.epoch).min() ?? 1
        let file = EvidenceFile(chainID: chainID, epoch: epoch, pairs: pairs)
        let traitors = oracle.byzantine.sorted()
        let seats = seats(ofEpoch: epoch)
        check(file, by: keys.verifier(of: seats), traitors: traitors)
        if oracle.alarmCount == 0 {
            oracle.fail("I6 alarm", "the chain forked, and nobody stopped")
        }
        let correct = nodes.filter { $0.conduct == .correct }
        for node in correct where !node.replica.isHalted {
            oracle.fail("I6 alarm is told", "member \(node.member) goes on after a fork")
        }
        let proofs = correct.map { Set($0.replica.evidence.map(\.member)) }
        if !proofs.contains(where: { $0.count > committee.faultyMax }) {
            oracle.fail("P10 evidence", "no node that stopped can say whose fault it is")
        }
        return EvidenceReport(
            convicted: pairs.map(\.member),
            traitors: traitors,
            file: file.encoded(),
            voteKeys: keys.publicKeys(of: seats)
        )
    }

    /// How long the halves have to find out about each other.
    private static let detectionTime: UInt64 = 30_000

    private mutating func check(
        _ file: EvidenceFile,
        by verifier: any VoteVerifier,
        traitors: [Int]
    ) {
        guard let read = try? EvidenceFile.decode(file.encoded()), read == file,
            let convicted = try? read.convicted(by: verifier)
        else { return oracle.fail("P10 evidence", "the file does not prove what it says") }
        if convicted.count <= committee.faultyMax {
            oracle.fail("P10 evidence", "two final chains convict only \(convicted)")
        }
        if !Set(convicted).isSubset(of: traitors) {
            oracle.fail("P10 evidence", "\(convicted) are convicted, the traitors are \(traitors)")
        }
    }

    private func seats(ofEpoch epoch: UInt64) -> [ToySeat] {
        seats(in: nodes.map(\.disk.applied).first { $0.epoch == epoch } ?? .genesis)
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
