import PeerNetwork
import QuotaCrypto
import TestSupport
import Testing

/// Who and what is kept out, and that the log says so.
@Suite(.timeLimit(.minutes(2))) struct PeerRefusalTests {
    /// Node 0, listening, with its log; peers are played by the test.
    private func listener(
        limits: PeerLimits = Cluster.limits
    ) async throws -> (mesh: PeerMesh, port: Int, log: LogRecord, watcher: Watcher) {
        let log = LogRecord()
        let mesh = try Cluster.mesh(0, of: 3, limits: limits, log: log)
        let port = try await mesh.listen()
        return (mesh, port, log, Watcher(mesh))
    }

    @Test func `a key of no member is refused before anything is parsed`() async throws {
        let node = try await listener()
        let seed = [UInt8](repeating: 99, count: 32)
        let rogue = try await RoguePeer(port: node.port, seed: seed)
        await rogue.sendHello()
        #expect(await eventually { rogue.isClosed })
        let key = Hex.encode(try TransportIdentity(seed: seed).publicKey)
        #expect(await eventually { node.log.contains("connection refused", key) })
        #expect(await node.watcher.events.isEmpty)
        await node.mesh.shutdown()
    }

    @Test func `a client without a certificate is refused`() async throws {
        let node = try await listener()
        let rogue = try await RoguePeer(port: node.port, seed: nil)
        await rogue.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(await eventually { rogue.isClosed })
        #expect(await eventually { node.log.contains("connection refused", "TLS failed") })
        #expect(await node.watcher.events.isEmpty)
        await node.mesh.shutdown()
    }

    @Test func `the dialling side refuses a node with another key`() async throws {
        let impostor = try Cluster.mesh(0, of: 2, seed: [UInt8](repeating: 77, count: 32))
        let port = try await impostor.listen()
        let log = LogRecord()
        let mesh = try Cluster.mesh(1, of: 2, log: log)
        mesh.relocate(0, host: "127.0.0.1", port: port)
        try await mesh.start()
        #expect(await eventually { log.contains("warning", "node-0", "not the member's") })
        #expect(mesh.connectedPeers().isEmpty)
        #expect(impostor.connectedPeers().isEmpty)
        await mesh.shutdown()
        await impostor.shutdown()
    }

    @Test func `another key that is listed for a peer proves it too, dialled or dialling`()
        async throws
    {
        let newKey = [UInt8](repeating: 77, count: 32)
        let newer = try Cluster.mesh(1, of: 3, seed: newKey)
        let port = try await newer.listen()
        for own in [0, 2] {
            var peer = try Cluster.description(1, seenBy: own, port: port)
            peer.otherKey = try TransportIdentity(seed: newKey).publicKey
            let mesh = try Cluster.mesh(own, of: 3)
            mesh.update(peers: [peer], identity: try TransportIdentity(seed: Cluster.seed(own)))
            newer.relocate(own, host: "127.0.0.1", port: try await mesh.listen())
            try await mesh.start()
            try await newer.start()
            #expect(await eventually { mesh.connectedPeers() == [1] })
            await mesh.shutdown()
        }
        await newer.shutdown()
    }

    @Test func `a member of another ledger is refused by both, with both ledgers named`()
        async throws
    {
        let node = try await listener()
        let log = LogRecord()
        let other = Array("quota.example/other".utf8)
        let stranger = try Cluster.mesh(1, of: 3, chainID: other, log: log)
        stranger.relocate(0, host: "127.0.0.1", port: node.port)
        try await stranger.start()
        let ours = Hex.encode(Cluster.chainID)
        let theirs = Hex.encode(other)
        #expect(await eventually { node.log.contains("node-1", "is on ledger \(theirs)", ours) })
        #expect(await eventually { log.contains("node-0", "is on ledger \(ours)", theirs) })
        #expect(await node.watcher.events.isEmpty)
        await stranger.shutdown()
        await node.mesh.shutdown()
    }

    @Test func `another protocol version is named`() async throws {
        let node = try await listener()
        let rogue = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await rogue.send(RoguePeer.wire(0xF0, Array("QLEDGER-PEER".utf8) + [0, 2, 9, 9, 9]))
        #expect(await eventually { node.log.contains("node-1", "peer protocol 2") })
        #expect(await eventually { rogue.isClosed })
        await node.mesh.shutdown()
    }

    @Test(arguments: [
        ("rubbish instead of a hello", [UInt8](repeating: 0x47, count: 64), "hello was expected"),
        ("a vote before the hello", RoguePeer.wire(1, [1]), "hello was expected"),
        ("a hello that cannot be read", RoguePeer.wire(0xF0, [1, 2, 3]), "cannot be read"),
        ("a hello without end", [0xFF, 0xFF, 0xFF, 0xFF, 0xF0], "the limit is"),
    ])
    func `a known member that does not greet is disconnected and named`(
        what: String,
        bytes: [UInt8],
        reason: String
    ) async throws {
        let node = try await listener()
        let rogue = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await rogue.send(bytes)
        #expect(await eventually { node.log.contains("warning", "node-1", reason) }, "\(what)")
        #expect(await eventually { rogue.isClosed })
        #expect(await node.watcher.events.isEmpty)
        await node.mesh.shutdown()
    }

    @Test(arguments: [
        ("an unknown kind", [0, 0, 0, 1, 99, 0] as [UInt8], "kind 99"),
        ("a second hello", RoguePeer.wire(0xF0, [1]), "kind 240"),
        ("a reserved kind", [0, 0, 0, 0, 0xFE], "kind 254"),
        // Only the header is sent: the refusal cannot wait for the payload.
        (
            "one byte too many", [0, 0, 4, 1, 1],
            "1025 bytes in a frame of kind 1, the limit is 1024"
        ),
        ("four gigabytes", [0xFF, 0xFF, 0xFF, 0xFF, 3], "4294967295 bytes"),
    ])
    func `a connected member that breaks the protocol is disconnected and named`(
        what: String,
        bytes: [UInt8],
        reason: String
    ) async throws {
        let node = try await listener()
        let rogue = try await RoguePeer(port: node.port, seed: Cluster.seed(2))
        await rogue.sendHello()
        #expect(await node.watcher.wait { $0.events == [.connected(2)] })
        await rogue.send(bytes)
        #expect(await node.watcher.wait { $0.reasons(of: 2).count == 1 }, "\(what)")
        #expect(await node.watcher.reasons(of: 2).allSatisfy { $0.contains(reason) })
        #expect(await eventually { node.log.contains("warning", "node-2", reason) })
        #expect(await eventually { rogue.isClosed })
        await node.mesh.shutdown()
    }

    @Test func `whoever is silent before the hello is cut off`() async throws {
        var limits = Cluster.limits
        limits.handshakeTimeMax = .seconds(1)
        let node = try await listener(limits: limits)
        let silent = try await RoguePeer(port: node.port, seed: nil)
        let greetless = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        #expect(await eventually { silent.isClosed && greetless.isClosed })
        #expect(await eventually { node.log.contains("connection refused", "no handshake within") })
        #expect(await eventually { node.log.contains("node-1", "no handshake within") })
        await node.mesh.shutdown()
    }

    @Test func `a flood of half-open connections leaves room for members`() async throws {
        var limits = Cluster.limits
        limits.halfOpenPerAddressMax = 4
        let node = try await listener(limits: limits)
        var crowd: [RoguePeer] = []
        for _ in 0..<20 { crowd.append(try await RoguePeer(port: node.port, seed: nil)) }
        let refused = crowd
        #expect(await eventually { refused.filter(\.isClosed).count == 16 })
        #expect(await eventually { node.log.contains("too many unfinished handshakes") })
        for rogue in crowd { await rogue.close() }
        let member = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await member.sendHello()
        #expect(await node.watcher.wait { $0.events == [.connected(1)] })
        await node.mesh.shutdown()
    }

    @Test func `a second session of one member replaces the first and is named`() async throws {
        let node = try await listener()
        let first = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await first.sendHello()
        #expect(await node.watcher.wait { $0.events == [.connected(1)] })
        let second = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await second.sendHello()
        #expect(await node.watcher.wait { $0.events.count == 3 })
        #expect(await node.watcher.events.last == .connected(1))
        #expect(await eventually { first.isClosed })
        #expect(!second.isClosed)
        #expect(await eventually { node.log.contains("warning", "node-1", "newer connection") })
        await node.mesh.shutdown()
    }

    @Test func `a peer that falls silent is disconnected, a quiet one is not`() async throws {
        var limits = Cluster.limits
        limits.pingAfter = .milliseconds(200)
        limits.silenceMax = .seconds(2)
        let cluster = try await Cluster.start(2, limits: limits)
        let quiet = Watcher(cluster.meshes[0])
        let node = try await listener(limits: limits)
        let rogue = try await RoguePeer(port: node.port, seed: Cluster.seed(1))
        await rogue.sendHello()
        #expect(await node.watcher.wait { $0.reasons(of: 1).count == 1 })
        #expect(await node.watcher.reasons(of: 1).allSatisfy { $0.contains("silent") })
        #expect(await quiet.events == [.connected(1)])
        await node.mesh.shutdown()
        await cluster.shutdown()
    }
}
