import CBOR
import Foundation
import QuotaCrypto
import TestSupport
import Testing

@Suite(.enabled(if: VectorFolder.isPresent, "needs ../shared/vectors"))
struct CBORVectorTests {
    private struct Vector: Decodable {
        let hex: String
        let roundtrip: Bool
        let diagnostic: String?
    }

    /// What the profile leaves out, by the first byte (or the first after tag 1).
    private static func isOutsideProfile(_ hex: String) -> Bool {
        ["f9", "fa", "fb", "f7", "f0", "f8", "c1fb"].contains { hex.hasPrefix($0) }
    }

    @Test func `RFC 8949 appendix A: inside the profile round trips, outside is refused`() throws {
        let vectors = try VectorFolder.json("cbor/appendix_a.json", as: [Vector].self)
        #expect(vectors.count == 82)
        var acceptedCount = 0
        for vector in vectors {
            let bytes = try #require(Hex.decode(vector.hex))
            let value = try? CBORValue.decode(bytes)
            let isExpected = vector.roundtrip && !Self.isOutsideProfile(vector.hex)
            #expect((value != nil) == isExpected, "\(vector.hex)")
            if let value {
                #expect(value.encoded() == bytes, "\(vector.hex)")
                acceptedCount += 1
            }
        }
        #expect(acceptedCount == 44)
    }
}
