/// The 32 bytes of a SHA-256 hash, stored inline.
///
/// Digests order as their bytes do, first byte first.
public struct Digest: Hashable, Sendable {
    /// How many bytes a digest has.
    public static let byteCount = 32

    /// The digest of 32 zero bytes, used where no hash exists yet.
    public static let zero = Digest(words: (0, 0, 0, 0))

    // Each word holds eight bytes, most significant first, so that integers order as bytes do.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (word0, word1, word2, word3) = words
    }

    /// Reads 32 bytes that start at `address`, which need not be aligned.
    init(loading address: UnsafeRawPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: address.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        self.init(words: (word(0), word(1), word(2), word(3)))
    }

    /// A digest of exactly 32 bytes, or nil.
    public init?(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// A digest of a slice of exactly 32 bytes, or nil.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        let loaded = bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { Digest(loading: $0) }
        }
        guard let loaded else { return nil }
        self = loaded
    }

    /// A digest from 64 lower-case hexadecimal digits, or nil.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    /// The digest that `fill` writes: it gets the address of 32 bytes on the stack.
    @inline(__always)
    init(filling fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutablePointer(to: &words) { pointer in
            fill(UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
        }
        self.init(
            words: (
                UInt64(bigEndian: words.0), UInt64(bigEndian: words.1),
                UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
            )
        )
    }

    /// Calls `body` with the address of the 32 bytes, without heap allocation.
    @inline(__always)
    func withPointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        let words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        return withUnsafePointer(to: words) { pointer in
            body(UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
        }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withPointer { Array(UnsafeBufferPointer(start: $0, count: Digest.byteCount)) }
    }

    /// Appends the 32 bytes to `output`.
    public func append(to output: inout [UInt8]) {
        withPointer { pointer in
            output.append(
                contentsOf: UnsafeBufferPointer(start: pointer, count: Digest.byteCount)
            )
        }
    }

    /// The bit at `position`, where 0 is the most significant bit of the first byte and 255 the last.
    public func bit(_ position: Int) -> Bool {
        precondition((0..<256).contains(position), "a digest has 256 bits")
        let word =
            switch position >> 6 {
            case 0: word0
            case 1: word1
            case 2: word2
            default: word3
            }
        return word >> UInt64(63 - (position & 63)) & 1 == 1
    }
}

extension Digest: Comparable {
    /// Whether `left` comes before `right` in the order of their bytes.
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.word0, left.word1, left.word2, left.word3)
            < (right.word0, right.word1, right.word2, right.word3)
    }
}

extension Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
