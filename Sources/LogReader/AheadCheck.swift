import Dispatch
import Ledger
import QuotaCrypto
import Synchronization

/// Checks statements' signatures before their turn comes, on all cores.
///
/// An answer stays true as the state moves on: a signature is checked with the key whose thumbprint the
/// statement names, and the state machine compares that thumbprint with the signer's key of the day.
final class AheadCheck: Sendable {
    private let good = Mutex<Set<Digest>>([])
    private static let chunkSize = 32

    /// Checks what can be checked at `state`; the rest is left for its turn.
    func prepare(_ entries: [[UInt8]], at state: LedgerState) {
        let chunks = (entries.count + Self.chunkSize - 1) / Self.chunkSize
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
            let first = chunk * Self.chunkSize
            let range = first..<min(first + Self.chunkSize, entries.count)
            let valid = entries[range].compactMap { Self.checked($0, at: state) }
            good.withLock { $0.formUnion(valid) }
        }
    }

    /// The statements of a block whose signatures hold; those that were not prepared are checked now.
    func take(_ statements: [Statement], at state: LedgerState) -> Set<Digest> {
        let prepared = good.withLock { good in
            Set(statements.compactMap { good.remove($0.leafHash) })
        }
        let missing = statements.filter { !prepared.contains($0.leafHash) }
        guard missing.count > 1 else { return prepared }
        prepare(missing.map(\.bytes), at: state)
        return good.withLock { good in
            prepared.union(missing.compactMap { good.remove($0.leafHash) })
        }
    }

    /// The leaf hash of a statement whose signatures hold; nil for a header and for what fails.
    private static func checked(_ entry: [UInt8], at state: LedgerState) -> Digest? {
        do {
            let statement = try Statement.decode(entry)
            try state.checkSignature(statement)
            return statement.leafHash
        } catch {
            return nil
        }
    }
}
