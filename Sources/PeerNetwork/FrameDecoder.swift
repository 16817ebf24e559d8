import NIOCore

/// Cuts decrypted bytes into frames and refuses a frame by its header, before its payload is kept.
struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = Frame

    let limits: PeerLimits
    private var helloSeen = false

    init(limits: PeerLimits) {
        self.limits = limits
    }

    mutating func decode(buffer: inout ByteBuffer) throws -> Frame? {
        let start = buffer.readerIndex
        guard let length: UInt32 = buffer.getInteger(at: start),
            let kind: UInt8 = buffer.getInteger(at: start + 4)
        else { return nil }
        try check(kind: kind, length: Int(length))
        guard buffer.readableBytes >= Frame.headerBytes + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: Frame.headerBytes)
        helloSeen = true
        return Frame(kind: kind, payload: buffer.readBytes(length: Int(length)) ?? [])
    }

    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
        if let frame = try decode(buffer: &buffer) { return frame }
        guard buffer.readableBytes == 0 else { throw PeerFault.truncated }
        return nil
    }

    private func check(kind: UInt8, length: Int) throws(PeerFault) {
        guard helloSeen == (kind != ControlKind.hello) else {
            throw helloSeen ? .unknownKind(kind) : .helloExpected(kind: kind)
        }
        let bytesMax =
            Frame.reservedKinds.contains(kind)
            ? ControlKind.bytesMax(kind) : limits.kinds[kind]?.bytesMax
        guard let bytesMax else { throw .unknownKind(kind) }
        guard length <= bytesMax else {
            throw .frameTooLong(kind: kind, bytes: length, max: bytesMax)
        }
    }
}
