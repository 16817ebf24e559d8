import Transparency

/// The bounds of the public listener, each with its unit.
package enum APILimits {
    /// The most bytes of one statement: what a log entry may have.
    package static let statementBytesMax = 65_535
    /// The most statements of one batch.
    package static let batchStatementsMax = 1_000
    /// The most bytes of one batch.
    package static let batchBytesMax = 8 << 20
    /// The most bytes of a request to cosign a checkpoint.
    package static let witnessBytesMax = WitnessRequest.byteCountMax
    /// The most bytes of one dry run.
    package static let dryRunBytesMax = 4 << 20
    /// The most bytes of a request target.
    package static let targetBytesMax = 2_048
    /// The most bytes of one header field.
    package static let headerFieldBytesMax = 8_192
    /// The most bytes of all header fields.
    package static let headerBytesMax = 16_384
    /// The most header fields.
    package static let headerCountMax = 64
    /// The most bytes of a refused body that are read off before the connection is closed.
    package static let drainBytesMax = 1 << 20
    /// The most characters of a query value.
    package static let queryValueMax = 256
}

/// What an operator may set of the public listener.
package struct APIConfiguration: Hashable, Sendable {
    /// The address to listen on.
    package var host: String
    /// The port, 0 for any free one.
    package var port: Int
    /// Connections beyond these wait in the accept queue.
    package var connectionsMax = 4_096
    /// Requests beyond these are answered 503.
    package var requestsMax = 1_024
    /// Bytes of request bodies held at once; what would exceed them is answered 429.
    package var bodyBytesMax = 64 << 20
    /// Seconds that a body may take to arrive.
    package var bodySecondsMax = 30
    /// Seconds after which a silent connection is closed.
    package var idleSecondsMax = 60

    /// Makes a configuration with the usual bounds.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
