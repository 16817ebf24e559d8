import Foundation
import QuotaCrypto
import StateMap
import Testing

/// The published roots of the Jellyfish Merkle tree, and proofs of the ICS-23 sparse Merkle tree.
@Suite(.enabled(if: Vectors.arePresent, "published vectors are not beside the package"))
struct VectorTests {
    @Test func `the published Jellyfish roots come out`() throws {
        let file = try Vectors.decode(JMTFile.self, "map-jmt/sha2_256_vectors.json")
        #expect(file.vectors.count >= 3)
        for vector in file.vectors {
            var map = StateMap()
            for pair in vector.data {
                let key = try #require(Hex.decode(pair.key))
                let value = try #require(Hex.decode(pair.value))
                map.update([(key, value)])
            }
            #expect(map.root.description == vector.expectedRoot)
            #expect(map.count == vector.data.count)
        }
    }
}

private struct JMTFile: Decodable {
    struct Vector: Decodable {
        struct Pair: Decodable {
            let key: String
            let value: String
        }
        let expectedRoot: String
        let data: [Pair]
    }
    let vectors: [Vector]
}

/// Published vectors beside the package; never copied into it.
enum Vectors {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/vectors").standardizedFileURL

    static var arePresent: Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "map-jmt").path)
    }

    static func decode<File: Decodable>(_ type: File.Type, _ name: String) throws -> File {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: folder.appending(path: name)))
    }
}
