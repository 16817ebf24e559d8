internal import Consensus

extension World {
    /// Groups that do not hear each other, or of which one does not hear the others.
    mutating func part(groups: Int, isOneWay: Bool) {
        count(isOneWay ? .oneWayPartition : groups > 2 ? .threeWayPartition : .partition)
        let group = nodes.indices.map { _ in random.number(below: UInt64(groups)) }
        for sender in nodes.indices {
            for receiver in nodes.indices where group[sender] != group[receiver] {
                links.cut(sender, receiver, group[sender] == 0 || !isOneWay)
            }
        }
        scheduleMending()
    }

    mutating func cutOffLeader() {
        count(.leaderCut)
        isolate(leadingMember)
        scheduleMending()
    }

    /// Nobody hears a member, nor does it hear anybody.
    mutating func isolate(_ member: Int) {
        for one in nodes.indices where nodes[one].member == member {
            for other in nodes.indices where other != one {
                links.cut(one, other)
                links.cut(other, one)
            }
        }
    }

    private mutating func scheduleMending() {
        events.add(.strike(.mend), at: now + 500 + random.number(below: 9_000))
    }

    /// A link that goes down and up again and again.
    mutating func flap(_ one: Int, _ other: Int, rounds: Int) {
        count(.flappingLink)
        let isDown = rounds % 2 == 0
        links.cut(one, other, isDown)
        links.cut(other, one, isDown)
        guard rounds > 0 else {
            links.cut(one, other, false)
            return links.cut(other, one, false)
        }
        let time = now + 50 + random.number(below: 400)
        events.add(.strike(.flap(one, other, rounds: rounds - 1)), at: time)
    }

    mutating func slowLinks(of node: Int) {
        for other in nodes.indices where other != node {
            links.slow(node, other)
            links.slow(other, node)
        }
        scheduleMending()
    }

    /// A node takes what comes in at a crawl: what others may keep for it is bounded.
    mutating func slowReader(_ node: Int) {
        for other in nodes.indices where other != node {
            links.slow(other, node, queueMax: World.queueMax)
        }
        scheduleMending()
    }

    /// Bytes that may wait to be sent to a slow reader: as small against its pace as the mesh's bound is.
    private static let queueMax: UInt64 = 4_000

    mutating func clog(_ node: Int, until time: UInt64) {
        for other in nodes.indices where other != node {
            links.hold(node, other, until: time)
            links.hold(other, node, until: time)
        }
    }

    mutating func halfOpen(_ sender: Int, _ receiver: Int) {
        count(.halfOpen)
        links.cut(sender, receiver)
        scheduleMending()
    }

    /// Nodes are cut off in one order and come back in another.
    mutating func swizzle() {
        count(.swizzleClog)
        let chosen = nodes.indices.filter { _ in random.number(below: 2) == 0 }
        for (rank, node) in chosen.shuffled(using: &random).enumerated() {
            let begin = now + UInt64(rank) * 300
            let end = begin + 500 + random.number(below: 4_000)
            events.add(.strike(.clog(of: node, until: end)), at: begin)
        }
    }

    /// Draws anew which of two processes of one member each other node hears.
    mutating func splitTwins() {
        deafness = []
        guard phase == .safety else { return }
        let isFork = options.scenario.isFork
        let twins = nodes.indices.filter { nodes[$0].conduct == .twin }
        let correct = nodes.indices.filter { nodes[$0].conduct != .twin }
        for twin in twins {
            let isSecond = twin >= World.identityCount(options)
            for (rank, other) in correct.enumerated() {
                let side = isFork ? UInt64(rank % 2) : random.number(below: 3)
                if side == (isSecond ? 0 : 1) { deafness.insert([twin, other]) }
            }
            // Accomplices meet in the world that they are of.
            for other in twins where other != twin {
                let isOtherSecond = other >= World.identityCount(options)
                if isSecond != isOtherSecond { deafness.insert([twin, other]) }
            }
        }
        if isFork { splitCorrect(correct) }
        events.add(.strike(.splitTwins), at: now + 1_000 + random.number(below: 4_000))
    }

    /// In a fork the two halves of the others do not hear each other.
    private mutating func splitCorrect(_ correct: [Int]) {
        for (rank, one) in correct.enumerated() {
            for (otherRank, other) in correct.enumerated() where rank % 2 != otherRank % 2 {
                deafness.insert([one, other])
            }
        }
    }
}
