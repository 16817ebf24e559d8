internal import Foundation
internal import Simulation

/// Says on standard error how far a campaign is: one moving line, or a line for each tenth in a log.
struct Progress {
    let total: UInt64
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown: UInt64 = 0

    init(total: UInt64) {
        self.total = total
    }

    /// Tells, once a percent, that `done` of all are done.
    mutating func show(_ done: UInt64, _ text: () -> String) {
        let percent = done * 100 / max(1, total)
        guard percent > shown else { return }
        shown = percent
        let line = "\(percent) %: \(text())"
        if isTerminal {
            write("\r\(line)")
        } else if percent.isMultiple(of: 10) {
            write("\(line)\n")
        }
    }

    func finish() {
        if isTerminal { write("\n") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
