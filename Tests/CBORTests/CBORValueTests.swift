import CBOR
import QuotaCrypto
import TestSupport
import Testing

struct CBORValueTests {
    @Test func `map keys are in the bytewise order of their encodings`() throws {
        // Header labels: -1 encodes as 0x20 and so comes after 395 (0x19 0x01 0x8b).
        let value: CBORValue = [-1: 1, 395: 2, 16: 3, 1: 4, "aa": 5, "b": 6]
        #expect(Hex.encode(value.encoded()) == "a60104100319018b022001616206626161" + "05")
        #expect(try CBORValue.decode(value.encoded()) == value)
    }

    @Test func `encoding sorts whatever order the pairs came in`() throws {
        let sorted = CBORValue.textMap(["a": 1, "b": [true, .null], "cc": "x"])
        let unsorted = CBORValue.map([
            CBORMapEntry("cc", "x"), CBORMapEntry("a", 1), CBORMapEntry("b", [true, .null]),
        ])
        #expect(sorted.encoded() == unsorted.encoded())
        #expect(CBORValue.object([("b", nil), ("a", 1)]) == .textMap(["a": 1]))
    }

    @Test(arguments: [
        (Int64.min, "3b7fffffffffffffff"), (-257, "390100"), (-256, "38ff"), (-25, "3818"),
        (-24, "37"), (-1, "20"), (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"),
        (256, "190100"), (65_535, "19ffff"), (65_536, "1a00010000"), (4_294_967_295, "1affffffff"),
        (4_294_967_296, "1b0000000100000000"), (.max, "1b7fffffffffffffff"),
    ])
    func `integers take the shortest head`(number: Int64, hex: String) throws {
        let value = CBORValue.integer(number)
        #expect(Hex.encode(value.encoded()) == hex)
        #expect(try CBORValue.decode(value.encoded()).integerValue == number)
    }

    @Test func `an integer beyond 63 bits has no Int64`() {
        #expect(CBORValue.unsigned(.max).integerValue == nil)
        #expect(CBORValue.negative(.max).integerValue == nil)
        #expect(CBORValue.negative(UInt64(Int64.max) + 1).integerValue == nil)
        #expect(CBORValue.negative(UInt64(Int64.max)).integerValue == .min)
    }

    @Test func `accessors give the value of their own type only`() {
        let values: [CBORValue] = [
            1, -1, .bytes([1]), "t", [1], ["k": 1], true, .null, .tagged(1, 1),
        ]
        #expect(values.compactMap(\.unsignedValue) == [1])
        #expect(values.compactMap(\.integerValue) == [1, -1])
        #expect(values.compactMap(\.bytesValue) == [[1]])
        #expect(values.compactMap(\.textValue) == ["t"])
        #expect(values.compactMap(\.arrayValue) == [[1]])
        #expect(values.compactMap(\.mapValue).count == 1)
        #expect(values[5]["k"] == 1)
        #expect(values[5]["other"] == nil)
        #expect(values[4]["k"] == nil)
    }

    @Test(arguments: UInt64(0)..<512)
    func `a random value comes back from its encoding`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let value = RandomCBOR.value(depth: 5, using: &random)
        let bytes = value.encoded()
        #expect(try CBORValue.decode(bytes) == value)
        #expect(try CBORValue.decode(([9] + bytes)[1...]) == value)
    }

    @Test func `texts that only look the same are different values and keys`() throws {
        let kelvin: CBORValue = "\u{212A}E"
        let letters: CBORValue = "KE"
        #expect("\u{212A}E" == "KE")
        #expect(kelvin != letters)
        let map = CBORValue.sortedMap([CBORMapEntry(kelvin, 1), CBORMapEntry(letters, 2)])
        #expect(try CBORValue.decode(map.encoded()) == map)
        #expect(map[kelvin] == 1)
        #expect(map[letters] == 2)
        var fields = try CBORFields(.textMap(["\u{212A}E": 1]))
        #expect(throws: CBORFieldError(path: "$.KE", problem: "missing")) {
            try fields.required("KE")
        }
    }
}
