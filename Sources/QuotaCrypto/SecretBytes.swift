import CSodium

/// Secret bytes that are overwritten with zeros when the last reference goes.
///
/// The bytes are written once, in the initialiser, and never change after that, so sharing the
/// reference between tasks is safe.
final class SecretBytes: @unchecked Sendable {
    private let pointer: UnsafeMutablePointer<UInt8>
    private let count: Int

    /// Allocates `count` zero bytes and lets `fill` write them.
    init(count: Int, fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        self.count = count
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
        fill(pointer)
    }

    deinit {
        sodium_memzero(pointer, count)
        pointer.deallocate()
    }

    /// Calls `body` with the address of the bytes.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        body(pointer)
    }
}
