package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import ServiceLifecycle

/// The public listener of a node: tlog-tiles, SCRAPI and `/v1` over one ``NodeBackend``.
package struct APIServer: Sendable {
    private let backend: any NodeBackend
    private let configuration: APIConfiguration
    private let logger: Logger

    /// Makes a server; it does not listen before its service runs.
    package init(backend: any NodeBackend, configuration: APIConfiguration, logger: Logger) {
        self.backend = backend
        self.configuration = configuration
        self.logger = logger
    }

    /// The server as a service, to be run by a service group.
    ///
    /// `onListening` is called once with the port that was bound.
    package func service(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> any Service {
        application(onListening: onListening)
    }

    /// The server as a Hummingbird application.
    package func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: APILimits.headerFieldBytesMax,
            maxHeaderListSize: APILimits.headerBytesMax,
            maxHeaderFieldCount: APILimits.headerCountMax
        )
        let channel = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Int64(configuration.idleSecondsMax)),
            httpDecoderConfiguration: decoder
        )
        return Application(
            router: router(),
            server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.connectionsMax,
                    logger: logger
                )
            ),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: logger
        )
    }

    private func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: RequestGate(requestsMax: configuration.requestsMax))
        let bodies = BodyReader(
            bytesMax: configuration.bodyBytesMax,
            secondsMax: configuration.bodySecondsMax
        )
        HealthRoutes(backend: backend).add(to: router)
        TileRoutes(backend: backend).add(to: router)
        RegistrationRoutes(backend: backend, bodies: bodies).add(to: router)
        WitnessRoutes(backend: backend, bodies: bodies).add(to: router)
        ReceiptKeyRoutes(backend: backend).add(to: router)
        SubmitRoutes(backend: backend, bodies: bodies).add(to: router)
        StateRoutes(backend: backend).add(to: router)
        GovernanceRoutes(backend: backend).add(to: router)
        StatementRoutes(backend: backend).add(to: router)
        ProofRoutes(backend: backend).add(to: router)
        ExplorerRoutes(backend: backend).add(to: router)
        return router
    }
}
