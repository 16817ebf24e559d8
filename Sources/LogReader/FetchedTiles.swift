package import MerkleLog
package import QuotaCrypto
import Verifier

/// Tiles that were fetched so far, for proofs that say which ones they need as they go.
package struct FetchedTiles: TileSource {
    private struct Missing: Error {
        let path: TilePath
    }

    /// How a smaller tree stands to a larger one, by the tiles of the larger.
    package struct Growth: Sendable {
        /// The root of the larger tree.
        package let newRoot: Digest
        /// The root that the larger tree has at the smaller size.
        package let oldRoot: Digest
        /// The proof between the two.
        package let proof: ConsistencyProof
    }

    private var tiles: [TilePath: [UInt8]] = [:]

    /// A tile that was fetched before.
    package func tile(_ path: TilePath) throws -> [UInt8] {
        guard let bytes = tiles[path] else { throw Missing(path: path) }
        return bytes
    }

    /// The consistency proof between two sizes, from the tiles of a log.
    ///
    /// - Throws: `Unreadable` if a tile cannot be had, `VerificationFailure` if one is malformed.
    package static func consistency(
        from old: UInt64,
        to new: UInt64,
        of log: any LogSource
    ) async throws -> ConsistencyProof {
        try await computed(size: new, of: log) { source in
            try ConsistencyProof(oldSize: old, newSize: new, from: source)
        }
    }

    /// What the tiles of a log say of its first `new` leaves and of the first `old` of them.
    ///
    /// Nothing of it is believed until `newRoot` equals a root that somebody signed.
    ///
    /// - Throws: `Unreadable` if a tile cannot be had, `VerificationFailure` if one is malformed.
    package static func growth(
        from old: UInt64,
        to new: UInt64,
        of log: any LogSource
    ) async throws -> Growth {
        try await computed(size: new, of: log) { source in
            Growth(
                newRoot: try source.root(size: new),
                oldRoot: try source.root(size: old),
                proof: try ConsistencyProof(oldSize: old, newSize: new, from: source)
            )
        }
    }

    /// Computes something from a log's tiles, fetching each as it turns out to be needed.
    ///
    /// Nothing of it is believed until it is checked against a root that somebody signed.
    ///
    /// - Throws: `Unreadable` if a tile cannot be had, `VerificationFailure` if one is malformed.
    package static func computed<Result>(
        size: UInt64,
        of log: any LogSource,
        _ body: (TileSubtreeSource<FetchedTiles>) throws -> Result
    ) async throws -> Result {
        var fetched = FetchedTiles()
        while true {
            do {
                return try body(TileSubtreeSource(size: size, tiles: fetched))
            } catch let missing as Missing {
                let bytes = try await log.tile(missing.path).bytes
                // A full tile may stand in for a partial one that is gone.
                let wanted = missing.path.width * Digest.byteCount
                fetched.tiles[missing.path] = Array(bytes.prefix(wanted))
            } catch let error as TileError {
                throw VerificationFailure(.malformed, "\(log.name): \(error)")
            }
        }
    }
}
