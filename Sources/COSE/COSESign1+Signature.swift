public import CBOR
public import QuotaCrypto

extension COSESign1 {
    /// The bytes that the signature covers: `["Signature1", protected, h'', payload]`
    /// (RFC 9052 section 4.4).
    ///
    /// - Parameter detachedPayload: The payload of an object that does not carry one.
    /// - Returns: The encoded array.
    public func toBeSigned(detachedPayload: [UInt8]? = nil) -> [UInt8] {
        COSESign1.toBeSigned(
            protectedBytes: protectedBytes,
            payload: payload ?? detachedPayload ?? []
        )
    }

    /// Signs a payload.
    ///
    /// - Parameters:
    ///   - protected: The protected header, a map that holds `alg`.
    ///   - unprotected: Pairs with distinct keys that no signature covers, in any order.
    ///   - payload: What is signed.
    ///   - detached: Whether the object leaves the payload out.
    ///   - key: The signing key.
    /// - Returns: The signed object.
    public static func sign(
        protected: CBORValue,
        unprotected: [CBORMapEntry] = [],
        payload: [UInt8],
        detached: Bool = false,
        with key: Ed25519.PrivateKey
    ) -> COSESign1 {
        let entries = protected.mapValue ?? []
        let header = CBORValue.sortedMap(entries)
        let protectedBytes = entries.isEmpty ? [] : header.encoded()
        return COSESign1(
            protectedBytes: protectedBytes,
            protected: header,
            unprotected: CBORValue.sortedMap(unprotected).mapValue ?? [],
            payload: detached ? nil : payload,
            signature: key.sign(toBeSigned(protectedBytes: protectedBytes, payload: payload))
        )
    }

    /// Checks the algorithm, that nothing critical is asked for, and the signature.
    ///
    /// - Parameters:
    ///   - key: A key that the caller trusts for this object; never one taken from the object.
    ///   - detachedPayload: The payload, if and only if the object carries none.
    /// - Throws: `COSEError` that names the offending part.
    public func verify(
        with key: Ed25519.PublicKey,
        detachedPayload: [UInt8]? = nil
    ) throws(COSEError) {
        try checkAlgorithm()
        guard (payload == nil) != (detachedPayload == nil) else {
            throw COSEError(
                .payload,
                field: "payload",
                problem: payload == nil ? "absent and not given" : "present and given as well"
            )
        }
        guard key.isValid(signature, for: toBeSigned(detachedPayload: detachedPayload)) else {
            throw COSEError(
                .signature,
                field: "signature",
                problem: "does not fit the key and the bytes"
            )
        }
    }

    private func checkAlgorithm() throws(COSEError) {
        let accepted = [COSEHeader.algorithmEdDSA, COSEHeader.algorithmEd25519]
        guard let algorithm = protectedValue(COSEHeader.alg)?.integerValue,
            accepted.contains(algorithm)
        else {
            throw COSEError(
                .algorithm,
                field: "protected.alg",
                problem: "expected EdDSA (-8) or Ed25519 (-19)"
            )
        }
        guard protectedValue(COSEHeader.crit) == nil, unprotectedValue(COSEHeader.crit) == nil
        else {
            throw COSEError(
                .critical,
                field: "crit",
                problem: "critical headers are not understood"
            )
        }
    }

    private static func toBeSigned(protectedBytes: [UInt8], payload: [UInt8]) -> [UInt8] {
        CBORValue.array([
            .text("Signature1"), .bytes(protectedBytes), .bytes([]), .bytes(payload),
        ]).encoded()
    }
}
