import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// TCP ports that nobody listens on.
enum FreePorts {
    /// Below the range that systems give to outgoing connections, so that none takes one meanwhile.
    private static let range = 20_000...32_000

    /// `count` different ports.
    static func take(_ count: Int) throws -> [Int] {
        var ports: Set<Int> = []
        for port in range.shuffled() where ports.count < count {
            if isFree(port) { ports.insert(port) }
        }
        guard ports.count == count else { throw NotFound("\(count) free ports") }
        return ports.sorted()
    }

    private static func isFree(_ port: Int) -> Bool {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
