import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Keeps a second process off a node's directory.
///
/// The system frees it when the process ends, however it ends.
final class DirectoryLock: Sendable {
    /// The file descriptor, or -1 once released.
    private let descriptor: Mutex<Int32>

    /// Locks `directory`.
    ///
    /// - Throws: ``StoreError/inUse(file:process:)`` or ``StoreError/inputOutput(file:detail:)``.
    init(directory: String) throws(StoreError) {
        let file = directory + "/ledger.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .inputOutput(file: file, detail: String(cString: strerror(errno)))
        }
        self.descriptor = Mutex(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let problem = errno
            let holder = DirectoryLock.text(in: descriptor)
            release()
            guard problem == EWOULDBLOCK else {
                throw .inputOutput(file: file, detail: String(cString: strerror(problem)))
            }
            throw .inUse(file: file, process: holder.isEmpty ? "unknown" : holder)
        }
        // For people who meet the message above; the lock itself does not depend on it.
        let process = Array("\(getpid())".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = write(descriptor, process, process.count) }
    }

    deinit { release() }

    /// Gives the directory free.
    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    private static func text(in descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
