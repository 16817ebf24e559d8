import CSodium

/// SHA-256 (FIPS 180-4), incremental or in one call.
///
/// Nothing here allocates on the heap.
public struct SHA256 {
    private var state: crypto_hash_sha256_state

    /// A hash of nothing so far.
    public init() {
        state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { update(raw: $0.baseAddress, count: $0.count) }
    }

    /// Adds a slice to what is hashed.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBufferPointer { update(raw: $0.baseAddress, count: $0.count) }
    }

    /// Adds the 32 bytes of `digest` to what is hashed.
    public mutating func update(_ digest: Digest) {
        digest.withPointer { update(raw: $0, count: Digest.byteCount) }
    }

    /// Adds one byte to what is hashed.
    public mutating func update(byte: UInt8) {
        withUnsafePointer(to: byte) { update(raw: $0, count: 1) }
    }

    /// Adds the UTF-8 bytes of `text` to what is hashed.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(raw: $0.baseAddress, count: $0.count) }
    }

    /// The hash of everything added.
    ///
    /// Call it once: the value is used up.
    public mutating func finalize() -> Digest {
        Digest { output in
            crypto_hash_sha256_final(&state, output)
        }
    }

    private mutating func update(raw: UnsafePointer<UInt8>?, count: Int) {
        guard let raw, count > 0 else { return }
        crypto_hash_sha256_update(&state, raw, UInt64(count))
    }
}

extension SHA256 {
    /// The hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        hash(bytes[...])
    }

    /// The hash of a slice.
    public static func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
        bytes.withUnsafeBufferPointer { input in
            oneShot(input.baseAddress, count: input.count)
        }
    }

    /// The hash of several byte strings, one after the other.
    public static func hash(_ first: [UInt8], _ second: [UInt8], _ rest: [UInt8]...) -> Digest {
        var hasher = SHA256()
        hasher.update(first)
        hasher.update(second)
        for part in rest { hasher.update(part) }
        return hasher.finalize()
    }

    /// The hash of `prefix` followed by two digests: the inner node of a tree.
    ///
    /// - Parameters:
    ///   - prefix: The domain separator, at most 64 bytes.
    ///   - left: The left child.
    ///   - right: The right child.
    /// - Returns: The digest of the 64 bytes and the prefix.
    public static func node(prefix: [UInt8], _ left: Digest, _ right: Digest) -> Digest {
        let prefixCount = prefix.count
        precondition(prefixCount <= 64, "a node prefix has at most 64 bytes")
        let count = prefixCount + 2 * Digest.byteCount
        return withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { input in
            input.copyBytes(from: prefix)
            place(left, in: input, at: prefixCount)
            place(right, in: input, at: prefixCount + Digest.byteCount)
            return oneShot(input.assumingMemoryBound(to: UInt8.self).baseAddress, count: count)
        }
    }

    /// The hash of one byte followed by `bytes`, the leaf form of RFC 9162 section 2.1.1.
    public static func leaf(prefix: UInt8, _ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update(byte: prefix)
        hasher.update(bytes)
        return hasher.finalize()
    }

    private static func place(
        _ digest: Digest,
        in buffer: UnsafeMutableRawBufferPointer,
        at offset: Int
    ) {
        digest.withPointer { bytes in
            UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(
                from: UnsafeRawBufferPointer(start: bytes, count: Digest.byteCount)
            )
        }
    }

    private static func oneShot(_ input: UnsafePointer<UInt8>?, count: Int) -> Digest {
        Digest { output in
            crypto_hash_sha256(output, input, UInt64(count))
        }
    }
}
