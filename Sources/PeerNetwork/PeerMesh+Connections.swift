import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

extension PeerMesh {
    /// Bytes that may wait in a socket's write buffer; what is above waits in lanes, by urgency.
    private static let writeBuffer = ChannelOptions.Types.WriteBufferWaterMark(
        low: 64 << 10,
        high: 256 << 10
    )

    // MARK: Listening

    func bind(_ host: String, _ port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: PeerMesh.writeBuffer)
            .childChannelInitializer { channel in self.accept(channel) }
            .bind(host: host, port: port)
            .get()
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress?.ipAddress ?? ""
        guard halfOpen.withLockedValue({ $0.admit(address) }) else {
            registry.note(
                .connection("too many unfinished handshakes"),
                peer: nil,
                address: channel.remoteAddress
            )
            return channel.eventLoop.makeFailedFuture(ChannelError.connectTimeout(.zero))
        }
        let dialling = peers.withLockedValue { peers in
            peers.values.filter { !$0.isDialled }
                .flatMap { peer in peer.keys.map { ($0, peer.index) } }
        }
        return add(
            to: channel,
            pinned: PinnedPeer(accepted: Dictionary(dialling) { first, _ in first }),
            tls: { [identity = identity.withLockedValue { $0 }] pinned in
                NIOSSLServerHandler(
                    context: identity.serverContext,
                    customVerificationCallback: { chain, promise in
                        promise.succeed(pinned.judge(chain))
                    }
                )
            },
            onHandshakeEnd: { [halfOpen] in halfOpen.withLockedValue { $0.release(address) } }
        )
    }

    // MARK: Dialling

    /// Dials `peer`, waits for the end of the connection, and begins again until cancelled.
    func keepDialling(_ peer: Int) async {
        let limits = registry.limits
        var pause = limits.retryMin
        while !Task.isCancelled {
            let began = ContinuousClock.now
            do {
                try await dial(peer).closeFuture.get()
            } catch {
                log(error, peer: peer, isFirst: pause == limits.retryMin)
            }
            if ContinuousClock.now - began > limits.retryMax { pause = limits.retryMin }
            // Up to a quarter more, so that nodes which lost a peer together do not return together.
            try? await Task.sleep(for: pause + pause * Int.random(in: 0...25) / 100)
            pause = min(pause * 2, limits.retryMax)
        }
    }

    private func dial(_ peer: Int) async throws -> any Channel {
        guard let description = peers.withLockedValue({ $0[peer] }) else {
            throw PeerFault.requested("not a member")
        }
        return try await ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(registry.limits.handshakeTimeMax))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: PeerMesh.writeBuffer)
            .channelInitializer { channel in
                self.add(
                    to: channel,
                    pinned: PinnedPeer(dialled: peer, keys: description.keys),
                    tls: { [identity = self.identity.withLockedValue { $0 }] pinned in
                        try NIOSSLClientHandler(
                            context: identity.clientContext,
                            serverHostname: nil,
                            customVerificationCallback: { chain, promise in
                                promise.succeed(pinned.judge(chain))
                            }
                        )
                    },
                    onHandshakeEnd: {}
                )
            }
            .connect(host: description.host, port: description.port)
            .get()
    }

    private func log(_ error: any Error, peer: Int, isFirst: Bool) {
        logger.log(
            level: isFirst ? .info : .debug,
            "peer cannot be reached, trying on",
            metadata: ["peer": "\(registry.name(peer))", "reason": "\(error)"]
        )
    }

    // MARK: Both

    /// Puts TLS, framing and the handler on a channel, on its event loop.
    private func add(
        to channel: any Channel,
        pinned: PinnedPeer,
        tls: (PinnedPeer) throws -> NIOSSLHandler,
        onHandshakeEnd: @escaping () -> Void
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            guard track(channel) else { throw ChannelError.alreadyClosed }
            try pipeline.addHandler(tls(pinned))
            try pipeline.addHandler(ByteToMessageHandler(FrameDecoder(limits: registry.limits)))
            try pipeline.addHandler(
                PeerHandler(registry: registry, pinned: pinned, onHandshakeEnd: onHandshakeEnd)
            )
        }
    }
}
