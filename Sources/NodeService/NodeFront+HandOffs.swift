import Ledger
import LedgerStore
import MerkleLog
import Transparency
import Verifier

extension NodeFront {
    /// The steps from the founders to the present validators, as far as quorums have signed them.
    func handOffs() async throws -> [UInt8] {
        shared.handOffFile(try shared.handOffSteps(max: .max)).encoded()
    }
}

extension NodeShared {
    /// The first steps from the founders on, at most `max`, as far as quorums have signed them.
    func handOffSteps(max: Int) throws -> [HandOff] {
        var steps: [HandOff] = []
        for (position, seal) in try store.seals().prefix(max).enumerated() {
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
