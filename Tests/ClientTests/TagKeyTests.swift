import Client
import Ledger
import Testing

/// Chip tags under a shared key.
@Suite struct TagKeyTests {
    @Test func `the same chip has the same tag, another chip or key another`() throws {
        let key = try #require(TagKey(Array(repeating: 7, count: 32)))
        let other = try #require(TagKey(Array(repeating: 8, count: 32)))
        let tag = try #require(key.tag(vendor: "nvidia", serial: "1650123"))
        #expect(key.tag(vendor: "nvidia", serial: "1650123") == tag)
        #expect(key.tag(vendor: "nvidia", serial: "1650124") != tag)
        #expect(key.tag(vendor: "amd", serial: "1650123") != tag)
        #expect(other.tag(vendor: "nvidia", serial: "1650123") != tag)
    }

    @Test func `a key has 32 bytes`() {
        #expect(TagKey(Array(repeating: 0, count: 31)) == nil)
        #expect(TagKey(Array(repeating: 0, count: 33)) == nil)
    }
}
