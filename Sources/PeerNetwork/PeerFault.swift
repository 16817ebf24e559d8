/// Why a connection ended, in the words that the log and ``PeerEvent/disconnected(_:reason:)`` use.
package enum PeerFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The certificate holds the key of no member that dials this node, or not that of the one dialled.
    case unknownKey(String)
    /// The certificate holds no Ed25519 key.
    case notEd25519
    /// No finished hello in time.
    case handshakeTimeout(Duration)
    /// TLS did not come to an end.
    case tls(String)
    /// The first frame was of this kind, not a hello.
    case helloExpected(kind: UInt8)
    /// The hello does not have the layout of this protocol.
    case helloMalformed
    /// The peer speaks another version of the protocol.
    case protocolVersion(theirs: UInt16, ours: UInt16)
    /// The peer is on another ledger.
    case otherChain(theirs: String, ours: String)
    /// A frame of a kind that does not exist.
    case unknownKind(UInt8)
    /// A frame longer than its kind allows.
    case frameTooLong(kind: UInt8, bytes: Int, max: Int)
    /// Bytes that end in the middle of a frame.
    case truncated
    /// Nothing came for too long.
    case silent(Duration)
    /// The peer opened a newer connection.
    case replaced
    /// The peer closed without a word.
    case closedByPeer
    /// The peer closed and said why.
    case goodbye(String)
    /// The system reported an error.
    case connection(String)
    /// The node asked for it.
    case requested(String)
    /// This node is stopping.
    case shutdown

    /// One line for people.
    package var description: String {
        switch self {
        case .unknownKey(let key): "presented a key that is not the member's: \(key)"
        case .notEd25519: "presented a certificate without an Ed25519 key"
        case .handshakeTimeout(let time): "no handshake within \(time)"
        case .tls(let problem): "TLS failed: \(problem)"
        case .helloExpected(let kind): "sent frame kind \(kind) where a hello was expected"
        case .helloMalformed: "sent a hello that cannot be read"
        case .protocolVersion(let theirs, let ours):
            "speaks peer protocol \(theirs), this node speaks \(ours)"
        case .otherChain(let theirs, let ours): "is on ledger \(theirs), this node is on \(ours)"
        case .unknownKind(let kind): "sent frame kind \(kind), which does not exist"
        case .frameTooLong(let kind, let bytes, let max):
            "sent \(bytes) bytes in a frame of kind \(kind), the limit is \(max)"
        case .truncated: "closed in the middle of a frame"
        case .silent(let time): "silent for \(time)"
        case .replaced: "opened a newer connection"
        case .closedByPeer: "closed the connection"
        case .goodbye(let reason): "closed the connection, saying: \(reason)"
        case .connection(let problem): "connection failed: \(problem)"
        case .requested(let reason): reason
        case .shutdown: "this node is stopping"
        }
    }

    /// Whether the peer broke the protocol, so that an operator should look at it.
    package var isMisbehaviour: Bool {
        switch self {
        case .unknownKey, .notEd25519, .helloExpected, .helloMalformed,
            .protocolVersion, .otherChain, .unknownKind, .frameTooLong, .replaced:
            true
        default: false
        }
    }

    /// Text from a peer, safe to put in a log line.
    static func printable(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}
