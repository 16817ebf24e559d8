import Ledger
import LedgerStore
import MerkleLog
import Transparency
import Verifier

extension NodeFront {
    /// The steps from the founders to the present validators, as far as quorums have signed them.
    func handOffs() async throws -> [UInt8] {
        let state = shared.current.final
        var steps: [HandOff] = []
        for (position, seal) in try shared.store.seals().enumerated() {
            guard seal.epoch == UInt64(position) + 1,
                let header = try shared.store.leaf(seal.size - 1)
            else { break }
            let proof = try InclusionProof(
                index: seal.size - 1,
                size: seal.size,
                from: shared.store
            )
            steps.append(
                HandOff(
                    note: try SignedNote(seal.note),
                    header: header.bytes,
                    path: proof.path,
                    validators: try ValidatorKeys.decode(seal.validators)
                )
            )
        }
        while true {
            let file = UnverifiedHandOffs(genesis: state.genesis, steps: steps)
            guard (try? file.verify(chainID: state.chainID)) == nil, !steps.isEmpty else {
                return file.encoded()
            }
            steps.removeLast()
        }
    }
}
