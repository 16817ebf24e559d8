package import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Connections with all named peers over TLS 1.3, both sides proven by the keys on the member list.
///
/// Of each pair one dials, for ever; the other one listens. A connection that comes later replaces an
/// earlier one. Who the peers are, and the own key, can change while it runs: ``update(peers:identity:)``. Frames are delivered in order within a lane, and may be
/// lost when a connection ends: whoever needs an answer asks again.
package final class PeerMesh: Sendable {
    /// This node's transport key: what the next connection is made with.
    let identity: NIOLockedValueBox<TransportIdentity>
    let registry: PeerRegistry
    let logger: Logger
    let group: MultiThreadedEventLoopGroup
    let peers: NIOLockedValueBox<[Int: PeerDescription]>
    let halfOpen: NIOLockedValueBox<HalfOpenCount>
    private let listenAddress: (host: String, port: Int)
    private let running = NIOLockedValueBox(Running())

    /// What shutdown has to end.
    private struct Running {
        var listener: (any Channel)?
        var dials: [Int: Task<Void, Never>] = [:]
        var isStarted = false
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopped = false
    }

    /// Prepares the mesh; nothing is opened before ``start()``.
    ///
    /// - Parameters:
    ///   - identity: this node's transport key.
    ///   - host: address to listen on.
    ///   - port: TCP port to listen on; 0 lets the system choose.
    ///   - chainID: identifies the ledger, at most 64 bytes; peers with another one are refused.
    ///   - peers: the other members' nodes.
    ///   - limits: every bound of the port.
    ///   - threads: event loops; one serves a ledger of some fifty nodes.
    ///   - logger: where connections come and go, and peers are named that break a bound.
    package init(
        identity: TransportIdentity,
        host: String,
        port: Int,
        chainID: [UInt8],
        peers: [PeerDescription],
        limits: PeerLimits,
        threads: Int = 1,
        logger: Logger
    ) {
        self.identity = NIOLockedValueBox(identity)
        self.logger = logger
        listenAddress = (host, port)
        self.peers = NIOLockedValueBox(
            Dictionary(peers.map { ($0.index, $0) }) { first, _ in first }
        )
        registry = PeerRegistry(chainID: chainID, peers: peers, limits: limits, logger: logger)
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        halfOpen = NIOLockedValueBox(
            HalfOpenCount(
                max: limits.halfOpenMax,
                perAddressMax: max(limits.halfOpenPerAddressMax, peers.count)
            )
        )
    }

    /// Listens, without dialling yet; returns the port.
    ///
    /// - Throws: ``PeerMeshError/listen(_:_:)``.
    @discardableResult
    package func listen() async throws -> Int {
        if let port = running.withLockedValue({ $0.listener?.localAddress?.port }) { return port }
        do {
            let listener = try await bind(listenAddress.host, listenAddress.port)
            running.withLockedValue { $0.listener = listener }
            let port = listener.localAddress?.port ?? listenAddress.port
            logger.info(
                "listening for peers",
                metadata: ["host": "\(listenAddress.host)", "port": "\(port)"]
            )
            return port
        } catch {
            throw PeerMeshError.listen("\(listenAddress.host):\(listenAddress.port)", "\(error)")
        }
    }

    /// Listens, and dials from now on.
    package func start() async throws {
        try await listen()
        running.withLockedValue { $0.isStarted = true }
        dialAll()
    }

    /// Dials every peer that is to be dialled and is not yet.
    private func dialAll() {
        let dialled = peers.withLockedValue { $0.values.filter(\.isDialled).map(\.index).sorted() }
        running.withLockedValue { running in
            guard running.isStarted, !running.isStopped else { return }
            for peer in dialled where running.dials[peer] == nil {
                running.dials[peer] = Task { await self.keepDialling(peer) }
            }
        }
    }

    /// Takes another list of peers, and another own key, from now on.
    ///
    /// Connections with who is no longer a peer end. Where the own key changes all end, and are made
    /// anew with the new one.
    package func update(peers described: [PeerDescription], identity new: TransportIdentity) {
        let isOtherKey = identity.withLockedValue { identity in
            defer { identity = new }
            return identity.publicKey != new.publicKey
        }
        let next = Dictionary(described.map { ($0.index, $0) }) { first, _ in first }
        let gone = peers.withLockedValue { peers in
            defer { peers = next }
            return peers.keys.filter { next[$0] == nil }
        }
        registry.take(described)
        let dials = running.withLockedValue { running in
            let kept = running.dials.filter { next[$0.key]?.isDialled == true }
            let ended = running.dials.filter { kept[$0.key] == nil }
            running.dials = kept
            return ended.values
        }
        for dial in dials { dial.cancel() }
        for session in registry.openSessions where isOtherKey || gone.contains(session.peer) {
            session.close(
                .requested(isOtherKey ? "the key of this node changes" : "no longer a peer")
            )
        }
        dialAll()
    }

    /// What happens, most urgent first.
    ///
    /// Taking slowly leaves the peers' sockets unread, nothing more. One reader at a time; ends after ``shutdown()``.
    package var events: AsyncStream<PeerEvent> {
        let inbox = registry.inbox
        return AsyncStream { await inbox.next() }
    }

    /// Queues `frame` for `peer`, from any thread.
    ///
    /// - Returns: false when the frame was dropped: the peer is not connected, its lane is full, or the
    ///   kind does not exist or does not allow so many bytes.
    @discardableResult
    package func send(_ frame: Frame, to peer: Int) -> Bool {
        guard let kind = registry.limits.kinds[frame.kind], frame.payload.count <= kind.bytesMax,
            let session = registry.session(with: peer)
        else { return false }
        return session.offer(frame, kind: kind)
    }

    /// Indices of the peers connected now, ascending.
    package func connectedPeers() -> [Int] {
        registry.openSessions.map(\.peer)
    }

    /// Ends the connection with `peer`, telling it why; the dialling side tries again.
    package func disconnect(_ peer: Int, reason: String) {
        registry.session(with: peer)?.close(.requested(reason))
    }

    /// Dials `peer` at another address from the next attempt on.
    package func relocate(_ peer: Int, host: String, port: Int) {
        peers.withLockedValue { peers in
            peers[peer]?.host = host
            peers[peer]?.port = port
        }
    }

    /// Says goodbye to all peers, closes everything and ends ``events``.
    package func shutdown() async {
        let (running, isFirst) = running.withLockedValue { running in
            defer {
                running.isStopped = true
                running.dials = [:]
            }
            return (running, !running.isStopped)
        }
        guard isFirst else { return }
        for dial in running.dials.values { dial.cancel() }
        try? await running.listener?.close()
        for session in registry.openSessions { session.close(.shutdown) }
        for channel in running.channels.values {
            // Through the pipeline, so that TLS closes in order; its own time limit bounds the wait.
            channel.close(promise: nil)
        }
        for channel in running.channels.values { try? await channel.closeFuture.get() }
        for dial in running.dials.values { await dial.value }
        registry.inbox.finish()
        try? await group.shutdownGracefully()
    }

    /// Remembers an open channel; false when the mesh has stopped.
    func track(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isTracked = running.withLockedValue { running in
            guard !running.isStopped else { return false }
            running.channels[id] = channel
            return true
        }
        channel.closeFuture.whenComplete { _ in
            self.running.withLockedValue { $0.channels[id] = nil }
        }
        return isTracked
    }
}

/// Why the mesh cannot start.
package enum PeerMeshError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address cannot be listened on.
    case listen(String, String)

    /// One line for people.
    package var description: String {
        switch self {
        case .listen(let address, let problem): "cannot listen for peers on \(address): \(problem)"
        }
    }
}
