import Crypto
import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// A node's transport key with the self-signed certificate that carries it into TLS.
///
/// Only the key counts: a peer compares it with the member list and ignores name, dates and issuer
/// of the certificate. The dates span all time, so no certificate expires.
package struct TransportIdentity: Sendable {
    /// The 32 bytes of the Ed25519 public key that goes on the member's card.
    package let publicKey: [UInt8]

    /// Serves and dials with TLS 1.3 and Ed25519 only, and asks for the peer's certificate.
    let serverContext: NIOSSLContext
    let clientContext: NIOSSLContext

    /// Makes the certificate.
    ///
    /// - Parameter seed: the 32 bytes of the Ed25519 private key (RFC 8032 section 5.1.5).
    /// - Throws: ``TransportIdentityError`` when `seed` is no key or TLS refuses the certificate.
    package init(seed: [UInt8]) throws {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw TransportIdentityError.seed(bytes: seed.count)
        }
        publicKey = Array(key.publicKey.rawRepresentation)
        do {
            let certificate = try NIOSSLCertificate(
                bytes: TransportIdentity.certificate(for: key),
                format: .der
            )
            let privateKey = try NIOSSLPrivateKey(
                bytes: TransportIdentity.pkcs8(seed: seed),
                format: .der
            )
            serverContext = try TransportIdentity.context(
                .makeServerConfiguration(
                    certificateChain: [.certificate(certificate)],
                    privateKey: .privateKey(privateKey)
                )
            )
            var client = TLSConfiguration.makeClientConfiguration()
            client.certificateChain = [.certificate(certificate)]
            client.privateKey = .privateKey(privateKey)
            clientContext = try TransportIdentity.context(client)
        } catch {
            throw TransportIdentityError.tls("\(error)")
        }
    }

    private static func context(_ base: TLSConfiguration) throws -> NIOSSLContext {
        var configuration = base
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        configuration.signingSignatureAlgorithms = [.ed25519]
        configuration.verifySignatureAlgorithms = [.ed25519]
        // Makes TLS ask for a certificate; `PinnedPeer` is the only judge of it.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.shutdownTimeout = .seconds(1)
        return try NIOSSLContext(configuration: configuration)
    }

    private static func certificate(for key: Curve25519.Signing.PrivateKey) throws -> [UInt8] {
        let name = try DistinguishedName { CommonName("quota-ledger") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(bytes: [1]),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0),
            notValidAfter: Date(timeIntervalSince1970: 253_402_300_799),  // 9999-12-31, RFC 5280
            issuer: name,
            subject: name,
            signatureAlgorithm: .ed25519,
            extensions: Certificate.Extensions(),
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }

    /// PKCS #8 around an Ed25519 seed: RFC 8410 section 7.
    private static func pkcs8(seed: [UInt8]) -> [UInt8] {
        [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ] + seed
    }
}

/// Why a transport key cannot be used.
package enum TransportIdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not 32 bytes.
    case seed(bytes: Int)
    /// The TLS library refused the key or the certificate.
    case tls(String)

    /// One line for people.
    package var description: String {
        switch self {
        case .seed(let bytes): "transport key: the seed has \(bytes) bytes, expected 32"
        case .tls(let problem): "transport key: TLS refuses it: \(problem)"
        }
    }
}
