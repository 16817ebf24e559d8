import MerkleLog
import QuotaCrypto
import Testing

@testable import Verifier

struct TileRowsTests {
    @Test(arguments: [1, 2, 255, 256, 257, 511, 512, 66_100])
    func `full and partial tiles of every level are those of the tree`(size: Int) throws {
        var rows = TileRows()
        var tiles: [AuditedTile] = []
        var tree = MemoryTree()
        for index in 0..<size {
            let hash = SHA256.leaf(prefix: 0, Array("\(index)".utf8))
            tree.append(hash)
            tiles += rows.append(hash)
        }
        tiles += rows.partial
        let expected = TilePath.hashTiles(size: UInt64(size))
        #expect(Set(tiles.map(\.path)) == Set(expected))
        #expect(tiles.count == expected.count)
        for tile in tiles { #expect(try Tile.bytes(tile.path, from: tree) == tile.bytes) }
    }
}
