import QuotaCrypto

/// Events as an Atom feed (RFC 4287), newest first.
struct AtomFeed {
    private let events: [WatchEvent]

    init(_ events: [WatchEvent]) {
        self.events = events
    }

    /// The feed as a file.
    var text: String {
        let updated = Words.time(events.map(\.time).max() ?? 0)
        let entries = events.reversed().map(Self.entry).joined()
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom">
            <title>Quota ledger watch</title>
            <id>urn:quota-ledger:watch</id>
            <updated>\(updated)</updated>
            <author><name>quota-verify watch</name></author>
            \(entries)</feed>

            """
    }

    private static func entry(_ event: WatchEvent) -> String {
        // The id depends on what is told alone, so that a reader meets each event once.
        let id = SHA256.hash(Array((event.json ?? event.message).utf8))
        let title = [event.kind.rawValue, event.about].compactMap { $0 }.joined(separator: ": ")
        return """
            <entry>
            <title>\(escape(title))</title>
            <id>urn:sha256:\(id)</id>
            <updated>\(Words.time(event.time))</updated>
            <category term="\(event.kind.rawValue)"/>
            <content type="text">\(escape(event.message))</content>
            </entry>

            """
    }

    /// Text as XML allows it: control characters are left out.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20 && scalar != "\n": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
