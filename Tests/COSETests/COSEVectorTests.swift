import CBOR
import COSE
import Foundation
import QuotaCrypto
import TestSupport
import Testing

/// The examples of the COSE working group (cose-wg/Examples).
@Suite(.enabled(if: VectorFolder.isPresent, "needs ../shared/vectors"))
struct COSEVectorTests {
    private struct Example: Decodable {
        struct Input: Decodable {
            struct Signer: Decodable {
                struct Key: Decodable {
                    let x_hex: String?
                    let d_hex: String?
                }
                let key: Key
            }
            let plaintext: String
            let sign0: Signer?
        }
        struct Intermediates: Decodable { let ToBeSign_hex: String? }
        struct Output: Decodable { let cbor: String }
        let title: String
        let fail: Bool?
        let input: Input
        let intermediates: Intermediates?
        let output: Output
    }

    private func example(_ path: String) throws -> (Example, [UInt8]) {
        let example = try VectorFolder.json("cose/\(path)", as: Example.self)
        return (example, try #require(Hex.decode(example.output.cbor.lowercased())))
    }

    @Test func `EdDSA: bytes to be signed, output and signature`() throws {
        let (example, bytes) = try example("eddsa-examples/eddsa-sig-01.json")
        let secret = try #require(example.input.sign0?.key)
        let key = try Ed25519.PrivateKey(seed: try #require(Hex.decode(secret.d_hex ?? "")))
        #expect(key.publicKey.description == secret.x_hex)

        let object = try COSESign1.decode(bytes)
        try object.verify(with: key.publicKey)
        #expect(object.payload == Array(example.input.plaintext.utf8))
        #expect(
            Hex.encode(object.toBeSigned()) == example.intermediates?.ToBeSign_hex?.lowercased()
        )

        let ours = COSESign1.sign(
            protected: object.protected,
            unprotected: object.unprotected,
            payload: Array(example.input.plaintext.utf8),
            with: key
        )
        #expect(ours.encoded() == bytes)
    }

    @Test(arguments: [
        "eddsa-examples/eddsa-01.json", "eddsa-examples/eddsa-02.json",
        "eddsa-examples/eddsa-sig-02.json", "sign1-tests/sign-fail-01.json",
        "sign1-tests/sign-pass-01.json", "sign1-tests/sign-pass-03.json",
    ])
    func `several signers, another curve, another tag or none: refused by shape`(
        path: String
    ) throws {
        // sign-pass-01 spells the empty protected header h'a0'; the profile has one spelling, h''.
        let (_, bytes) = try example(path)
        #expect(throws: COSEError.self) { try COSESign1.decode(bytes) }
    }

    @Test func `ECDSA examples decode, encode to the same bytes and are refused`() throws {
        let key = try Ed25519.PrivateKey(seed: [UInt8](repeating: 9, count: 32)).publicKey
        for name in ["fail-02", "fail-03", "fail-04", "fail-06", "fail-07", "pass-02"] {
            let (example, bytes) = try example("sign1-tests/sign-\(name).json")
            let object = try COSESign1.decode(bytes)
            #expect(object.encoded() == bytes, "\(example.title)")
            #expect(throws: COSEError.self, "\(example.title)") { try object.verify(with: key) }
        }
    }
}
