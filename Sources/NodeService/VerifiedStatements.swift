import QuotaCrypto
import Synchronization

/// The leaf hashes of statements whose signature this node has checked, so that each is checked once.
///
/// Two generations bound the memory: when the young one is full it becomes the old one, and the old
/// one is forgotten. A forgotten statement is merely checked again.
final class VerifiedStatements: Sendable {
    private struct Generations {
        var young: Set<Digest> = []
        var old: Set<Digest> = []
    }

    private let generations = Mutex(Generations())
    private let capacity: Int

    /// Remembers at least the last `capacity` statements.
    init(capacity: Int) {
        self.capacity = capacity
    }

    func contains(_ leaf: Digest) -> Bool {
        generations.withLock { $0.young.contains(leaf) || $0.old.contains(leaf) }
    }

    func insert(_ leaf: Digest) {
        generations.withLock { generations in
            if generations.young.count >= capacity {
                generations.old = generations.young
                generations.young = []
            }
            generations.young.insert(leaf)
        }
    }
}
