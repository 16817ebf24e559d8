package import Foundation

/// A tlog-tiles address.
package struct WebSource: LogSource {
    private let base: URL

    /// A source below `base`.
    package init(_ base: URL) {
        self.base = base
    }

    /// The address.
    package var name: String { base.absoluteString }

    /// The bytes of one file below the address.
    package func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let url = base.appending(path: path)
        let answer = try await Web.get(url, limit: limit)
        switch answer.status {
        case 200: return answer.bytes
        case 404, 410: return nil
        default: throw Unreadable(url.absoluteString, "HTTP status \(answer.status)")
        }
    }
}
