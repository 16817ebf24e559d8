package import Foundation
import FoundationNetworking
import Synchronization

/// A tlog-tiles address.
///
/// Answers are read up to a bound, so a server cannot fill this machine's memory.
package struct WebSource: LogSource {
    private let base: URL
    private let downloads: Downloads
    private let session: URLSession

    /// A source below `base`.
    package init(_ base: URL) {
        self.base = base
        let downloads = Downloads()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        configuration.urlCache = nil
        self.downloads = downloads
        session = URLSession(
            configuration: configuration,
            delegate: downloads,
            delegateQueue: nil
        )
    }

    /// The address.
    package var name: String { base.absoluteString }

    /// The bytes of one file below the address.
    package func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let url = base.appending(path: path)
        return try await fetch(url, limit: limit)
    }

    /// The answer to a question with a query, such as `v1/proof/consistency?old=1&new=2`.
    private func fetch(_ url: URL, limit: Int) async throws -> [UInt8]? {
        let (bytes, status) = try await withCheckedThrowingContinuation { continuation in
            let task = session.dataTask(with: url)
            downloads.begin(task.taskIdentifier, limit: limit, continuation)
            task.resume()
        }
        switch status {
        case 200: return bytes
        case 404, 410: return nil
        default: throw Unreadable(url.absoluteString, "HTTP status \(status)")
        }
    }
}

/// The answers that are on their way.
private final class Downloads: NSObject, URLSessionDataDelegate {
    typealias Waiter = CheckedContinuation<([UInt8], Int), any Error>

    private struct Download {
        let limit: Int
        let waiter: Waiter
        var bytes: [UInt8] = []
        var isTooLong = false
    }

    private let open = Mutex<[Int: Download]>([:])

    func begin(_ task: Int, limit: Int, _ waiter: Waiter) {
        open.withLock { $0[task] = Download(limit: limit, waiter: waiter) }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = open.withLock { downloads in
            guard var download = downloads.removeValue(forKey: dataTask.taskIdentifier) else {
                return false
            }
            download.isTooLong = data.count > download.limit - download.bytes.count
            if !download.isTooLong { download.bytes += data }
            downloads[dataTask.taskIdentifier] = download
            return download.isTooLong
        }
        if isTooLong { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        guard let download = open.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else {
            return
        }
        let place = task.originalRequest?.url?.absoluteString ?? "the address"
        if download.isTooLong {
            let problem = "the answer is longer than \(download.limit) bytes"
            download.waiter.resume(throwing: Unreadable(place, problem))
        } else if let error {
            download.waiter.resume(throwing: Unreadable(place, error.localizedDescription))
        } else {
            let status = (task.response as? HTTPURLResponse)?.statusCode ?? 0
            download.waiter.resume(returning: (download.bytes, status))
        }
    }
}
