import MerkleLog
import StateMap

extension BlockDelta {
    /// Checks that the block follows the state and the state the block.
    func checkHead(_ findings: inout InvariantFindings) {
        let header = block.header
        findings.expect(header.height, equals: before.height + 1, .growth, "the height")
        findings.expect(
            header.previousHash,
            equals: before.lastHeaderHash,
            .growth,
            "the hash of the last header"
        )
        findings.expect(
            header.previousIndex,
            equals: before.lastHeader.index,
            .growth,
            "the place of the last header"
        )
        findings.expect(header.first, equals: before.size, .growth, "the first leaf of the block")
        var tree = before.tree
        for leaf in block.leafHashes { tree.append(leaf) }
        findings.expect(after.size, equals: tree.size, .growth, "the size")
        findings.expect(after.tree.root, equals: tree.root, .growth, "the root of the log")
        findings.expect(
            after.lastHeader == header,
            .growth,
            "the last header",
            "that of the block",
            found: "another"
        )
        findings.expect(
            header.mapRoot,
            equals: after.map.root,
            .publicTotals,
            "the root of the state map"
        )
        findings.expect(
            header.time >= before.blockTime,
            .time,
            "the block time",
            "at least \(before.blockTime)",
            found: "\(header.time)"
        )
        findings.expect(
            header.policyIndex,
            equals: after.policyIndex,
            .signatures,
            "the policy that the header names"
        )
        checkEpoch(&findings)
    }

    /// Checks that the validators change at a seal only, few of them, and that the header names them.
    private func checkEpoch(_ findings: inout InvariantFindings) {
        let (old, new) = (before.epoch, after.epoch)
        findings.expect(
            block.header.validators == Validator.digest(of: new.validators),
            .signatures,
            "the validators that the header names",
            "those of epoch \(new.number)",
            found: "others"
        )
        let isSealed =
            new.number == old.number + 1 && new.sealHeight == block.header.height
            && new.validators != old.validators
        let isSame =
            new.number == old.number && new.sealHeight == old.sealHeight
            && new.validators == old.validators
        findings.expect(
            isSame || isSealed,
            .signatures,
            "epoch \(new.number)",
            "the same validators, or another set sealed by this block",
            found: "\(new.validators.count) validators sealed at \(new.sealHeight)"
        )
        findings.expect(
            Epoch.changeCount(old.validators, new.validators) <= Epoch.changesMax(old.validators),
            .signatures,
            "the validators of epoch \(new.number)",
            "at most \(Epoch.changesMax(old.validators)) changed",
            found: "more"
        )
    }
}
