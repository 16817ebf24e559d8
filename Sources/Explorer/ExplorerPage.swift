/// The files of the explorer: a web page that checks the ledger in the reader's browser.
///
/// `index.html` stands at the root, the other files in the folder ``folder`` beside it.
package enum ExplorerPage {
    /// The folder of every file but the page itself.
    package static let folder = "explorer"

    /// The names of the files in ``folder``, ascending.
    package static var names: [String] { files.keys.sorted() }

    /// The bytes of a file in ``folder``, nil if there is none of that name.
    package static func file(_ name: String) -> [UInt8]? { files[name] }

    /// The media type of a file, by its name.
    package static func type(of name: String) -> String {
        name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    }

    /// The page itself, which may ask the given nodes beside its own server.
    package static func index(nodes: [String]) -> [UInt8] {
        let text = String(decoding: PackageResources.index_html, as: UTF8.self)
        let mark = "connect-src 'self'"
        guard let start = text.firstRange(of: mark) else { return PackageResources.index_html }
        let policy = mark + addresses(nodes).map { " " + $0 }.joined()
        return Array(text.replacingCharacters(in: start, with: policy).utf8)
    }

    /// The Content-Security-Policy that goes with ``index(nodes:)`` as a header.
    package static func securityPolicy(nodes: [String]) -> String {
        (["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"]
            + ["connect-src 'self'" + addresses(nodes).map { " " + $0 }.joined()]
            + ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
            .joined(separator: "; ")
    }

    /// Those of the addresses that cannot change the meaning of a policy, each once: scheme, host,
    /// port.
    static func addresses(_ nodes: [String]) -> [String] {
        var found: [String] = []
        for node in nodes {
            var text = node[...]
            while text.hasSuffix("/") { text.removeLast() }
            guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else {
                continue
            }
            let host = text.dropFirst(scheme.count)
            let isPlain = host.utf8.allSatisfy { byte in
                (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5B, 0x5D].contains(byte)
            }
            guard isPlain, !host.isEmpty, !found.contains(String(text)) else { continue }
            found.append(String(text))
        }
        return found.sorted()
    }
}

extension String {
    /// The first place where `part` occurs.
    fileprivate func firstRange(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }

    /// The text with a range of it replaced.
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        var changed = self
        changed.replaceSubrange(range, with: text)
        return changed
    }
}
