import QuotaCrypto
import Transparency

/// Signers from fixed seeds.
enum Signers {
    static func log(_ name: String, _ seed: UInt8 = 200) throws -> NoteSigner {
        try NoteSigner(name: name, privateKey: privateKey(seed))
    }

    static func cosigner(_ name: String, _ seed: UInt8) throws -> Cosigner {
        try Cosigner(name: name, privateKey: privateKey(seed))
    }

    private static func privateKey(_ seed: UInt8) throws -> Ed25519.PrivateKey {
        try Ed25519.PrivateKey(seed: [UInt8](repeating: seed, count: 32))
    }
}
