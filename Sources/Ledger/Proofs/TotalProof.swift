import CBOR
public import QuotaCrypto
public import StateMap
public import Transparency

/// The `extra` of a total proof: deterministic CBOR `[header: bstr, map proof: bstr]`.
///
/// Travels in a `.tlog-proof` whose entry is the header leaf. The file itself does not authenticate
/// `extra`; the header's leaf hash, its inclusion in the checkpoint and its map root bind every byte.
public struct TotalProof: Hashable, Sendable {
    /// The bytes of the header leaf.
    public let header: [UInt8]
    /// The proof of presence or absence of one key of the state map.
    public let mapProof: MapProof

    /// A proof below the given header.
    public init(header: [UInt8], mapProof: MapProof) {
        self.header = header
        self.mapProof = mapProof
    }

    /// The `extra` bytes.
    public func encoded() -> [UInt8] {
        CBORValue.array([.bytes(header), .bytes(mapProof.encoded())]).encoded()
    }

    /// Reads the `extra` bytes.
    ///
    /// - Throws: ``StatementError`` that names the offending part.
    public static func decode(_ bytes: [UInt8]) throws(StatementError) -> TotalProof {
        let header: [UInt8]
        let proof: [UInt8]
        do throws(CBORFieldError) {
            let parts = try CBORItem(try CBORValue.mapValue(bytes)).array(count: 2)
            header = try parts[0].bytes(maxCount: BlockLimits.headerBytesMax)
            proof = try parts[1].bytes(maxCount: MapProof.byteCountMax)
        } catch {
            throw StatementError(error)
        }
        do {
            return TotalProof(header: header, mapProof: try MapProof.decode(proof))
        } catch {
            throw StatementError("$[1]", "\(error)")
        }
    }
}

extension LedgerState {
    /// A proof of what the state map holds, or does not hold, under `key` at this state.
    ///
    /// - Parameters:
    ///   - key: A key of the state map, see ``StateKey``.
    ///   - path: The inclusion path of the last leaf in the tree of this state.
    ///   - note: The signed checkpoint of this state.
    /// - Returns: The proof as a `.tlog-proof`.
    public func totalProof(for key: [UInt8], path: [Digest], note: SignedNote) -> TlogProof {
        let total = TotalProof(header: lastHeader.encoded(), mapProof: map.proof(for: key))
        return TlogProof(extra: total.encoded(), index: size - 1, path: path, note: note)
    }
}
