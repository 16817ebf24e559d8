import PeerNetwork
import Testing

@Suite(.timeLimit(.minutes(2))) struct PeerMeshTests {
    @Test func `three nodes exchange frames in both directions`() async throws {
        let cluster = try await Cluster.start(3)
        let watchers = cluster.meshes.map { Watcher($0) }
        for (own, mesh) in cluster.meshes.enumerated() {
            #expect(await watchers[own].wait { $0.events.count == 2 })
            #expect(mesh.connectedPeers() == (0..<3).filter { $0 != own })
        }
        for (own, mesh) in cluster.meshes.enumerated() {
            for peer in mesh.connectedPeers() {
                let payload = [UInt8(own), UInt8(peer)]
                #expect(mesh.send(Frame(kind: Cluster.vote, payload: payload), to: peer))
            }
        }
        for (own, watcher) in watchers.enumerated() {
            #expect(await watcher.wait { $0.frames.count == 2 })
            for other in (0..<3) where other != own {
                let frame = Frame(kind: Cluster.vote, payload: [UInt8(other), UInt8(own)])
                #expect(await watcher.events.contains(.frame(from: other, frame)))
            }
        }
        await cluster.shutdown()
    }

    @Test func `who joins is connected, who leaves is not, and another own key makes all anew`()
        async throws
    {
        let cluster = try await Cluster.start(3)
        let watchers = cluster.meshes.map { Watcher($0) }
        #expect(await watchers[1].wait { $0.events.count == 2 })
        let port = try await cluster.meshes[0].listen()
        let first = try Cluster.description(0, seenBy: 1, port: port)
        let own = try TransportIdentity(seed: Cluster.seed(1))
        cluster.meshes[1].update(peers: [first], identity: own)
        #expect(await watchers[1].wait { $0.reasons(of: 2).count == 1 })
        #expect(cluster.meshes[1].connectedPeers() == [0])
        // The one that left dials on, and is refused.
        try await Task.sleep(for: .milliseconds(500))
        #expect(cluster.meshes[1].connectedPeers() == [0])
        let renewed = try TransportIdentity(seed: Cluster.seed(77))
        var expected = try Cluster.description(1, seenBy: 0)
        expected.index = 9
        expected.transportKey = renewed.publicKey
        cluster.meshes[0].update(
            peers: [expected],
            identity: try TransportIdentity(seed: Cluster.seed(0))
        )
        cluster.meshes[1].update(peers: [first], identity: renewed)
        #expect(await watchers[0].wait { $0.events.contains(.connected(9)) })
        await cluster.shutdown()
    }

    @Test func `a node that comes back is connected again`() async throws {
        let cluster = try await Cluster.start(2)
        let watcher = Watcher(cluster.meshes[1])
        #expect(await watcher.wait { $0.events == [.connected(0)] })
        let port = try await cluster.meshes[0].listen()
        await cluster.meshes[0].shutdown()
        #expect(await watcher.wait { $0.reasons(of: 0).count == 1 })
        #expect(await watcher.reasons(of: 0)[0].contains("this node is stopping"))
        #expect(!cluster.meshes[1].send(Frame(kind: Cluster.vote, payload: []), to: 0))

        let again = try Cluster.mesh(0, of: 2, port: port)
        try await again.start()
        #expect(await watcher.wait { $0.events.count == 3 })
        #expect(await watcher.events.last == .connected(0))
        await again.shutdown()
        await cluster.meshes[1].shutdown()
    }

    @Test func `a node may start before the one it dials`() async throws {
        let early = try Cluster.mesh(1, of: 2)
        let late = try Cluster.mesh(0, of: 2)
        let port = try await late.listen()
        await late.shutdown()
        early.relocate(0, host: "127.0.0.1", port: port)
        try await early.start()
        let watcher = Watcher(early)
        let again = try Cluster.mesh(0, of: 2, port: port)
        try await again.start()
        #expect(await watcher.wait { $0.events == [.connected(0)] })
        await again.shutdown()
        await early.shutdown()
    }

    @Test func `disconnect tells the peer why, and it comes back`() async throws {
        let cluster = try await Cluster.start(2)
        let watchers = cluster.meshes.map { Watcher($0) }
        #expect(await watchers[0].wait { $0.events == [.connected(1)] })
        cluster.meshes[0].disconnect(1, reason: "sent an invalid block")
        #expect(await watchers[1].wait { $0.reasons(of: 0).count == 1 })
        #expect(await watchers[1].reasons(of: 0)[0].contains("sent an invalid block"))
        #expect(await watchers[0].wait { $0.events.count == 3 })
        #expect(await watchers[0].events.last == .connected(1))
        await cluster.shutdown()
    }

    @Test func `the last frame before a goodbye is delivered`() async throws {
        let cluster = try await Cluster.start(2)
        let watcher = Watcher(cluster.meshes[0])
        #expect(await watcher.wait { $0.events == [.connected(1)] })
        let last = Frame(kind: Cluster.vote, payload: [42])
        #expect(cluster.meshes[1].send(last, to: 0))
        await cluster.meshes[1].shutdown()
        #expect(await watcher.wait { $0.events.count == 3 })
        #expect(await watcher.events[1] == .frame(from: 1, last))
        await cluster.shutdown()
    }

    @Test func `sending to nobody, or what the table does not allow, is refused`() async throws {
        let cluster = try await Cluster.start(2)
        let watcher = Watcher(cluster.meshes[0])
        #expect(await watcher.wait { $0.events == [.connected(1)] })
        let mesh = cluster.meshes[0]
        #expect(!mesh.send(Frame(kind: Cluster.vote, payload: []), to: 7))
        #expect(!mesh.send(Frame(kind: 99, payload: []), to: 1))
        let atLimit = [UInt8](repeating: 0, count: 1024)
        #expect(mesh.send(Frame(kind: Cluster.vote, payload: atLimit), to: 1))
        #expect(!mesh.send(Frame(kind: Cluster.vote, payload: atLimit + [0]), to: 1))
        await cluster.shutdown()
    }

    @Test func `shutdown ends the events, and twice is once`() async throws {
        let cluster = try await Cluster.start(2)
        let mesh = cluster.meshes[0]
        let ended = Task { for await _ in mesh.events {} }
        await cluster.shutdown()
        await ended.value
        await cluster.shutdown()
        #expect(mesh.connectedPeers().isEmpty)
    }

    @Test func `an address in use is named`() async throws {
        let first = try Cluster.mesh(0, of: 2)
        let port = try await first.listen()
        let second = try Cluster.mesh(1, of: 2, port: port)
        await #expect {
            try await second.listen()
        } throws: { error in
            "\(error)".contains("127.0.0.1:\(port)")
        }
        await first.shutdown()
        await second.shutdown()
    }

    @Test func `a seed that is no key is named`() {
        #expect(throws: TransportIdentityError.seed(bytes: 31)) {
            try TransportIdentity(seed: Array(repeating: 1, count: 31))
        }
    }
}
