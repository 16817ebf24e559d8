import Logging
import PeerNetwork
import QuotaCrypto
import Synchronization

/// Nodes on loopback that know each other, for one test.
struct Cluster {
    static let chainID = Array("quota.example/test".utf8)
    static let vote: UInt8 = 1
    static let transaction: UInt8 = 2
    static let block: UInt8 = 3

    static var limits: PeerLimits {
        var limits = PeerLimits(kinds: [
            vote: PeerLimits.Kind(lane: 0, bytesMax: 1024),
            block: PeerLimits.Kind(lane: 1, bytesMax: 1 << 20),
            transaction: PeerLimits.Kind(lane: 2, bytesMax: 64 << 10),
        ])
        limits.retryMin = .milliseconds(20)
        limits.retryMax = .milliseconds(200)
        return limits
    }

    var meshes: [PeerMesh] = []
    var logs: [LogRecord] = []

    static func seed(_ index: Int) -> [UInt8] {
        Array(repeating: UInt8(index + 1), count: 32)
    }

    /// The node with the higher index dials.
    static func description(
        _ index: Int,
        seenBy own: Int,
        port: Int = 9
    ) throws -> PeerDescription {
        PeerDescription(
            index: index,
            id: "node-\(index)",
            transportKey: try TransportIdentity(seed: seed(index)).publicKey,
            host: "127.0.0.1",
            port: port,
            isDialled: index < own
        )
    }

    /// One node that expects `count` nodes in all; it does not listen yet.
    static func mesh(
        _ index: Int,
        of count: Int,
        seed: [UInt8]? = nil,
        chainID: [UInt8] = Cluster.chainID,
        limits: PeerLimits = Cluster.limits,
        port: Int = 0,
        log: LogRecord = LogRecord()
    ) throws -> PeerMesh {
        PeerMesh(
            identity: try TransportIdentity(seed: seed ?? Cluster.seed(index)),
            host: "127.0.0.1",
            port: port,
            chainID: chainID,
            peers: try (0..<count).filter { $0 != index }.map {
                try description($0, seenBy: index)
            },
            limits: limits,
            logger: Logger(label: "node-\(index)") { _ in log }
        )
    }

    /// `count` nodes that listen, know each other's ports and dial.
    static func start(
        _ count: Int,
        limits: PeerLimits = Cluster.limits
    ) async throws -> Cluster {
        var cluster = Cluster()
        for index in 0..<count {
            cluster.logs.append(LogRecord())
            cluster.meshes.append(
                try mesh(index, of: count, limits: limits, log: cluster.logs[index])
            )
        }
        for (index, mesh) in cluster.meshes.enumerated() {
            let port = try await mesh.listen()
            for other in cluster.meshes {
                other.relocate(index, host: "127.0.0.1", port: port)
            }
        }
        for mesh in cluster.meshes { try await mesh.start() }
        return cluster
    }

    func shutdown() async {
        for mesh in meshes { await mesh.shutdown() }
    }
}

/// What a mesh reported, in order.
actor Watcher {
    private(set) var events: [PeerEvent] = []

    /// Takes events until the mesh stops.
    init(_ mesh: PeerMesh) {
        Task { [weak self] in
            for await event in mesh.events { await self?.record(event) }
        }
    }

    private func record(_ event: PeerEvent) { events.append(event) }

    var frames: [Frame] {
        events.compactMap { if case .frame(_, let frame) = $0 { frame } else { nil } }
    }

    func reasons(of peer: Int) -> [String] {
        events.compactMap { event in
            if case .disconnected(peer, let reason) = event { reason } else { nil }
        }
    }

    /// Waits until `condition` holds; false after ten seconds.
    func wait(_ condition: @Sendable (isolated Watcher) -> Bool) async -> Bool {
        for _ in 0..<2000 {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition(self)
    }
}

/// Waits until `condition` holds; false after ten seconds.
func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
    for _ in 0..<2000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

/// A log that a test can read.
final class LogRecord: LogHandler, Sendable {
    private let stored = Mutex<[String]>([])

    var lines: [String] { stored.withLock { $0 } }

    func contains(_ parts: String...) -> Bool {
        lines.contains { line in parts.allSatisfy { line.contains($0) } }
    }

    func log(event: LogEvent) {
        let metadata = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted()
        let line = ([event.level.rawValue, "\(event.message)"] + metadata).joined(separator: " ")
        stored.withLock { $0.append(line) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .debug }
        set {}
    }
}
