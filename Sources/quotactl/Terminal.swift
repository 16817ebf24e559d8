import Foundation

/// What is written where.
enum Terminal {
    /// Writes text to standard output.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Writes text to standard error.
    static func writeError(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Writes a document as JSON with sorted keys.
    static func writeJSON(_ document: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(document) else { return }
        FileHandle.standardOutput.write(data + Data("\n".utf8))
    }

    /// Whether standard error is a terminal.
    static var isInteractive: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }
}

/// A bar that is written over as work goes on; plain lines where there is no terminal.
struct ProgressBar {
    private let width = 30
    private let label: String
    private var shownTenth = 0
    private var shownPercent = -1

    init(_ label: String) {
        self.label = label
    }

    /// Shows that `done` of `total` are finished.
    mutating func show(_ done: Int, of total: Int) {
        guard total > 0 else { return }
        if Terminal.isInteractive {
            guard 100 * done / total != shownPercent || done == total else { return }
            shownPercent = 100 * done / total
            let filled = width * done / total
            let bar = String(repeating: "#", count: filled)
            let rest = String(repeating: ".", count: width - filled)
            Terminal.writeError("\r\(label) [\(bar)\(rest)] \(done)/\(total)")
            if done == total { Terminal.writeError("\r\u{1B}[K") }
        } else if 10 * done / total > shownTenth {
            shownTenth = 10 * done / total
            Terminal.writeError("\(label): \(done) of \(total)\n")
        }
    }
}
