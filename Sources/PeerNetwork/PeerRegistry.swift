import Logging
import NIOConcurrencyHelpers
import NIOCore

/// The open connections by peer, and what every connection shares.
final class PeerRegistry: Sendable {
    let limits: PeerLimits
    let chainID: [UInt8]
    let inbox: PeerInbox

    private let logger: Logger
    private let names: NIOLockedValueBox<[Int: String]>
    private let sessions = NIOLockedValueBox<[Int: PeerSession]>([:])
    private let strangers = NIOLockedValueBox(StrangerLog())

    init(
        chainID: [UInt8],
        peers: [PeerDescription],
        limits: PeerLimits,
        logger: Logger
    ) {
        self.limits = limits
        self.chainID = chainID
        self.logger = logger
        names = NIOLockedValueBox(
            Dictionary(peers.map { ($0.index, $0.id) }) { first, _ in first }
        )
        inbox = PeerInbox(
            peerCount: 1 + (peers.map(\.index).max() ?? 0),
            limits: limits
        )
    }

    /// Learns of new peers; the names of those that are gone are kept for the log.
    func take(_ peers: [PeerDescription]) {
        names.withLockedValue { names in
            for peer in peers { names[peer.index] = peer.id }
        }
        inbox.reserve(peerCount: 1 + (peers.map(\.index).max() ?? 0))
    }

    /// The open connection with `peer`.
    func session(with peer: Int) -> PeerSession? {
        sessions.withLockedValue { $0[peer] }
    }

    /// All open connections by index of the peer.
    var openSessions: [PeerSession] {
        sessions.withLockedValue { Array($0.values) }.sorted { $0.peer < $1.peer }
    }

    /// A connection came through its handshake; an older one with the same peer ends.
    func open(_ session: PeerSession) {
        let old = sessions.withLockedValue { sessions in
            let old = sessions.updateValue(session, forKey: session.peer)
            if let old { inbox.close(old, .replaced) }
            inbox.open(session)
            return old
        }
        logger.info("peer connected", metadata: ["peer": "\(name(session.peer))"])
        if let old {
            // Either its machine came back before we noticed, or two processes use one key.
            note(.replaced, peer: session.peer, address: nil)
            old.close(.replaced)
        }
    }

    /// The connection is over.
    func close(_ session: PeerSession, _ fault: PeerFault, address: SocketAddress?) {
        session.closeQueue()
        let wasCurrent = sessions.withLockedValue { sessions in
            guard sessions[session.peer] === session else { return false }
            sessions[session.peer] = nil
            inbox.close(session, fault)
            return true
        }
        if wasCurrent { note(fault, peer: session.peer, address: address) }
    }

    /// Logs the end of a connection; one that never had a peer is logged at most every ten seconds.
    func note(_ fault: PeerFault, peer: Int?, address: SocketAddress?) {
        var metadata: Logger.Metadata = ["reason": "\(fault)"]
        if let address { metadata["address"] = "\(address)" }
        guard let peer else {
            guard let missed = strangers.withLockedValue({ $0.admit(now: .now()) }) else { return }
            if missed > 0 { metadata["unlogged"] = "\(missed)" }
            logger.log(
                level: fault.isMisbehaviour ? .warning : .info,
                "connection refused",
                metadata: metadata
            )
            return
        }
        metadata["peer"] = "\(name(peer))"
        logger.log(
            level: fault.isMisbehaviour ? .warning : .info,
            "peer disconnected",
            metadata: metadata
        )
    }

    /// The member's id, for logs.
    func name(_ peer: Int) -> String { names.withLockedValue { $0[peer] } ?? "#\(peer)" }
}

/// Keeps a flood of strangers from flooding the log.
struct StrangerLog {
    private var next = NIODeadline.uptimeNanoseconds(0)
    private var burst = 0
    private var missed = 0

    /// How many went unlogged before this one, or `nil` when this one is not to be logged.
    mutating func admit(now: NIODeadline) -> Int? {
        if now >= next {
            next = now + .seconds(10)
            burst = 10
        }
        guard burst > 0 else {
            missed += 1
            return nil
        }
        burst -= 1
        defer { missed = 0 }
        return missed
    }
}
