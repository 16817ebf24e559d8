public import CBOR

/// A message with one signature (RFC 9052 section 4.2), tagged 18, signed with Ed25519.
///
/// Decoding checks shape and encoding only; `verify` checks the signature.
public struct COSESign1: Hashable, Sendable {
    /// The CBOR tag of a COSE_Sign1.
    public static let tag: UInt64 = 18

    /// The bytes of the protected header, exactly as signed; empty for an empty map.
    public let protectedBytes: [UInt8]
    /// The protected header as a map.
    public let protected: CBORValue
    /// The unprotected header, which no signature covers, in encoding order.
    public let unprotected: [CBORMapEntry]
    /// The payload, or nil if it is detached.
    public let payload: [UInt8]?
    /// The 64 bytes of the signature.
    public let signature: [UInt8]

    /// An object from its parts, as after `decode`.
    init(
        protectedBytes: [UInt8],
        protected: CBORValue,
        unprotected: [CBORMapEntry],
        payload: [UInt8]?,
        signature: [UInt8]
    ) {
        self.protectedBytes = protectedBytes
        self.protected = protected
        self.unprotected = unprotected
        self.payload = payload
        self.signature = signature
    }

    /// The value of a protected header parameter, or nil.
    public func protectedValue(_ label: Int) -> CBORValue? {
        protected[.integer(Int64(label))]
    }

    /// The value of an unprotected header parameter, or nil.
    public func unprotectedValue(_ label: Int) -> CBORValue? {
        COSEHeader.value(label, in: unprotected)
    }

    /// The same signed object under another unprotected header; the signature stays valid.
    ///
    /// - Parameter entries: Pairs with distinct keys, in any order.
    /// - Returns: An object that differs in the unprotected header only.
    public func replacingUnprotected(_ entries: [CBORMapEntry]) -> COSESign1 {
        COSESign1(
            protectedBytes: protectedBytes,
            protected: protected,
            unprotected: CBORValue.sortedMap(entries).mapValue ?? [],
            payload: payload,
            signature: signature
        )
    }

    /// The same object without its payload.
    public func detached() -> COSESign1 {
        COSESign1(
            protectedBytes: protectedBytes,
            protected: protected,
            unprotected: unprotected,
            payload: nil,
            signature: signature
        )
    }
}
