import MerkleLog
import QuotaCrypto
import TestSupport
import Testing

struct TileTests {
    @Test(arguments: [
        ("tile/0/x001/x234/067", 0, 1_234_067, 256), ("tile/0/000", 0, 0, 256),
        ("tile/1/000.p/1", 1, 0, 1), ("tile/63/x001/000.p/255", 63, 1000, 255),
        ("tile/0/x072/x057/x594/x037/x927/935", 0, (1 << 56) - 1, 256),
    ])
    func `a tile has one name`(name: String, level: Int, index: UInt64, width: Int) throws {
        let path = try #require(TilePath(name))
        #expect(path.content == .hashes(level: level))
        #expect(path.index == index)
        #expect(path.width == width)
        #expect(path.description == name)
        #expect(TilePath(.hashes(level: level), index: index, width: width) == path)
    }

    @Test(arguments: [
        "", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/0", "tile/0/00",
        "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/x000",
        "tile/0/x000/000", "tile/0/001/000", "tile/0/xx01/000", "tile/0/x001/x000",
        "tile/0/000/", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000.p/1.p/1", "tile/0/000/1",
        "tile/0/.p/1", "tile/0/000.q/1", "tile/entries", "tile/Entries/000", "tile/entries/x/000",
        "tile/0/x072/x057/x594/x037/x927/936", "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/٠٠٠", "tile/0/000 ", "tile/0/000\n", "tiles/0/000", "tile/0/1e3", "tile//000",
    ])
    func `every other spelling is refused`(name: String) {
        #expect(TilePath(name) == nil)
    }

    @Test(arguments: UInt64(0)..<4)
    func `every name comes back from its text`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let bits = UInt64.random(in: 0...56, using: &random)
            let index = UInt64.random(in: 0..<(1 << bits), using: &random)
            let width = Int.random(in: 1...256, using: &random)
            let content: TilePath.Content =
                Bool.random(using: &random)
                ? .entries : .hashes(level: Int.random(in: 0...63, using: &random))
            let path = try #require(TilePath(content, index: index, width: width))
            #expect(TilePath(path.description) == path)
            #expect(path.isEntries == (content == .entries))
        }
        #expect(TilePath(.entries, index: 0, width: 0) == nil)
        #expect(TilePath(.entries, index: 0, width: 257) == nil)
        #expect(TilePath(.entries, index: 1 << 56) == nil)
        #expect(TilePath(.hashes(level: 64), index: 0) == nil)
    }

    @Test func `the tiles of a size are those of the standard's example`() {
        let names = TilePath.hashTiles(size: 70_000).map(\.description)
        #expect(names.count == 273 + 1 + 2 + 1)
        #expect(
            Array(names.suffix(4)) == [
                "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1",
            ]
        )
        #expect(
            TilePath.hashTiles(size: 256).map(\.description) == ["tile/0/000", "tile/1/000.p/1"]
        )
        #expect(TilePath.hashTiles(size: 0).isEmpty)
    }

    @Test func `a tile is covered once the tree has all its items`() throws {
        let partial = try #require(TilePath("tile/1/000.p/2"))
        #expect(!partial.isCovered(bySize: 511))
        #expect(partial.isCovered(bySize: 512))
        #expect(!partial.full.isCovered(bySize: 65_535))
        #expect(partial.full.isCovered(bySize: 65_536))
        let high = try #require(TilePath("tile/63/000.p/1"))
        #expect(!high.isCovered(bySize: .max))
        #expect(TilePath(.hashes(level: 0), index: 1, size: 256) == nil)
        #expect(TilePath(.entries, index: 1, size: 257)?.width == 1)
    }

    @Test(arguments: [1, 2, 255, 256, 257, 511, 512, 1000, 70_000])
    func `proofs made from tiles are proofs made from the tree`(size: Int) throws {
        let tree = MemoryTree(leafHashes: sampleLeaves(size))
        let source = TileSubtreeSource(size: UInt64(size), tiles: TreeTiles(tree: tree))
        #expect(try source.root(size: UInt64(size)) == tree.root)
        var random = SplitMix64(seed: UInt64(size))
        for _ in 0..<20 {
            let index = UInt64.random(in: 0..<UInt64(size), using: &random)
            let fromTiles = try InclusionProof(index: index, size: UInt64(size), from: source)
            #expect(fromTiles == (try InclusionProof(index: index, size: UInt64(size), from: tree)))
            let older = try ConsistencyProof(oldSize: index, newSize: UInt64(size), from: source)
            #expect(
                older == (try ConsistencyProof(oldSize: index, newSize: UInt64(size), from: tree))
            )
        }
        #expect(throws: SubtreeUnavailable.self) {
            try source.hash(level: 0, index: UInt64(size))
        }
    }

    @Test func `a full tile may stand in for a partial one, any other length is refused`() throws {
        let tree = MemoryTree(leafHashes: sampleLeaves(600))
        let grown = TileSubtreeSource(size: 300, tiles: FullTiles(tree: tree))
        #expect(try grown.root(size: 300) == tree.root(size: 300))
        let cut = TileSubtreeSource(size: 300, tiles: CutTiles(tree: tree))
        #expect(throws: TileError.self) { try cut.root(size: 300) }
        let entries = try #require(TilePath("tile/entries/000"))
        #expect(throws: TileError.notHashes(entries)) { try Tile.bytes(entries, from: tree) }
    }
}

/// Tiles made from a tree when asked for.
private struct TreeTiles: TileSource {
    let tree: MemoryTree

    func tile(_ path: TilePath) throws -> [UInt8] {
        try Tile.bytes(path, from: tree)
    }
}

private struct FullTiles: TileSource {
    let tree: MemoryTree

    func tile(_ path: TilePath) throws -> [UInt8] {
        let full = path.full.isCovered(bySize: tree.size) ? path.full : path
        return try Tile.bytes(full, from: tree)
    }
}

private struct CutTiles: TileSource {
    let tree: MemoryTree

    func tile(_ path: TilePath) throws -> [UInt8] {
        try Tile.bytes(path, from: tree).dropLast()
    }
}
