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
            let text = String(decoding: try NodeHome.read(home.configurationFile), as: UTF8.self)
            var configuration: NodeConfiguration
            do throws(ConfigurationError) {
                configuration = try NodeConfiguration(yaml: text)
            } catch {
                throw HomeError(file: home.configurationFile, problem: error.description)
            }
            configuration.joinsByReplay = replay
            try adoptGenesis(home, origin: configuration.origin)
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

    /// Keeps the genesis statement in the home; another one than the one that is there is refused,
    /// and so is that of another ledger than the configuration names.
    private func adoptGenesis(_ home: NodeHome, origin: String) throws {
        guard let genesis else { return }
        let bytes = try NodeHome.read(genesis)
        if FileManager.default.fileExists(atPath: home.genesisFile) {
            guard try NodeHome.read(home.genesisFile) == bytes else {
                throw HomeError(
                    file: home.genesisFile,
                    problem:
                        "is another genesis than \(genesis): this home belongs to another ledger"
                )
            }
            return
        }
        let founded = try LedgerState.genesis(bytes).state.origin
        guard founded == origin else {
            throw HomeError(
                file: genesis,
                problem: "founds the ledger \(founded), but quotad.yaml names \(origin)"
            )
        }
        try NodeHome.write(bytes, to: home.genesisFile)
    }
}
