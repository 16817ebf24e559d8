import HashTreeCollections
import MerkleLog
import QuotaCrypto
import StateMap

extension BlockRun {
    /// Ends the block: one batch into the state map, the leaves into the tree, the header last.
    mutating func close(
        _ statements: [Statement],
        context: BlockContext
    ) -> (block: Block, state: LedgerState) {
        suspendConvicted()
        var state = base
        var changes = changes()
        state.epoch = epoch
        if epoch.isDue {
            state.epoch = epoch.sealed(at: base.lastHeader.height + 1)
            changes.append((StateKey.validators, state.epoch.encoded()))
        }
        state.map.update(changes)
        state.lastChanges = changes.map(StateChange.init)
        state.journal = journal ?? []
        state.memberTable = members
        state.organisationTable = organisations
        state.accountTable = accounts
        state.dueIndex = closedDueIndex()
        state.lastChangedClaims = changedClaims
        state.policy = policy
        state.catalogue = catalogue
        state.governance = governance
        let header = BlockHeader(
            height: base.lastHeader.height + 1,
            view: context.view,
            proposer: context.proposer,
            time: context.time,
            previousIndex: base.lastHeader.index,
            previousHash: base.lastHeaderHash,
            first: base.tree.size,
            count: UInt64(statements.count),
            mapRoot: state.map.root,
            policyIndex: state.policyIndex,
            validators: Validator.digest(of: state.validators)
        )
        for statement in statements { state.tree.append(statement.leafHash) }
        let headerBytes = header.encoded()
        let headerHash = TreeHash.leaf(headerBytes)
        state.tree.append(headerHash)
        state.lastHeader = header
        state.lastHeaderHash = headerHash
        let block = Block(
            statements: statements,
            header: header,
            headerBytes: headerBytes,
            headerHash: headerHash,
            checkpointText: state.checkpointText
        )
        return (block, state)
    }
}
