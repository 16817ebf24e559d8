package import Ledger
import QuotaCrypto

/// The key under which members tag chips, shared among them off the ledger.
///
/// A tag is BLAKE2b of `vendor:serial` in UTF-8 under the key, cut to 16 bytes by BLAKE2b's own
/// parameter. Whoever holds the key can try out serial numbers; nobody else can.
package struct TagKey: Sendable {
    /// The bytes of a key.
    package static let byteCount = 32

    private let bytes: [UInt8]

    /// A key of exactly 32 bytes, or nil.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The tag of a chip.
    package func tag(vendor: String, serial: String) -> ChipTag? {
        BLAKE2b.keyedHash(
            Array("\(vendor):\(serial)".utf8),
            key: bytes,
            byteCount: ChipTag.byteCount
        ).flatMap { ChipTag($0) }
    }
}
