import NIOCore
import NIOSSL
import QuotaCrypto

/// Judges the certificate of one connection by its key alone, before any byte of the peer is parsed.
///
/// Lives on the event loop of its connection. A resumed TLS session never reaches ``judge(_:)`` and so
/// leaves ``peer`` empty, which the handler treats as unknown.
final class PinnedPeer {
    /// SubjectPublicKeyInfo of an Ed25519 key up to the key itself: RFC 8410 section 4.
    private static let spkiPrefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// Peers whose key would be accepted: all that dial this node, or the one dialled.
    private let accepted: [[UInt8]: Int]

    /// The peer that this node dialled, if it did.
    let dialled: Int?

    /// The peer whose key the certificate holds.
    private(set) var peer: Int?

    /// Why the certificate was refused.
    private(set) var fault: PeerFault?

    /// For a connection that this node accepts.
    init(accepted: [[UInt8]: Int]) {
        self.accepted = accepted
        dialled = nil
    }

    /// For a connection that this node dials.
    init(dialled: Int, keys: [[UInt8]]) {
        accepted = Dictionary(keys.map { ($0, dialled) }) { first, _ in first }
        self.dialled = dialled
    }

    func judge(_ chain: [NIOSSLCertificate]) -> NIOSSLVerificationResult {
        guard let key = chain.first.flatMap(PinnedPeer.ed25519Key) else {
            fault = .notEd25519
            return .failed
        }
        peer = accepted[key]
        guard peer == nil else { return .certificateVerified }
        fault = .unknownKey(Hex.encode(key))
        return .failed
    }

    private static func ed25519Key(of certificate: NIOSSLCertificate) -> [UInt8]? {
        guard let info = try? certificate.extractPublicKey().toSPKIBytes(),
            info.count == spkiPrefix.count + 32, info.starts(with: spkiPrefix)
        else { return nil }
        return Array(info.dropFirst(spkiPrefix.count))
    }
}
