import NIOCore

/// One message between two peers: a kind and bytes that this module never looks into.
///
/// On the wire: length of the payload (u32, big endian), kind (u8), payload. Kinds from
/// ``reservedKinds`` belong to this module.
package struct Frame: Hashable, Sendable {
    /// Kinds that carry the connection's own business: hello, ping, goodbye.
    package static let reservedKinds: ClosedRange<UInt8> = 0xF0...0xFF

    /// Bytes before the payload.
    package static let headerBytes = 5

    /// What the payload is, by the table in ``PeerLimits/kinds``.
    package var kind: UInt8

    /// The message.
    package var payload: [UInt8]

    /// A message of `kind`.
    package init(kind: UInt8, payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }

    /// Bytes that the frame takes on the wire.
    package var wireBytes: Int { Frame.headerBytes + payload.count }

    /// Appends the wire form to `buffer`.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(clamping: payload.count))
        buffer.writeInteger(kind)
        buffer.writeBytes(payload)
    }
}

/// The kinds of frame that this module uses for itself.
enum ControlKind {
    static let hello: UInt8 = 0xF0
    static let ping: UInt8 = 0xF1
    static let goodbye: UInt8 = 0xF2

    /// Largest payload of a control frame, in bytes.
    static func bytesMax(_ kind: UInt8) -> Int? {
        switch kind {
        case hello: Hello.bytesMax
        case ping: 0
        case goodbye: 200
        default: nil
        }
    }
}
