import Foundation
import MerkleLog
import QuotaCrypto
import TestSupport
import Testing

/// The inclusion and consistency vectors of transparency-dev/merkle, good and damaged.
@Suite(.enabled(if: VectorFolder.isPresent, "the published vectors are not beside the package"))
struct PublishedVectorTests {
    @Test func `inclusion vectors are accepted or refused as published`() throws {
        let files = try VectorFolder.jsonFiles(below: "merkle/inclusion")
        #expect(files.count == 98)
        for file in files {
            let vector: InclusionVector = try VectorFolder.json(file)
            let isAccepted = (try? vector.verify()) != nil
            #expect(isAccepted != vector.wantErr, "\(file)")
        }
    }

    @Test func `consistency vectors are accepted or refused as published`() throws {
        let files = try VectorFolder.jsonFiles(below: "merkle/consistency")
        #expect(files.count == 98)
        for file in files {
            let vector: ConsistencyVector = try VectorFolder.json(file)
            // Its two equal roots have 12 bytes, which no value of type Digest can hold.
            if file.hasSuffix("sizes-are-equal-one-and-proof-is-empty.json") {
                #expect(throws: VectorError.self) { try vector.verify() }
                continue
            }
            let isAccepted = (try? vector.verify()) != nil
            #expect(isAccepted != vector.wantErr, "\(file)")
        }
    }
}

private enum VectorError: Error {
    case notADigest
}

private func digest(_ data: Data) throws -> Digest {
    guard let digest = Digest(Array(data)) else { throw VectorError.notADigest }
    return digest
}

private struct InclusionVector: Decodable {
    let leafIdx: UInt64
    let treeSize: UInt64
    let root: Data
    let leafHash: Data
    let proof: [Data]?
    let wantErr: Bool

    func verify() throws {
        try InclusionProof(index: leafIdx, size: treeSize, path: (proof ?? []).map(digest))
            .verify(leaf: digest(leafHash), root: digest(root))
    }
}

private struct ConsistencyVector: Decodable {
    let size1: UInt64
    let size2: UInt64
    let root1: Data
    let root2: Data
    let proof: [Data]?
    let wantErr: Bool

    func verify() throws {
        try ConsistencyProof(oldSize: size1, newSize: size2, path: (proof ?? []).map(digest))
            .verify(oldRoot: digest(root1), newRoot: digest(root2))
    }
}
