import PeerNetwork
import Testing

/// Reports figures; asserts only that everything arrives.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PeerThroughputTests {
    @Test func `round trips of small frames`() async throws {
        let cluster = try await Cluster.start(2)
        let (near, far) = (cluster.meshes[0], cluster.meshes[1])
        let echo = Task {
            for await event in far.events {
                if case .frame(let peer, let frame) = event { far.send(frame, to: peer) }
            }
        }
        var events = near.events.makeAsyncIterator()
        #expect(await events.next() == .connected(1))
        let frame = Frame(kind: Cluster.vote, payload: Array(repeating: 1, count: 160))
        var times: [Duration] = []
        for _ in 0..<2000 {
            let began = ContinuousClock.now
            near.send(frame, to: 1)
            #expect(await events.next() == .frame(from: 1, frame))
            times.append(ContinuousClock.now - began)
        }
        times.sort()
        print("round trip of 160 bytes: p50 \(times[1000]), p99 \(times[1980])")
        await cluster.shutdown()
        await echo.value
    }

    @Test(arguments: [(400, 100_000), (256 << 10, 512)])
    func `frames one way`(bytes: Int, count: Int) async throws {
        var limits = Cluster.limits
        limits.lanes = [PeerLimits.Lane(framesMax: 10_000, bytesMax: 16 << 20)]
        let cluster = try await Cluster.start(2, limits: limits)
        let (near, far) = (cluster.meshes[0], cluster.meshes[1])
        var events = far.events.makeAsyncIterator()
        #expect(await events.next() == .connected(0))
        #expect(await eventually { near.connectedPeers() == [1] })
        let began = ContinuousClock.now
        let sender = Task {
            let frame = Frame(kind: Cluster.block, payload: Array(repeating: 1, count: bytes))
            for _ in 0..<count {
                while !near.send(frame, to: 1) { try await Task.sleep(for: .milliseconds(1)) }
            }
        }
        var received = 0
        while received < count, case .frame(_, let frame) = await events.next() {
            #expect(frame.payload.count == bytes)
            received += 1
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        #expect(received == count)
        try await sender.value
        print(
            "frames of \(bytes) bytes: \(Int(Double(count) / seconds)) a second,",
            "\(Int(Double(count * bytes) / seconds / 1e6)) MB a second"
        )
        await cluster.shutdown()
    }
}
