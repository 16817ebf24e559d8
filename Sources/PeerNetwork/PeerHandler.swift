import NIOCore
import NIOSSL
import NIOTLS
import QuotaCrypto

/// One connection from its TLS handshake to its end.
///
/// Lives on its event loop: handshaking → greeting (hello sent, theirs awaited) → open → closed. Nothing of a peer is parsed
/// before TLS has proven its key, and no frame is accepted before its hello.
final class PeerHandler: ChannelDuplexHandler {
    typealias InboundIn = Frame
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Why the socket is left unread.
    enum Hold {
        case consumer
        case rate
    }

    private enum Phase {
        case handshaking
        case greeting(Int)
        case open(PeerSession)
        case closed
    }

    /// Bytes put together for one TLS write, so that small frames share a record.
    private static let writeBytesMin = 32 << 10

    private let registry: PeerRegistry
    private let pinned: PinnedPeer
    private let onHandshakeEnd: () -> Void

    private var context: ChannelHandlerContext?
    private var phase = Phase.handshaking
    private var deadline: Scheduled<Void>?
    private var heartbeat: Scheduled<Void>?
    private var bucket: TokenBucket?
    private var lastSent = NIODeadline.now()
    private var lastReceived = NIODeadline.now()
    private var holds: Set<Hold> = []
    private var isReadWanted = false

    /// Calls `onHandshakeEnd` once, when the hello has come or the connection is over.
    init(registry: PeerRegistry, pinned: PinnedPeer, onHandshakeEnd: @escaping () -> Void) {
        self.registry = registry
        self.pinned = pinned
        self.onHandshakeEnd = onHandshakeEnd
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let limit = registry.limits.handshakeTimeMax
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
            self.fail(.handshakeTimeout(limit))
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.closedByPeer)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(pinned.fault ?? .closedByPeer)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let fault as PeerFault: fail(fault)
        case let error as NIOSSLError where error == .uncleanShutdown: fail(.closedByPeer)
        case is NIOSSLError, is BoringSSLError: fail(pinned.fault ?? .tls("\(error)"))
        default: fail(.connection("\(error)"))
        }
    }

    /// Ends the connection and, where it can still be heard, says why.
    func fail(_ fault: PeerFault) {
        guard let context else { return }
        switch (phase, fault) {
        case (.closed, _): return
        case (.handshaking, _), (_, .goodbye): break
        default: send(ControlKind.goodbye, Array("\(fault)".utf8.prefix(200)))
        }
        end(fault)
        context.close(promise: nil)
    }

    private func end(_ fault: PeerFault) {
        let address = context?.remoteAddress
        switch phase {
        case .closed: return
        case .handshaking:
            registry.note(fault, peer: pinned.peer ?? pinned.dialled, address: address)
        case .greeting(let peer): registry.note(fault, peer: peer, address: address)
        case .open(let session): registry.close(session, fault, address: address)
        }
        if case .open = phase {} else { onHandshakeEnd() }
        phase = .closed
        deadline?.cancel()
        heartbeat?.cancel()
        holds = []
    }

    // MARK: Handshake

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, case .handshaking = phase {
            guard let peer = pinned.peer else { return fail(pinned.fault ?? .notEd25519) }
            phase = .greeting(peer)
            send(ControlKind.hello, Hello(chainID: registry.chainID).encoded)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func greet(_ frame: Frame, peer: Int, context: ChannelHandlerContext) {
        do throws(PeerFault) {
            let hello = try Hello(decoding: frame.payload)
            guard hello.chainID == registry.chainID else {
                throw PeerFault.otherChain(
                    theirs: Hex.encode(hello.chainID),
                    ours: Hex.encode(registry.chainID)
                )
            }
        } catch {
            return fail(error)
        }
        let limits = registry.limits
        let session = PeerSession(
            peer: peer,
            limits: limits,
            eventLoop: context.eventLoop,
            handler: self
        )
        phase = .open(session)
        deadline?.cancel()
        bucket = limits.inboundRate.map { TokenBucket(rate: $0, now: .now()) }
        scheduleBeat(on: context.eventLoop)
        onHandshakeEnd()
        registry.open(session)
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastReceived = .now()
        switch phase {
        case .handshaking: fail(.helloExpected(kind: frame.kind))
        case .greeting(let peer): greet(frame, peer: peer, context: context)
        case .open(let session): receive(frame, session: session)
        case .closed: break
        }
    }

    private func receive(_ frame: Frame, session: PeerSession) {
        if let pause = bucket?.take(frame.wireBytes, now: lastReceived),
            holds.insert(.rate).inserted
        {
            waitForRate(pause)
        }
        switch frame.kind {
        case ControlKind.ping: break  // That it came is all that it says.
        case ControlKind.goodbye: fail(.goodbye(PeerFault.printable(frame.payload)))
        default:
            guard let kind = registry.limits.kinds[frame.kind] else { return }
            if !registry.inbox.push(frame, lane: kind.lane, from: session) {
                holds.insert(.consumer)
            }
        }
    }

    func read(context: ChannelHandlerContext) {
        guard holds.isEmpty else {
            isReadWanted = true
            return
        }
        context.read()
    }

    /// Leaves the socket unread until the bucket has made up for all that one read brought along.
    private func waitForRate(_ pause: TimeAmount) {
        context?.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            if let pause = self.bucket?.take(0, now: .now()) {
                self.waitForRate(pause)
            } else {
                self.resume(.rate)
            }
        }
    }

    /// Reads from the socket again once nothing else holds it.
    func resume(_ hold: Hold) {
        holds.remove(hold)
        guard holds.isEmpty, isReadWanted else { return }
        isReadWanted = false
        lastReceived = .now()
        context?.read()
    }

    // MARK: Sending

    /// Writes what waits, most urgent first, for as long as the socket takes it.
    func drain() {
        guard case .open(let session) = phase, let context else { return }
        while context.channel.isWritable {
            var buffer = context.channel.allocator.buffer(capacity: 0)
            guard session.take(into: &buffer, bytesMin: PeerHandler.writeBytesMin) else { return }
            lastSent = .now()
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    private func send(_ kind: UInt8, _ payload: [UInt8]) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: Frame.headerBytes + payload.count)
        Frame(kind: kind, payload: payload).write(to: &buffer)
        lastSent = .now()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func scheduleBeat(on eventLoop: any EventLoop) {
        let pause = TimeAmount(registry.limits.pingAfter)
        heartbeat = eventLoop.assumeIsolated().scheduleTask(in: pause) { self.beat() }
    }

    private func beat() {
        guard case .open = phase, let context else { return }
        scheduleBeat(on: context.eventLoop)
        let now = NIODeadline.now()
        let silenceMax = registry.limits.silenceMax
        // While we leave the socket unread, silence says nothing about the peer.
        if holds.isEmpty, now - lastReceived > TimeAmount(silenceMax) {
            return fail(.silent(silenceMax))
        }
        if now - lastSent >= TimeAmount(registry.limits.pingAfter) {
            send(ControlKind.ping, [])
        }
    }
}
