import CBOR
import COSE
import QuotaCrypto
import TestSupport
import Testing

struct COSESign1Tests {
    static let key = try? Ed25519.PrivateKey(seed: [UInt8](repeating: 5, count: 32))

    static func statement(
        algorithm: CBORValue = -8,
        extra: [(Int, CBORValue?)] = [],
        detached: Bool = false
    ) throws -> COSESign1 {
        COSESign1.sign(
            protected: COSEHeader.map([(COSEHeader.alg, algorithm)] + extra),
            unprotected: [CBORMapEntry(.integer(Int64(COSEHeader.receipts)), [.bytes([1])])],
            payload: [1, 2, 3],
            detached: detached,
            with: try #require(key)
        )
    }

    @Test(arguments: [false, true])
    func `signed, encoded, decoded and verified`(detached: Bool) throws {
        let key = try #require(Self.key).publicKey
        let signed = try Self.statement(detached: detached)
        let decoded = try COSESign1.decode(signed.encoded())
        #expect(decoded == signed)
        #expect(decoded.payload == (detached ? nil : [1, 2, 3]))
        try decoded.verify(with: key, detachedPayload: detached ? [1, 2, 3] : nil)
        #expect(decoded.protectedValue(COSEHeader.alg) == -8)
        #expect(decoded.unprotectedValue(COSEHeader.receipts) == [.bytes([1])])
        let bare = decoded.replacingUnprotected([]).detached()
        try bare.verify(with: key, detachedPayload: [1, 2, 3])
        #expect(bare.payload == nil && bare.unprotected.isEmpty)
    }

    @Test func `both names of the algorithm are accepted, others are not`() throws {
        let key = try #require(Self.key).publicKey
        try Self.statement(algorithm: -8).verify(with: key)
        try Self.statement(algorithm: -19).verify(with: key)
        for algorithm: CBORValue in [-7, 8, "EdDSA", .null] {
            let object = try Self.statement(algorithm: algorithm)
            #expect(code { () throws(COSEError) in try object.verify(with: key) } == .algorithm)
        }
        let none = COSESign1.sign(protected: .map([]), payload: [1], with: try #require(Self.key))
        #expect(none.protectedBytes.isEmpty)
        #expect(code { () throws(COSEError) in try none.verify(with: key) } == .algorithm)
    }

    @Test func `a critical header is refused`() throws {
        let key = try #require(Self.key).publicKey
        let object = try Self.statement(extra: [(COSEHeader.crit, [4])])
        #expect(code { () throws(COSEError) in try object.verify(with: key) } == .critical)
        let outside = try Self.statement().replacingUnprotected([CBORMapEntry(2, [4])])
        #expect(code { () throws(COSEError) in try outside.verify(with: key) } == .critical)
    }

    @Test func `the payload comes from exactly one place`() throws {
        let key = try #require(Self.key).publicKey
        let attached = try Self.statement()
        let detached = try Self.statement(detached: true)
        #expect(
            code { () throws(COSEError) in
                try attached.verify(with: key, detachedPayload: [1, 2, 3])
            } == .payload
        )
        #expect(code { () throws(COSEError) in try detached.verify(with: key) } == .payload)
        #expect(
            code { () throws(COSEError) in
                try detached.verify(with: key, detachedPayload: [1, 2, 4])
            } == .signature
        )
    }

    @Test func `another key is refused`() throws {
        let other = try Ed25519.PrivateKey(seed: [UInt8](repeating: 6, count: 32)).publicKey
        let object = try Self.statement()
        #expect(code { () throws(COSEError) in try object.verify(with: other) } == .signature)
    }

    static let malformed: [(hex: String, code: COSEError.Code, field: String)] = [
        ("", .encoding, "object"), ("d2", .encoding, "object"),
        ("8440a0f640", .structure, "object"), ("d1" + "8440a0f640", .structure, "object"),
        ("d2a0", .structure, "object"), ("d28340a0f6", .structure, "object"),
        ("d28540a0f64000", .structure, "object"), ("d284a0a0f640", .structure, "protected"),
        ("d28441a0a0f640", .structure, "protected"), ("d2844101a0f640", .structure, "protected"),
        ("d28441ffa0f640", .encoding, "protected"), ("d28443a1180100", .encoding, "object"),
        ("d28444a1180100a0f640", .encoding, "protected"),
        ("d2844080f640", .structure, "unprotected"),
        ("d28440a14001f640", .structure, "unprotected"),
        ("d28443a10127a1012700" + "40", .structure, "unprotected"),
        ("d28440a0f640", .structure, "signature"), ("d28440a0f600", .structure, "signature"),
    ]

    @Test(arguments: malformed)
    func `each defect names its part`(hex: String, code: COSEError.Code, field: String) throws {
        let bytes = try #require(Hex.decode(hex))
        do {
            _ = try COSESign1.decode(bytes)
            Issue.record("accepted")
        } catch {
            #expect(error.code == code)
            #expect(error.field == field)
        }
    }

    @Test func `a payload of the wrong type is refused`() throws {
        let bytes = CBORValue.tagged(
            18,
            [.bytes([]), .map([]), "text", .bytes([UInt8](repeating: 0, count: 64))]
        ).encoded()
        #expect(code { () throws(COSEError) in _ = try COSESign1.decode(bytes) } == .structure)
    }

    @Test func `the limits hold at the limit and one past it`() throws {
        let bytes = try Self.statement().encoded()
        let fits = CBORLimits(byteCountMax: bytes.count, depthMax: 8, itemCountMax: 100)
        let tight = CBORLimits(byteCountMax: bytes.count - 1, depthMax: 8, itemCountMax: 100)
        _ = try COSESign1.decode(bytes, limits: fits)
        #expect(
            code { () throws(COSEError) in _ = try COSESign1.decode(bytes, limits: tight) }
                == .encoding
        )
    }

    @Test func `every changed bit of a signed part is refused`() throws {
        let key = try #require(Self.key).publicKey
        let signed = try Self.statement().replacingUnprotected([])
        let original = signed.encoded()
        for bit in 0..<(original.count * 8) {
            var bytes = original
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let decoded = try? COSESign1.decode(bytes) else { continue }
            #expect(throws: COSEError.self, "bit \(bit)") { try decoded.verify(with: key) }
        }
    }

    @Test(arguments: UInt64(0)..<64)
    func `mutated objects are refused or are the one encoding`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let original = try Self.statement(detached: seed.isMultiple(of: 2)).encoded()
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            if let decoded = try? COSESign1.decode(bytes) { #expect(decoded.encoded() == bytes) }
            let noise = random.bytes(Int.random(in: 0...40, using: &random))
            if let decoded = try? COSESign1.decode([0xD2, 0x84] + noise) {
                #expect(decoded.encoded() == [0xD2, 0x84] + noise)
            }
        }
    }

    private func code(_ body: () throws(COSEError) -> Void) -> COSEError.Code? {
        do {
            try body()
            return nil
        } catch {
            return error.code
        }
    }
}
