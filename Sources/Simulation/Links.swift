/// The state of every one-way link between nodes: row-major by sender.
struct Links: Sendable {
    private struct Link: Sendable {
        var isCut = false
        var isSlow = false
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
    }

    private let count: Int
    private var links: [Link]

    init(nodeCount: Int) {
        count = nodeCount
        links = Array(repeating: Link(), count: nodeCount * nodeCount)
    }

    func isCut(_ sender: Int, _ receiver: Int) -> Bool {
        links[sender * count + receiver].isCut
    }

    mutating func cut(_ sender: Int, _ receiver: Int, _ isCut: Bool = true) {
        links[sender * count + receiver].isCut = isCut
    }

    mutating func slow(_ sender: Int, _ receiver: Int) {
        links[sender * count + receiver].isSlow = true
    }

    mutating func hold(_ sender: Int, _ receiver: Int, until time: UInt64) {
        links[sender * count + receiver].heldUntil = time
    }

    /// Everything works again; what is held comes soon.
    mutating func mend() {
        for index in links.indices {
            links[index].isCut = false
            links[index].isSlow = false
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
