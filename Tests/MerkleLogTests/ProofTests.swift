import MerkleLog
import QuotaCrypto
import TestSupport
import Testing

struct ProofTests {
    private static let sizeMax = 260
    private static let leaves = sampleLeaves(sizeMax)
    private static let tree = MemoryTree(leafHashes: leaves)

    @Test func `every inclusion proof is the definition's and verifies`() throws {
        for size in 1...Self.sizeMax {
            let leaves = Self.leaves.prefix(size)
            let root = NaiveTree.root(leaves)
            // The definition is quadratic: compare all indexes of some sizes, verify all of all.
            let compares = size <= 40 || size % 37 == 0
            for index in 0..<size {
                let proof = try InclusionProof(
                    index: UInt64(index),
                    size: UInt64(size),
                    from: Self.tree
                )
                if compares { #expect(proof.path == NaiveTree.path(index, leaves)) }
                #expect(
                    proof.path.count
                        == InclusionProof.pathLength(index: UInt64(index), size: UInt64(size))
                )
                try proof.verify(leaf: Self.leaves[index], root: root)
            }
        }
    }

    @Test func `every consistency proof is the definition's and verifies`() throws {
        let roots = (0...Self.sizeMax).map { NaiveTree.root(Self.leaves.prefix($0)) }
        for new in 0...Self.sizeMax {
            let compares = new <= 40 || new % 37 == 0
            for old in 0...new {
                let proof = try ConsistencyProof(
                    oldSize: UInt64(old),
                    newSize: UInt64(new),
                    from: Self.tree
                )
                if compares {
                    #expect(proof.path == NaiveTree.proof(old, Self.leaves.prefix(new)))
                }
                try proof.verify(oldRoot: roots[old], newRoot: roots[new])
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `any change to an inclusion proof is refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let size = UInt64.random(in: 1...UInt64(Self.sizeMax), using: &random)
            let index = UInt64.random(in: 0..<size, using: &random)
            let leaf = Self.leaves[Int(index)]
            let root = try Self.tree.root(size: size)
            let path = try InclusionProof(index: index, size: size, from: Self.tree).path
            #expect(throws: ProofError.self) {
                try InclusionProof(index: index, size: size, path: path)
                    .verify(leaf: leaf.flipped(&random), root: root)
            }
            #expect(throws: ProofError.self) {
                try InclusionProof(index: index, size: size, path: path + [leaf])
                    .verify(leaf: leaf, root: root)
            }
            #expect(throws: ProofError.self) {
                try InclusionProof(index: size, size: size, path: path)
                    .verify(leaf: leaf, root: root)
            }
            guard let place = path.indices.randomElement(using: &random) else { continue }
            var changed = path
            changed[place] = changed[place].flipped(&random)
            #expect(throws: ProofError.rootMismatch) {
                try InclusionProof(index: index, size: size, path: changed)
                    .verify(leaf: leaf, root: root)
            }
            changed.remove(at: place)
            #expect(throws: ProofError.self) {
                try InclusionProof(index: index, size: size, path: changed)
                    .verify(leaf: leaf, root: root)
            }
            let sibling = index ^ 1
            if sibling < size {
                #expect(throws: ProofError.self) {
                    try InclusionProof(index: sibling, size: size, path: path)
                        .verify(leaf: leaf, root: root)
                }
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `any change to a consistency proof is refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<300 {
            let new = UInt64.random(in: 1...UInt64(Self.sizeMax), using: &random)
            let old = UInt64.random(in: 0...new, using: &random)
            let oldRoot = try Self.tree.root(size: old)
            let newRoot = try Self.tree.root(size: new)
            let path = try ConsistencyProof(oldSize: old, newSize: new, from: Self.tree).path
            func refuses(_ path: [Digest], _ oldRoot: Digest, _ newRoot: Digest) {
                #expect(throws: ProofError.self) {
                    try ConsistencyProof(oldSize: old, newSize: new, path: path)
                        .verify(oldRoot: oldRoot, newRoot: newRoot)
                }
            }
            refuses(path, oldRoot.flipped(&random), newRoot)
            if old > 0 { refuses(path, oldRoot, newRoot.flipped(&random)) }
            refuses(path + [newRoot], oldRoot, newRoot)
            guard let place = path.indices.randomElement(using: &random) else { continue }
            var changed = path
            changed[place] = changed[place].flipped(&random)
            refuses(changed, oldRoot, newRoot)
            changed.remove(at: place)
            refuses(changed, oldRoot, newRoot)
        }
    }

    @Test func `impossible sizes are refused without a trap`() {
        let big = UInt64.max
        #expect(throws: ProofError.sizesReversed(old: 3, new: 2)) {
            try ConsistencyProof(oldSize: 3, newSize: 2, path: [])
                .verify(oldRoot: .zero, newRoot: .zero)
        }
        #expect(throws: ProofError.indexOutOfRange(index: big, size: big)) {
            try InclusionProof(index: big, size: big, path: [])
                .verify(leaf: .zero, root: .zero)
        }
        #expect(throws: ProofError.pathLength(expected: 64, actual: 0)) {
            try InclusionProof(index: 0, size: big, path: [])
                .verify(leaf: .zero, root: .zero)
        }
        #expect(throws: ProofError.rootMismatch) {
            try InclusionProof(
                index: 0,
                size: big,
                path: Array(repeating: .zero, count: 64)
            ).verify(leaf: .zero, root: .zero)
        }
        #expect(throws: ProofError.oldRootMismatch) {
            try ConsistencyProof(oldSize: 0, newSize: 9, path: [])
                .verify(oldRoot: .zero, newRoot: .zero)
        }
        for (index, size) in [(big - 1, big), (big - 2, big), (1, big), (1 << 63, big)] {
            #expect(throws: SubtreeUnavailable.self) {
                try InclusionProof(index: index, size: size, from: Self.tree)
            }
            #expect(throws: SubtreeUnavailable.self) {
                try ConsistencyProof(oldSize: index, newSize: size, from: EmptySource())
            }
        }
    }
}

private struct EmptySource: SubtreeSource {
    func hash(level: Int, index: UInt64) throws -> Digest {
        throw SubtreeUnavailable(level: level, index: index)
    }
}

extension Digest {
    /// This digest with one random bit changed.
    func flipped(_ random: inout SplitMix64) -> Digest {
        var bytes = self.bytes
        bytes[Int.random(in: 0..<32, using: &random)] ^=
            1 << UInt8.random(in: 0..<8, using: &random)
        return Digest(bytes) ?? .zero
    }
}
