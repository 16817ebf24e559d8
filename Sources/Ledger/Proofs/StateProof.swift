import CBOR
public import QuotaCrypto
import StateMap
public import Transparency

extension LedgerState {
    /// A proof of what the state map holds, or does not hold, under several keys at this state.
    ///
    /// Like ``totalProof(for:path:note:)``, but `extra` is the deterministic CBOR
    /// `[header: bstr, [* map proof: bstr]]`, one map proof a key in the order of `keys`.
    ///
    /// - Parameters:
    ///   - keys: Keys of the state map, see ``StateKey``.
    ///   - path: The inclusion path of the last leaf in the tree of this state.
    ///   - note: The signed checkpoint of this state.
    /// - Returns: The proof as a `.tlog-proof`.
    public func stateProof(for keys: [[UInt8]], path: [Digest], note: SignedNote) -> TlogProof {
        let extra = CBORValue.array([
            .bytes(lastHeader.encoded()),
            .array(keys.map { .bytes(map.proof(for: $0).encoded()) }),
        ])
        return TlogProof(extra: extra.encoded(), index: size - 1, path: path, note: note)
    }
}
