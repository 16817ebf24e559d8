import MerkleLog
import QuotaCrypto
import Testing

struct TreeTests {
    @Test func `the empty tree and one leaf hash as RFC 9162 says`() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(TreeHash.empty.description == empty)
        #expect(CompactTree().root == TreeHash.empty)
        #expect(MemoryTree().root == TreeHash.empty)
        #expect(TreeHash.leaf([1, 2]) == SHA256.hash([0, 1, 2]))
    }

    @Test func `every size up to 300 has the root of the recursive definition`() throws {
        let leaves = sampleLeaves(300)
        var memory = MemoryTree()
        var compact = CompactTree()
        for size in 0...leaves.count {
            let root = NaiveTree.root(leaves.prefix(size))
            #expect(memory.root == root)
            #expect(compact.root == root)
            #expect(memory.compact == compact)
            #expect(compact.size == UInt64(size))
            guard size < leaves.count else { break }
            memory.append(leaves[size])
            compact.append(leaves[size])
        }
        for size in 0...leaves.count {
            let root = NaiveTree.root(leaves.prefix(size))
            #expect(try memory.root(size: UInt64(size)) == root)
            #expect(try CompactTree(size: UInt64(size), from: memory).root == root)
        }
    }

    @Test func `a compact tree is taken from its parts only if they fit`() {
        let peaks = sampleLeaves(3)
        #expect(CompactTree(size: 7, peaks: peaks)?.peaks == peaks)
        #expect(CompactTree(size: 8, peaks: peaks) == nil)
        #expect(CompactTree(size: 0, peaks: []) == CompactTree())
    }

    @Test func `a source refuses what lies beyond its leaves`() {
        let tree = MemoryTree(leafHashes: sampleLeaves(5))
        #expect(throws: SubtreeUnavailable(level: 0, index: 5)) {
            try tree.hash(level: 0, index: 5)
        }
        #expect(throws: SubtreeUnavailable(level: 1, index: 2)) {
            try tree.hash(level: 1, index: 2)
        }
        #expect(throws: SubtreeUnavailable.self) { try tree.root(size: 6) }
        #expect(throws: SubtreeUnavailable.self) { try tree.hash(level: -1, index: 0) }
    }
}
