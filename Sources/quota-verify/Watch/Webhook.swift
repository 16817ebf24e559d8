import Foundation
import FoundationNetworking

/// Sends events to an address.
enum Webhook {
    /// Posts one event as JSON.
    ///
    /// - Returns: Whether the address took it, with a status from 200 to 299.
    static func deliver(_ event: WatchEvent, to address: URL) async -> Bool {
        guard let body = event.json else { return true }
        var request = URLRequest(url: address, timeoutInterval: 10)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
        do {
            let (_, response) = try await URLSession.shared.data(for: request)
            guard let status = (response as? HTTPURLResponse)?.statusCode else { return false }
            return (200..<300).contains(status)
        } catch {
            Terminal.write(
                "\(address): \(error.localizedDescription); the event waits\n",
                to: .standardError
            )
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
