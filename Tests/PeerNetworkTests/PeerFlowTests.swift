import NIOCore
import Testing

@testable import PeerNetwork

/// What happens when a node takes slowly or a peer sends much.
@Suite(.timeLimit(.minutes(2))) struct PeerFlowTests {
    @Test func `a slow node leaves the socket unread and loses nothing it accepted`() async throws {
        var limits = Cluster.limits
        limits.inboundFramesMax = 64
        limits.lanes = [PeerLimits.Lane(framesMax: 128, bytesMax: 4 << 20)]
        let cluster = try await Cluster.start(3, limits: limits)
        let (receiver, sender) = (cluster.meshes[0], cluster.meshes[1])
        let watcher = Watcher(sender)
        #expect(await watcher.wait { $0.events.count == 2 })

        // Nobody takes from the receiver: its inbox, the socket and the sender's lane fill up.
        var accepted: [Frame] = []
        var refusals = 0
        while refusals < 50 {
            let payload = Array(repeating: UInt8(truncatingIfNeeded: accepted.count), count: 32_000)
            let frame = Frame(kind: Cluster.transaction, payload: payload)
            if sender.send(frame, to: 0) {
                accepted.append(frame)
                refusals = 0
            } else {
                refusals += 1
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        let waiting = receiver.registry.inbox.waiting(from: 1)
        #expect(waiting.frames >= 64)
        // One read of the socket may come after the bound was met.
        #expect(waiting.frames < 64 + 16)
        #expect(accepted.count > 128)

        // Another peer gets through all the same, and first.
        let urgent = Frame(kind: Cluster.vote, payload: [7])
        #expect(cluster.meshes[2].send(urgent, to: 0))
        #expect(await eventually { receiver.registry.inbox.waiting(from: 2).frames == 1 })

        let taken = Watcher(receiver)
        let count = accepted.count + 1
        #expect(await taken.wait { $0.frames.count == count })
        #expect(await taken.frames.first == urgent)
        #expect(await Array(taken.frames.dropFirst()) == accepted)
        await cluster.shutdown()
    }

    @Test func `votes overtake transactions that wait`() async throws {
        let cluster = try await Cluster.start(2)
        let (receiver, sender) = (cluster.meshes[0], cluster.meshes[1])
        #expect(await eventually { sender.connectedPeers() == [0] })
        for _ in 0..<200 {
            sender.send(Frame(kind: Cluster.transaction, payload: [0, 0]), to: 0)
        }
        sender.send(Frame(kind: Cluster.vote, payload: [1]), to: 0)
        #expect(await eventually { receiver.registry.inbox.waiting(from: 1).frames == 201 })
        let taken = Watcher(receiver)
        #expect(await taken.wait { $0.frames.count == 201 })
        #expect(await taken.frames[0].kind == Cluster.vote)
        await cluster.shutdown()
    }

    @Test func `a peer above its rate is slowed down, not cut off`() async throws {
        var limits = Cluster.limits
        limits.inboundRate = PeerLimits.Rate(bytesPerSecond: 4 << 20, burstBytes: 64 << 10)
        let cluster = try await Cluster.start(2, limits: limits)
        let taken = Watcher(cluster.meshes[0])
        #expect(await taken.wait { $0.events == [.connected(1)] })
        let began = ContinuousClock.now
        let frame = Frame(kind: Cluster.transaction, payload: Array(repeating: 0, count: 32 << 10))
        for _ in 0..<64 { #expect(cluster.meshes[1].send(frame, to: 0)) }
        #expect(await taken.wait { $0.frames.count == 64 })
        // 2 MiB take half a second, less the burst and what the last read brought along.
        #expect(ContinuousClock.now - began > .milliseconds(250))
        #expect(cluster.meshes[0].connectedPeers() == [1])
        await cluster.shutdown()
    }

    @Test func `a bucket refills to its burst and no further`() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var bucket = TokenBucket(
            rate: PeerLimits.Rate(bytesPerSecond: 1000, burstBytes: 500),
            now: start
        )
        #expect(bucket.take(500, now: start) == nil)
        #expect(bucket.take(100, now: start) == .nanoseconds(100_000_001))
        #expect(bucket.take(0, now: start + .milliseconds(100)) == nil)
        #expect(bucket.take(500, now: start + .hours(1)) == nil)
        #expect(bucket.take(1, now: start + .hours(1)) != nil)
        #expect(bucket.take(1, now: .distantFuture) == nil)
    }

    @Test func `each lane has its own bound in frames and bytes`() {
        var queue = OutboundQueue(laneCount: 2)
        let limit = PeerLimits.Lane(framesMax: 2, bytesMax: 100)
        let small = Frame(kind: 1, payload: [1])
        let large = Frame(kind: 1, payload: Array(repeating: 2, count: 95))
        #expect(queue.offer(small, lane: 1, limit: limit) == .announce)
        #expect(queue.offer(large, lane: 1, limit: limit) == .refused)
        #expect(queue.offer(small, lane: 1, limit: limit) == .queued)
        #expect(queue.offer(small, lane: 1, limit: limit) == .refused)
        #expect(queue.offer(large, lane: 0, limit: limit) == .queued)
        var buffer = ByteBuffer()
        #expect(queue.take(into: &buffer, bytesMin: 1))
        #expect(buffer.readableBytes == 100)
        buffer.clear()
        #expect(queue.take(into: &buffer, bytesMin: 1000))
        #expect(buffer.readableBytes == 12)
        buffer.clear()
        #expect(!queue.take(into: &buffer, bytesMin: 1))
        #expect(queue.offer(small, lane: 0, limit: limit) == .announce)
        queue.close()
        #expect(queue.offer(small, lane: 0, limit: limit) == .refused)
    }

    @Test func `a handshake count returns to nothing`() {
        var count = HalfOpenCount(max: 3, perAddressMax: 2)
        #expect(count.admit("a") && count.admit("a") && !count.admit("a"))
        #expect(count.admit("b") && !count.admit("c"))
        count.release("a")
        #expect(count.admit("c") && !count.admit("c"))
    }
}
