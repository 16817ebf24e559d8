/// What the mesh tells the node about its peers.
///
/// For each peer the order is: connected, its frames, disconnected.
package enum PeerEvent: Hashable, Sendable {
    /// The peer with this index is authenticated, speaks our protocol and is on our ledger.
    case connected(Int)

    /// The connection ended; a new one is tried for ever.
    case disconnected(Int, reason: String)

    /// A message from the peer, within the limits of its kind.
    case frame(from: Int, Frame)
}
