import ArgumentParser
import Client
import Foundation
import Ledger
import Logging
import NodeService
import ServiceLifecycle
import UnixSignals

/// Runs a node.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the node until SIGTERM or SIGINT.",
        discussion: """
            The first start takes the genesis file and keeps a copy in the home. Logs are JSON lines \
            on standard error. `kill -9` at any moment loses nothing that was final or voted.
            """
    )

    @Option(help: "The node's home.")
    var home: String

    @Option(help: "The genesis statement, for the first start.")
    var genesis: String?

    @Flag(help: "Join by replaying every block, instead of by a snapshot of the state.")
    var replay = false

    func run() async throws {
        try await CommandFailure.reporting(code: 3) {
            let home = NodeHome(path: home)
            var configuration = try home.configuration()
            configuration.joinsByReplay = replay
            try home.adopt(genesis: genesis, origin: configuration.origin)
            LoggingSystem.bootstrap { JSONLineLogHandler(label: $0) }
            var logger = Logger(label: "quotad")
            logger.logLevel = configuration.logLevel
            let node = try Node(home: home, configuration: configuration, logger: logger)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [
                        .init(
                            service: node,
                            successTerminationBehavior: .gracefullyShutdownGroup
                        )
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger
                )
            )
            try await group.run()
        }
    }
}
