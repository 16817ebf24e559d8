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
    }
}
