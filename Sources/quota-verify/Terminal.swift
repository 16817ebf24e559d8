import Foundation

/// What is written where, and in which colour.
enum Terminal {
    /// Writes text to a stream.
    static func write(_ text: String, to stream: FileHandle = .standardOutput) {
        stream.write(Data(text.utf8))
    }

    /// Whether a stream is a terminal that shows colours.
    static func hasColour(_ stream: FileHandle) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(stream.fileDescriptor) == 1 && environment["NO_COLOR"] == nil
            && environment["TERM"] != "dumb"
    }

    /// The verdict in capitals, coloured on a terminal.
    static func headline(_ verdict: Verdict) -> String {
        let word =
            switch verdict {
            case .proven: "PROVEN"
            case .disproven: "DISPROVEN"
            case .unknown: "UNKNOWN"
            }
        guard hasColour(.standardOutput) else { return word }
        let colour = verdict == .proven ? "32" : verdict == .disproven ? "31" : "33"
        return "\u{1B}[1;\(colour)m\(word)\u{1B}[0m"
    }
}

/// A line on the terminal that is written over as work goes on; nothing where there is no terminal.
struct ProgressLine {
    private let isShown = isatty(FileHandle.standardError.fileDescriptor) == 1
    private var lastShown = ContinuousClock.now - .seconds(1)

    /// Shows `text`, at most ten times a second.
    mutating func show(_ text: @autoclosure () -> String) {
        guard isShown, ContinuousClock.now - lastShown > .milliseconds(100) else { return }
        lastShown = .now
        Terminal.write("\r\u{1B}[K\(text())", to: .standardError)
    }

    /// Clears the line.
    func clear() {
        guard isShown else { return }
        Terminal.write("\r\u{1B}[K", to: .standardError)
    }
}
