/// Stands in for the module of the same name: the little of it that reading frames needs, so that the
/// fuzzer builds without a package.
public struct ByteBuffer: Sendable {
    private var bytes: [UInt8]
    /// Where reading goes on.
    public private(set) var readerIndex = 0

    /// A buffer to read from the first byte on.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// Bytes that are left to read.
    public var readableBytes: Int { bytes.count - readerIndex }

    /// A big-endian number at a place; nil beyond the end.
    public func getInteger<Number: FixedWidthInteger>(
        at index: Int,
        as type: Number.Type = Number.self
    ) -> Number? {
        let width = Number.bitWidth / 8
        guard index >= 0, index + width <= bytes.count else { return nil }
        return bytes[index..<index + width].reduce(0) { $0 << 8 | Number($1) }
    }

    /// Leaves bytes out.
    public mutating func moveReaderIndex(forwardBy count: Int) { readerIndex += count }

    /// The next bytes; nil if there are not as many.
    public mutating func readBytes(length: Int) -> [UInt8]? {
        guard length >= 0, length <= readableBytes else { return nil }
        defer { readerIndex += length }
        return Array(bytes[readerIndex..<readerIndex + length])
    }

    /// Appends a big-endian number.
    public mutating func writeInteger<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes.
    public mutating func writeBytes(_ written: [UInt8]) { bytes += written }
}

/// What cuts bytes into messages.
public protocol NIOSingleStepByteToMessageDecoder {
    /// A message.
    associatedtype InboundOut
    /// The next message; nil if it is not whole yet.
    mutating func decode(buffer: inout ByteBuffer) throws -> InboundOut?
    /// The last message, when no more bytes come.
    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> InboundOut?
}
