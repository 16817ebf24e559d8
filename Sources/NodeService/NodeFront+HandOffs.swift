import Ledger
import LedgerStore
import MerkleLog
import Transparency
import Verifier

extension NodeFront {
    /// The steps from the founders to the present validators, as far as quorums have signed them.
    ///
    /// Right after an epoch has ended the last of these signatures are on their way: then this waits for
    /// them a little, as a proof waits for its checkpoint.
    func handOffs() async throws -> [UInt8] {
        for _ in 0..<Self.publicationPatience {
            guard let seal = shared.current.seal, !seal.isComplete else { break }
            try await Task.sleep(for: Self.publicationPause)
        }
        return shared.handOffFile(try shared.handOffSteps(max: .max)).encoded()
    }
}

extension NodeShared {
    /// The first steps from the founders on, at most `max`, as far as quorums have signed them.
    func handOffSteps(max: Int) throws -> [HandOff] {
        var steps: [HandOff] = []
        // The lines of the last end come one by one, and are stored a little later.
        let present = current.seal?.stored
        let seals = try store.seals().map { seal in
            present.flatMap { $0.epoch == seal.epoch ? $0 : nil } ?? seal
        }
        for (position, seal) in seals.prefix(max).enumerated() {
            guard seal.epoch == UInt64(position) + 1,
                let header = try store.leaf(seal.size - 1),
                let note = try? SignedNote(seal.note)
            else { break }
            let proof = try InclusionProof(
                index: seal.size - 1,
                size: seal.size,
                from: store
            )
            steps.append(
                HandOff(
                    note: note,
                    header: header.bytes,
                    path: proof.path,
                    validators: try ValidatorKeys.decode(seal.validators)
                )
            )
        }
        let chainID = current.final.chainID
        while !steps.isEmpty, (try? handOffFile(steps).verify(chainID: chainID)) == nil {
            steps.removeLast()
        }
        return steps
    }

    /// The file of these steps.
    func handOffFile(_ steps: [HandOff]) -> UnverifiedHandOffs {
        UnverifiedHandOffs(genesis: current.final.genesis, steps: steps)
    }
}
