import CBOR
import QuotaCrypto

/// Wire form, deterministic CBOR:
/// `[1, key, value / null, [path, value hash] / null, depth, bitmap, [* bstr32]]`.
///
/// Bit i of the bitmap (most significant first) is set if sibling i is empty and left out of the
/// list; spare bits are 0. Siblings stand leaf side first.
extension MapProof {
    /// The version of the wire form.
    private static let version: UInt64 = 1
    /// The most bytes an encoded proof may have.
    public static let byteCountMax = 65_535
    private static let limits = CBORLimits(
        byteCountMax: byteCountMax,
        depthMax: 3,
        itemCountMax: 300
    )

    /// The one encoding of the proof.
    public func encoded() -> [UInt8] {
        let way = MapSiblings(siblings)
        let terminal = self.terminal.map {
            CBORValue.array([.bytes($0.path.bytes), .bytes($0.valueHash.bytes)])
        }
        return CBORValue.array([
            .unsigned(Self.version),
            .bytes(key),
            value.map(CBORValue.bytes) ?? .null,
            terminal ?? .null,
            way.depth,
            way.bitmap,
            way.list,
        ]).encoded()
    }

    /// A proof from its one encoding.
    ///
    /// Checks the form only; `verify` checks what the proof says.
    ///
    /// - Throws: `MapProofError.malformed` with the field that is wrong.
    public static func decode(
        _ bytes: [UInt8],
        hasher: MapHasher = .jellyfish
    ) throws(MapProofError) -> MapProof {
        let fields = try fields(bytes)
        guard fields[0] == .unsigned(version) else {
            throw .malformed(field: "version", problem: "expected \(version)")
        }
        guard let key = fields[1].bytesValue else {
            throw .malformed(field: "key", problem: "expected a byte string")
        }
        let value = fields[2].bytesValue
        guard value != nil || fields[2] == .null else {
            throw .malformed(field: "value", problem: "expected a byte string or null")
        }
        let way = MapSiblings(depth: fields[4], bitmap: fields[5], list: fields[6])
        return MapProof(
            key: key,
            value: value,
            terminal: try terminal(fields[3]),
            siblings: try way.decoded(empty: hasher.empty)
        )
    }

    private static func fields(_ bytes: [UInt8]) throws(MapProofError) -> [CBORValue] {
        let decoded: CBORValue
        do {
            decoded = try CBORValue.decode(bytes, limits: limits)
        } catch {
            throw .malformed(field: "encoding", problem: error.description)
        }
        guard let fields = decoded.arrayValue, fields.count == 7 else {
            throw .malformed(field: "proof", problem: "expected an array of 7 items")
        }
        return fields
    }

    private static func terminal(_ field: CBORValue) throws(MapProofError) -> Terminal? {
        if field == .null { return nil }
        guard let pair = field.arrayValue, pair.count == 2,
            let path = pair[0].bytesValue.flatMap({ Digest($0) }),
            let valueHash = pair[1].bytesValue.flatMap({ Digest($0) })
        else {
            throw .malformed(
                field: "terminal",
                problem: "expected null or two byte strings of 32 bytes"
            )
        }
        return Terminal(path: path, valueHash: valueHash)
    }
}
