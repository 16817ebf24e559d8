import NIOCore
import NIOPosix
import NIOSSL

@testable import PeerNetwork

/// A peer that speaks TCP, or TLS with a key of its choice, and then whatever a test makes it say.
struct RoguePeer {
    private let channel: any Channel

    /// Connects; with a seed as a TLS client that holds this key, else as plain TCP.
    init(port: Int, seed: [UInt8]?) async throws {
        let identity = try seed.map { try TransportIdentity(seed: $0) }
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let identity else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(
                            context: identity.clientContext,
                            serverHostname: nil,
                            customVerificationCallback: { _, promise in
                                promise.succeed(.certificateVerified)
                            }
                        )
                    )
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// Sends bytes; errors show when the other side has closed.
    func send(_ bytes: [UInt8]) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends a proper hello.
    func sendHello(chainID: [UInt8] = Cluster.chainID) async {
        await send(RoguePeer.wire(0xF0, Hello(chainID: chainID).encoded))
    }

    var isClosed: Bool { !channel.isActive }

    func close() async { try? await channel.close().get() }

    static func wire(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        Frame(kind: kind, payload: payload).write(to: &buffer)
        return Array(buffer: buffer)
    }
}
