import Dispatch
import Foundation

/// The thread that a ``NodeCore`` lives on, from its start to its end.
///
/// The core is touched by no other thread: it is made before the thread starts and given to it whole.
final class CoreThread: @unchecked Sendable {
    private let core: NodeCore
    private let end = AsyncStream.makeStream(of: Never.self)

    init(_ core: NodeCore) {
        self.core = core
    }

    /// Starts the thread; once.
    func start() {
        let thread = Thread {
            self.core.run()
            self.end.continuation.finish()
        }
        thread.name = "core"
        thread.stackSize = 16 << 20
        thread.start()
    }

    /// Waits until the core has finished its last turn.
    func finished() async {
        for await _ in end.stream {}
    }
}
