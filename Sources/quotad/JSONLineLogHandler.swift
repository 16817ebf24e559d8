import Foundation
import Logging
import QuotaFiles

/// Writes each log event as one JSON line to standard error: `time`, `level`, `event`, and the
/// metadata under their own names.
struct JSONLineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let label: String

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = [
            ("time", Self.time()), ("level", event.level.rawValue), ("event", "\(event.message)"),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            fields.append((key, "\(value)"))
        }
        let pairs = fields.map { name, value in
            "\(JSONDocument.quoted(name)):\(JSONDocument.quoted(value))"
        }
        FileHandle.standardError.write(Data("{\(pairs.joined(separator: ","))}\n".utf8))
    }

    /// Now, in UTC with milliseconds.
    private static func time() -> String {
        Date().formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)
        )
    }
}
