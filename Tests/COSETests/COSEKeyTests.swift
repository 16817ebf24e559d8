import CBOR
import COSE
import QuotaCrypto
import Testing

struct COSEKeyTests {
    static let point = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"

    @Test func `the thumbprint is the hash of the required members in order`() throws {
        let key = try Ed25519.PublicKey(try #require(Hex.decode(Self.point)))
        let members: CBORValue = [1: 1, -1: 6, -2: .bytes(key.bytes)]
        #expect(COSEKey.thumbprint(key) == SHA256.hash(members.encoded()))
        #expect(Hex.encode(Array(members.encoded().prefix(8))) == "a301012006215820")
    }

    @Test func `a key comes back from its map`() throws {
        let key = try Ed25519.PublicKey(try #require(Hex.decode(Self.point)))
        let bytes = COSEKey.encode(key)
        #expect(Hex.encode(bytes).hasPrefix("a501010258" + "20"))
        #expect(try COSEKey.decode(bytes) == key)
    }

    @Test func `every changed byte of a key is refused`() throws {
        let key = try Ed25519.PublicKey(try #require(Hex.decode(Self.point)))
        let original = COSEKey.encode(key)
        for index in original.indices {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var bytes = original
                bytes[index] ^= change
                #expect(throws: COSEError.self, "byte \(index)") { try COSEKey.decode(bytes) }
            }
        }
        #expect(throws: COSEError.self) { try COSEKey.decode(original + [0]) }
        #expect(throws: COSEError.self) { try COSEKey.decode([]) }
        #expect(throws: COSEError.self) { try COSEKey.decode(CBORValue.array([])) }
    }

    @Test func `a key of small order is refused`() throws {
        let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        let map: CBORValue = [1: 1, 2: .bytes([]), 3: -8, -1: 6, -2: .bytes(identity)]
        #expect(throws: COSEError.self) { try COSEKey.decode(map) }
    }
}
