/// One member's node as the others know it: who it is, which key proves it, where it listens.
package struct PeerDescription: Hashable, Sendable {
    /// Names the link on this node; used for no other key while the mesh lives.
    package var index: Int

    /// Member id, for logs and for people.
    package var id: String

    /// The 32 bytes of the Ed25519 transport key on the member's card.
    package var transportKey: [UInt8]

    /// Another key that proves it as well, for a card that is newer than the list of members.
    package var otherKey: [UInt8]?

    /// Host name or address to dial.
    package var host: String

    /// TCP port to dial.
    package var port: Int

    /// Whether this node dials it, or waits to be dialled: the two ends must not agree.
    package var isDialled: Bool

    /// The keys that prove it.
    var keys: [[UInt8]] { [transportKey] + (otherKey.map { [$0] } ?? []) }

    /// Describes a peer.
    package init(
        index: Int,
        id: String,
        transportKey: [UInt8],
        otherKey: [UInt8]? = nil,
        host: String,
        port: Int,
        isDialled: Bool
    ) {
        self.isDialled = isDialled
        self.index = index
        self.id = id
        self.transportKey = transportKey
        self.otherKey = otherKey
        self.host = host
        self.port = port
    }
}
