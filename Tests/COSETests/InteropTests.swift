import CBOR
import COSE
import Foundation
import QuotaCrypto
import TestSupport
import Testing

/// CBOR and COSE against PyPI's `cbor2` and `pycose`, through `Tests/interop/cbor_cose.py`.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["QUOTA_PYTHON"] != nil,
        "needs QUOTA_PYTHON, a Python interpreter with Tests/requirements.txt"
    )
)
struct InteropTests {
    private struct Object: Codable {
        let bytes: String
        let key: String
        let payload: String
        let detached: Bool
    }

    private struct Task: Encodable {
        let seed: Int
        let values: [String]
        let objects: [Object]
    }

    private struct Answer: Decodable {
        let values: [String]
        let accepted: [Bool]
        let made: [String]
        let signed: [Object]
    }

    private func ask(_ task: Task) throws -> Answer {
        let python = Process()
        python.executableURL = URL(
            filePath: ProcessInfo.processInfo.environment["QUOTA_PYTHON"] ?? ""
        )
        python.arguments = [
            VectorFolder.packageRoot.appending(path: "Tests/interop/cbor_cose.py").path
        ]
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "task.json")
        try JSONEncoder().encode(task).write(to: input)
        let output = Pipe()
        python.standardInput = try FileHandle(forReadingFrom: input)
        python.standardOutput = output
        try python.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0, "the Python script failed")
        return try JSONDecoder().decode(Answer.self, from: data)
    }

    /// A random value that cbor2 reads without giving tags or equal keys a meaning of its own.
    private func value(depth: Int, using random: inout SplitMix64) -> CBORValue {
        let number = random.next() >> UInt64.random(in: 0...63, using: &random)
        let count = Int.random(in: 0...6, using: &random)
        switch Int.random(in: 0..<(depth > 1 ? 9 : 6), using: &random) {
        case 0: return .unsigned(number)
        case 1: return .negative(number)
        case 2: return .bytes(random.bytes(count * 50))
        case 3: return .text(String(repeating: "ü水a", count: count * 5))
        case 4: return .boolean(number.isMultiple(of: 2))
        case 5: return .null
        case 6: return .array((0..<count).map { _ in value(depth: depth - 1, using: &random) })
        case 7:
            var entries: [CBORMapEntry] = []
            for index in 0..<count {
                let step = UInt64(index) << 57 | random.next() >> (8 + UInt64(index * 9))
                let key: CBORValue =
                    index.isMultiple(of: 2) ? .unsigned(step) : .text("\(step)")
                entries.append(CBORMapEntry(key, value(depth: depth - 1, using: &random)))
            }
            return .sortedMap(entries)
        default: return .tagged(70_000 + (number >> 20), value(depth: depth - 1, using: &random))
        }
    }

    private func object(seed: UInt64) throws -> Object {
        var random = SplitMix64(seed: seed)
        let key = try Ed25519.PrivateKey(seed: random.bytes(32))
        let payload = random.bytes(Int(seed) * 10)
        let header = COSEHeader.map([
            (COSEHeader.alg, .integer(COSEHeader.algorithmEdDSA)),
            (COSEHeader.contentType, "application/example+cbor"),
            (COSEHeader.kid, .bytes(COSEKey.thumbprint(key.publicKey).bytes)),
            (COSEHeader.cwtClaims, COSEHeader.map([(1, "issuer"), (2, "subject"), (6, 1)])),
        ])
        let isDetached = !seed.isMultiple(of: 3)
        let signed = COSESign1.sign(
            protected: header,
            payload: payload,
            detached: isDetached,
            with: key
        )
        return Object(
            bytes: Hex.encode(signed.encoded()),
            key: key.publicKey.description,
            payload: Hex.encode(payload),
            detached: isDetached
        )
    }

    @Test func `both sides read what the other wrote`() throws {
        var random = SplitMix64(seed: 42)
        let values = (0..<500).map { _ in Hex.encode(value(depth: 5, using: &random).encoded()) }
        let objects = try (UInt64(0)..<20).map { try object(seed: $0) }
        let answer = try ask(Task(seed: 42, values: values, objects: objects))

        #expect(answer.values == values)
        #expect(answer.accepted == Array(repeating: true, count: objects.count))
        #expect(answer.made.count == 500)
        for hex in answer.made {
            let bytes = try #require(Hex.decode(hex))
            #expect(try CBORValue.decode(bytes).encoded() == bytes)
        }
        #expect(answer.signed.count == 20)
        for item in answer.signed {
            let decoded = try COSESign1.decode(try #require(Hex.decode(item.bytes)))
            #expect(Hex.encode(decoded.encoded()) == item.bytes)
            #expect(decoded.payload == Hex.decode(item.payload))
            try decoded.verify(with: Ed25519.PublicKey(try #require(Hex.decode(item.key))))
        }
    }
}
