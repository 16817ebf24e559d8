/// The state of every one-way link between nodes: row-major by sender.
struct Links: Sendable {
    private struct Link: Sendable {
        var isCut = false
        var isSlow = false
        /// The most bytes that may wait on a slow one.
        var queueMax = UInt64.max
        /// There is no connection.
        var isClosed = false
        /// When what is held on it is let go.
        var heldUntil: UInt64 = 0
        /// When the last byte sent so far has passed a slow link.
        var freeAt: UInt64 = 0
        /// When the latest message sent so far arrives.
        var latest: UInt64 = 0
    }

    /// What a message met on its way.
    struct Passage: Sendable {
        var arrival: UInt64
        var isSlow = false
        var isHeld = false
        var isReordered = false
        var isRefused = false
    }

    private let count: Int
    private var links: [Link]

    init(nodeCount: Int) {
        count = nodeCount
        links = Array(repeating: Link(), count: nodeCount * nodeCount)
    }

    func isCut(_ sender: Int, _ receiver: Int) -> Bool {
        links[sender * count + receiver].isCut || links[sender * count + receiver].isClosed
    }

    func isClosed(_ one: Int, _ other: Int) -> Bool { links[one * count + other].isClosed }

    /// Ends or opens the connection of two nodes.
    mutating func close(_ one: Int, _ other: Int, _ isClosed: Bool = true) {
        links[one * count + other].isClosed = isClosed
        links[other * count + one].isClosed = isClosed
    }

    mutating func cut(_ sender: Int, _ receiver: Int, _ isCut: Bool = true) {
        links[sender * count + receiver].isCut = isCut
    }

    mutating func slow(_ sender: Int, _ receiver: Int, queueMax: UInt64 = .max) {
        links[sender * count + receiver].isSlow = true
        links[sender * count + receiver].queueMax = queueMax
    }

    mutating func hold(_ sender: Int, _ receiver: Int, until time: UInt64) {
        links[sender * count + receiver].heldUntil = time
    }

    /// Everything works again; what is held comes soon.
    mutating func mend() {
        for index in links.indices {
            links[index].isCut = false
            links[index].isSlow = false
            links[index].queueMax = .max
            links[index].heldUntil = 0
        }
    }

    /// When a message arrives that would take until `arrival` on a good link.
    mutating func pass(
        _ sender: Int,
        _ receiver: Int,
        byteCount: Int,
        sentAt now: UInt64,
        arrival: UInt64
    ) -> Passage {
        var link = links[sender * count + receiver]
        var passage = Passage(arrival: arrival)
        if link.isSlow {
            let waiting = (max(link.freeAt, now) - now) * Links.slowBytesPerMillisecond
            if link.queueMax < .max, waiting + UInt64(byteCount) > link.queueMax {
                passage.isRefused = true
                return passage
            }
            link.freeAt = max(link.freeAt, now) + UInt64(byteCount) / Links.slowBytesPerMillisecond
            passage.isSlow = link.freeAt > passage.arrival
            passage.arrival = max(passage.arrival, link.freeAt)
        }
        if link.heldUntil > passage.arrival {
            passage.isHeld = true
            passage.arrival = link.heldUntil
        }
        passage.isReordered = passage.arrival < link.latest
        link.latest = max(link.latest, passage.arrival)
        links[sender * count + receiver] = link
        return passage
    }

    /// A slow link carries 10 kB a second.
    private static let slowBytesPerMillisecond: UInt64 = 10
}
