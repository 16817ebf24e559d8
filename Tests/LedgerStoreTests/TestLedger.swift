import Foundation
import LedgerStore
import MerkleLog
import QuotaCrypto

/// A directory that goes away with the test, and the batches of an invented ledger.
final class TestLedger {
    static let chainID = SHA256.hash(Array("genesis".utf8))

    let directory: String
    private(set) var tree = CompactTree()

    /// Root for each size, as long as the tree is small.
    private(set) var roots: [Digest] = [TreeHash.empty]
    private(set) var height: UInt64 = 0

    init() {
        directory =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("ledger-store-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func open(_ options: LedgerStore.Options = LedgerStore.Options()) throws -> LedgerStore {
        try LedgerStore(directory: directory, chainID: TestLedger.chainID, options: options)
    }

    /// The next block: `count` claims and a header.
    func block(_ count: Int) -> StoreBatch {
        height += 1
        var batch = StoreBatch()
        let first = tree.size
        for offset in 0...count {
            let index = first + UInt64(offset)
            let isHeader = offset == count
            let bytes = TestLedger.bytes(index)
            let identity = StoredIdentity(issuer: "us-bis", subject: "claim-\(index)")
            let leaf = StoredLeaf(
                index: index,
                bytes: bytes,
                hash: TreeHash.leaf(bytes),
                kind: isHeader ? "header" : "claim",
                identity: isHeader ? nil : identity,
                height: height
            )
            batch.leaves.append(leaf)
            tree.append(leaf.hash)
            if index < 10_000 { roots.append(tree.root) }
            guard !isHeader else { continue }
            batch.claims.append(TestLedger.claim(index))
            batch.mapChanges.append((Array("claim-\(index)".utf8), Array("\(index)".utf8)))
        }
        batch.blocks = [
            StoredBlock(
                height: height,
                digest: SHA256.hash(Array("block \(height)".utf8)),
                view: height + 3,
                first: first,
                count: UInt64(count + 1)
            )
        ]
        batch.checkpoints = [StoredCheckpoint(size: tree.size, note: "note of \(tree.size)")]
        batch.signedSizes = [SignedSize(signer: "log", size: tree.size, root: tree.root)]
        batch.consensus = [(Array("vote".utf8), Array("height \(height)".utf8))]
        return batch
    }

    static func bytes(_ index: UInt64) -> [UInt8] {
        let head = withUnsafeBytes(of: index.bigEndian) { Array($0) }
        return head + Array(repeating: UInt8(truncatingIfNeeded: index), count: Int(index % 300))
    }

    static func claim(_ index: UInt64, state: String = "reserved") -> StoredClaim {
        StoredClaim(
            issuer: "us-bis",
            claim: "claim-\(index)",
            index: index,
            destination: index % 2 == 0 ? "KE" : "PL",
            authority: index % 3 == 0 ? "LPP" : "LICENSE",
            amountTenths: index * 10,
            state: state,
            blockTime: 1_700_000_000 + index
        )
    }
}

extension FileManager {
    /// Copies the database and its write-ahead log as they stand, as a crash would leave them.
    func copyLedger(from directory: String, to copy: String) throws {
        try createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            try copyItem(atPath: "\(directory)/\(name)", toPath: "\(copy)/\(name)")
        }
    }
}
