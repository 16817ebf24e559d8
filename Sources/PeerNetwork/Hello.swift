/// The first frame of each side: which protocol, which ledger.
///
/// Layout: `QLEDGER-PEER` (12 bytes), version (u16, big endian), length of the chain id (u8), chain id.
struct Hello: Hashable, Sendable {
    static let magic = Array("QLEDGER-PEER".utf8)
    static let currentVersion: UInt16 = 1
    static let chainIDBytesMax = 64
    static let bytesMax = magic.count + 3 + chainIDBytesMax

    var version: UInt16
    var chainID: [UInt8]

    var encoded: [UInt8] {
        Hello.magic + [UInt8(version >> 8), UInt8(version & 0xFF), UInt8(chainID.count)] + chainID
    }

    init(version: UInt16 = Hello.currentVersion, chainID: [UInt8]) {
        self.version = version
        self.chainID = Array(chainID.prefix(Hello.chainIDBytesMax))
    }

    /// Reads a hello; the version is read first, so that a later layout is named as such.
    init(decoding bytes: [UInt8]) throws(PeerFault) {
        let start = Hello.magic.count
        guard bytes.count >= start + 2, bytes.prefix(start).elementsEqual(Hello.magic) else {
            throw .helloMalformed
        }
        version = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
        guard version == Hello.currentVersion else {
            throw .protocolVersion(theirs: version, ours: Hello.currentVersion)
        }
        guard bytes.count > start + 2, bytes.count == start + 3 + Int(bytes[start + 2]) else {
            throw .helloMalformed
        }
        chainID = Array(bytes[(start + 3)...])
    }
}
