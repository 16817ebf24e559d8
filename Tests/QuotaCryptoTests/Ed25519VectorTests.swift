import Foundation
import QuotaCrypto
import TestSupport
import Testing

/// Published edge cases under the ledger's rule: the key is registered first, then the signature is
/// checked.
@Suite(.enabled(if: VectorFolder.isPresent, "needs ../shared/vectors"))
struct Ed25519VectorTests {
    private static func accepts(key: String, signature: String, message: [UInt8]) -> Bool {
        guard let keyBytes = Hex.decode(key), let signatureBytes = Hex.decode(signature),
            let registered = try? Ed25519.PublicKey(keyBytes)
        else { return false }
        return registered.isValid(signatureBytes, for: message)
    }

    private struct CCTV: Decodable {
        let number: Int
        let key: String
        let sig: String
        let msg: String
        let flags: [String]?
    }

    @Test func `CCTV: accepted exactly where no flag stands`() throws {
        let vectors = try VectorFolder.json("ed25519/cctv.json", as: [CCTV].self)
        #expect(vectors.count == 914)
        var acceptedCount = 0
        for vector in vectors {
            let isAccepted = Self.accepts(
                key: vector.key,
                signature: vector.sig,
                message: Array(vector.msg.utf8)
            )
            #expect(isAccepted == (vector.flags ?? []).isEmpty, "vector \(vector.number)")
            acceptedCount += isAccepted ? 1 : 0
        }
        #expect(acceptedCount > 0)
    }

    private struct Wycheproof: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { let pk: String }
            struct Case: Decodable {
                let tcId: Int
                let msg: String
                let sig: String
                let result: String
            }
            let publicKey: Key
            let tests: [Case]
        }
        let testGroups: [Group]
    }

    @Test func `Wycheproof: every valid and invalid signature`() throws {
        let file = try VectorFolder.json("ed25519/wycheproof.json", as: Wycheproof.self)
        var count = 0
        for group in file.testGroups {
            for test in group.tests {
                let message = try #require(Hex.decode(test.msg))
                let isAccepted = Self.accepts(
                    key: group.publicKey.pk,
                    signature: test.sig,
                    message: message
                )
                #expect(isAccepted == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == 151)
    }
}
