import CBOR
import QuotaCrypto

/// Wire form, deterministic CBOR: `[1, depth, bitmap, [* bstr32], [* key, value]]`.
///
/// Depth, bitmap and the listed siblings are those of a `MapProof`; keys and values take turns in one
/// array.
extension MapChunk {
    /// The version of the wire form.
    private static let version: UInt64 = 1
    /// The most bytes of keys and values that one chunk should carry; a single larger entry may.
    public static let contentBytesMax = 256 << 10
    /// The most bytes an encoded chunk may have.
    public static let byteCountMax = 512 << 10
    private static let limits = CBORLimits(
        byteCountMax: byteCountMax,
        depthMax: 3,
        itemCountMax: 65_536
    )

    /// The one encoding of the chunk.
    public func encoded() -> [UInt8] {
        let way = MapSiblings(siblings)
        return CBORValue.array([
            .unsigned(Self.version),
            way.depth,
            way.bitmap,
            way.list,
            .array(entries.flatMap { [.bytes($0.key), .bytes($0.value)] }),
        ]).encoded()
    }

    /// A chunk from its one encoding.
    ///
    /// Checks the form only; `verify` checks that it is a part of the map.
    ///
    /// - Throws: `MapProofError.malformed` with the field that is wrong.
    public static func decode(
        _ bytes: [UInt8],
        hasher: MapHasher = .jellyfish
    ) throws(MapProofError) -> MapChunk {
        let decoded: CBORValue
        do {
            decoded = try CBORValue.decode(bytes, limits: limits)
        } catch {
            throw .malformed(field: "encoding", problem: error.description)
        }
        guard let fields = decoded.arrayValue, fields.count == 5 else {
            throw .malformed(field: "chunk", problem: "expected an array of 5 items")
        }
        guard fields[0] == .unsigned(version) else {
            throw .malformed(field: "version", problem: "expected \(version)")
        }
        let way = MapSiblings(depth: fields[1], bitmap: fields[2], list: fields[3])
        return MapChunk(
            entries: try entries(fields[4]),
            siblings: try way.decoded(empty: hasher.empty)
        )
    }

    private static func entries(_ field: CBORValue) throws(MapProofError) -> [Entry] {
        guard let items = field.arrayValue, items.count % 2 == 0 else {
            throw .malformed(field: "entries", problem: "expected keys and values in turn")
        }
        var entries: [Entry] = []
        entries.reserveCapacity(items.count / 2)
        for index in stride(from: 0, to: items.count, by: 2) {
            guard let key = items[index].bytesValue, let value = items[index + 1].bytesValue else {
                throw .malformed(
                    field: "entries[\(index / 2)]",
                    problem: "expected two byte strings"
                )
            }
            entries.append(Entry(key: key, value: value))
        }
        return entries
    }
}
