/// The address of a node's public listener: `http://host:port` or `https://host`, without a path.
package struct LedgerURL: Hashable, Sendable, CustomStringConvertible {
    /// The address without a trailing slash.
    package let description: String

    /// Reads an address; one without a scheme means `http://`.
    package init?(_ text: String) {
        var text = text
        if !text.contains("://") { text = "http://" + text }
        while text.hasSuffix("/") { text.removeLast() }
        let isPlain = text.hasPrefix("http://")
        guard isPlain || text.hasPrefix("https://"), text.utf8.count <= 255 else { return nil }
        let host = text.dropFirst(isPlain ? 7 : 8)
        guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !host.contains("/"), !host.contains("?"), !host.contains("#"), !host.contains("@")
        else { return nil }
        description = text
    }
}
