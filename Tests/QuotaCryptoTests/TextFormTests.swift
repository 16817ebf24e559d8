import QuotaCrypto
import TestSupport
import Testing

struct TextFormTests {
    // RFC 4648 section 10.
    static let base64: [(String, String)] = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: base64)
    func `Base64 of RFC 4648`(input: String, text: String) {
        let bytes = Array(input.utf8)
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decode(text) == bytes)
        let unpadded = String(text.prefix { $0 != "=" })
        #expect(Base64.urlEncode(bytes) == unpadded)
        #expect(Base64.urlDecode(unpadded) == bytes)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", " Zm9v", "Zm-v", "Zg==Zg==", "=",
        "Zm8=Zm8=",
    ])
    func `a second spelling of Base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Z", "Zh", "Zm9v+", "Zm9v/", "Zm9vZ"])
    func `a second spelling of the URL form is refused`(text: String) {
        #expect(Base64.urlDecode(text) == nil)
    }

    @Test(arguments: ["0", "0g", "AA", "aA", "a a", "é0"])
    func `a second spelling of hex is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test(arguments: UInt64(0)..<64)
    func `text forms give the bytes back`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = random.bytes(Int(seed))
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.urlDecode(Base64.urlEncode(bytes)) == bytes)
    }

    @Test(arguments: UInt64(0)..<256)
    func `random text is refused or is the one spelling`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("ABCDabcd0123+/-_= ")
        let text = String(
            (0..<Int.random(in: 0...9, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
        )
        if let bytes = Base64.decode(text) { #expect(Base64.encode(bytes) == text) }
        if let bytes = Base64.urlDecode(text) { #expect(Base64.urlEncode(bytes) == text) }
        if let bytes = Hex.decode(text) { #expect(Hex.encode(bytes) == text) }
    }
}
