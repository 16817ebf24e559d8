import QuotaCrypto

extension Vectors {
    /// CBOR that the ledger reads, and CBOR that every reader must refuse.
    static var encodings: VectorValue {
        let accepted = [
            "00", "17", "1818", "1903e8", "1a000f4240", "1bffffffffffffffff", "20", "3863", "40",
            "4401020304", "60", "6449455446", "62c3bc", "80", "83010203", "a0", "a201020304",
            "a26161016162820203", "a10102", "f4", "f5", "f6", "d28443a10127a0f640",
            // -1 comes after 395 here, and before it in the older length-first order.
            "a219018b0120f6",
        ]
        let refused: [(String, String)] = [
            ("", "no item"),
            ("0000", "bytes after the item"),
            ("1817", "23 in two bytes"),
            ("1900ff", "255 in three bytes"),
            ("1a0000ffff", "65535 in five bytes"),
            ("1b00000000ffffffff", "2^32 - 1 in nine bytes"),
            ("580100", "a length in two bytes"),
            ("5f4100ff", "a byte string of indefinite length"),
            ("7f6161ff", "a text of indefinite length"),
            ("9f01ff", "a list of indefinite length"),
            ("bf0101ff", "a map of indefinite length"),
            ("a203040102", "keys out of order"),
            ("a201020103", "a key twice"),
            ("a220f619018b01", "keys in length-first order"),
            ("61ff", "text that is not UTF-8"),
            ("6261", "text cut short"),
            ("4201", "bytes cut short"),
            ("8201", "a list cut short"),
            ("a101", "a map without its last value"),
            ("f7", "undefined"),
            ("e0", "an unassigned simple value"),
            ("f820", "a simple value"),
            ("f90000", "a half float"),
            ("fa00000000", "a float"),
            ("fb0000000000000000", "a double"),
            ("1c", "a reserved head"),
            ("ff", "a break by itself"),
            ("9b7fffffffffffffff", "a huge list"),
            ("d81200", "tag 18 in two bytes"),
            ("c0", "a tag without its item"),
        ]
        return [
            "accepted": .list(accepted.map { .text($0) }),
            "refused": .list(refused.map { ["bytes": .text($0.0), "why": .text($0.1)] }),
        ]
    }

    /// Signatures with the answer of the ledger's rule: canonical S, canonical A of prime order, R not
    /// of small order, no cofactor.
    static var signatures: VectorValue {
        .list(
            Ed25519.edgeCases.map {
                [
                    "name": .text($0.name), "key": .text($0.key),
                    "message": .bytes(Array($0.message.utf8)), "signature": .text($0.signature),
                    "accepted": .boolean($0.isAcceptedByRule),
                ]
            }
        )
    }
}
