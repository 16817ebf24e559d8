import Dispatch
import Foundation
import QuotaCrypto
import Synchronization

/// How many Ed25519 signatures this machine can check in a second: what no audit can outrun.
package enum SignatureBound {
    /// The message length of a usual statement, in bytes.
    private static let messageByteCount = 300

    /// Checks one signature again and again on all cores for about `milliseconds`.
    ///
    /// - Returns: Checks a second, all cores together; nil if the library refuses to sign.
    package static func measure(milliseconds: Int = 400) -> UInt64? {
        guard let key = try? Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32)) else {
            return nil
        }
        let message = [UInt8](repeating: 42, count: messageByteCount)
        let signature = key.sign(message)
        let total = Mutex<UInt64>(0)
        let began = ContinuousClock.now
        let end = began + .milliseconds(milliseconds)
        DispatchQueue.concurrentPerform(iterations: cores) { _ in
            var count: UInt64 = 0
            while ContinuousClock.now < end {
                for _ in 0..<16 where key.publicKey.isValid(signature, for: message) { count += 1 }
            }
            total.withLock { $0 += count }
        }
        let took = (ContinuousClock.now - began).components
        let microseconds =
            UInt64(max(0, took.seconds)) * 1_000_000
            + UInt64(max(0, took.attoseconds / 1_000_000_000_000))
        guard microseconds > 0 else { return nil }
        return total.withLock { $0 } * 1_000_000 / microseconds
    }

    /// The number of cores that this process may use.
    package static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
