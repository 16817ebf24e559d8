public import CBOR
import QuotaCrypto

extension COSESign1 {
    /// Decodes a tagged COSE_Sign1 that fills `bytes`.
    ///
    /// Both the object and the map inside the protected header must be deterministic CBOR; an empty
    /// protected header must be the empty byte string (RFC 9052 section 3). A label may occur in one
    /// of the two headers only.
    ///
    /// - Throws: `COSEError` that names the offending part.
    public static func decode(
        _ bytes: [UInt8],
        limits: CBORLimits = .statement
    ) throws(COSEError) -> COSESign1 {
        guard case .tagged(tag, .array(let parts)) = try item(bytes, limits, field: "object") else {
            throw COSEError(.structure, field: "object", problem: "expected tag 18 and an array")
        }
        guard parts.count == 4 else {
            throw COSEError(
                .structure,
                field: "object",
                problem: "expected 4 items, found \(parts.count)"
            )
        }
        guard case .bytes(let protectedBytes) = parts[0] else {
            throw COSEError(.structure, field: "protected", problem: "expected a byte string")
        }
        guard case .map(let unprotected) = parts[1] else {
            throw COSEError(.structure, field: "unprotected", problem: "expected a map")
        }
        let protected = try header(protectedBytes, limits)
        try checkLabels(protected: protected, unprotected: unprotected)
        guard case .bytes(let signature) = parts[3],
            signature.count == Ed25519.signatureByteCount
        else {
            throw COSEError(.structure, field: "signature", problem: "expected 64 bytes")
        }
        return COSESign1(
            protectedBytes: protectedBytes,
            protected: .map(protected),
            unprotected: unprotected,
            payload: try payload(parts[2]),
            signature: signature
        )
    }

    /// The tagged encoding; `decode` gives the same object back.
    public func encoded() -> [UInt8] {
        CBORValue.tagged(
            COSESign1.tag,
            .array([
                .bytes(protectedBytes), .map(unprotected), payload.map { .bytes($0) } ?? .null,
                .bytes(signature),
            ])
        ).encoded()
    }

    private static func item(
        _ bytes: [UInt8],
        _ limits: CBORLimits,
        field: String
    ) throws(COSEError) -> CBORValue {
        do {
            return try CBORValue.decode(bytes, limits: limits)
        } catch {
            throw COSEError(.encoding, field: field, problem: error.description)
        }
    }

    private static func header(
        _ bytes: [UInt8],
        _ limits: CBORLimits
    ) throws(COSEError) -> [CBORMapEntry] {
        guard !bytes.isEmpty else { return [] }
        guard case .map(let entries) = try item(bytes, limits, field: "protected") else {
            throw COSEError(.structure, field: "protected", problem: "expected an encoded map")
        }
        guard !entries.isEmpty else {
            throw COSEError(
                .structure,
                field: "protected",
                problem: "an empty map must be no bytes at all"
            )
        }
        return entries
    }

    private static func payload(_ part: CBORValue) throws(COSEError) -> [UInt8]? {
        switch part {
        case .bytes(let bytes): return bytes
        case .null: return nil
        default:
            throw COSEError(
                .structure,
                field: "payload",
                problem: "expected a byte string or null"
            )
        }
    }

    private static func checkLabels(
        protected: [CBORMapEntry],
        unprotected: [CBORMapEntry]
    ) throws(COSEError) {
        for (name, entries) in [("protected", protected), ("unprotected", unprotected)] {
            for entry in entries where entry.key.integerValue == nil && entry.key.textValue == nil {
                throw COSEError(
                    .structure,
                    field: name,
                    problem: "labels must be integers or text"
                )
            }
        }
        let labels = Set(protected.map(\.key))
        guard unprotected.allSatisfy({ !labels.contains($0.key) }) else {
            throw COSEError(
                .structure,
                field: "unprotected",
                problem: "repeats a label of the protected header"
            )
        }
    }
}
