import Foundation
import LogReader

/// Sends events to an address.
enum Webhook {
    /// Posts one event as JSON.
    ///
    /// - Returns: Whether the address took it, with a status from 200 to 299.
    static func deliver(_ event: WatchEvent, to address: URL) async -> Bool {
        guard let body = event.json else { return true }
        do {
            let answer = try await Web.post(Array(body.utf8), to: address)
            return (200..<300).contains(answer.status)
        } catch {
            Terminal.write("\(error); the event waits\n", to: .standardError)
            return false
        }
    }
}

extension WatchEvent {
    /// The event as one line of JSON.
    var json: String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }
}
