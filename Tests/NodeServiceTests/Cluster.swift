import APIModel
import CBOR
import Foundation
import Ledger
import LedgerFixture
import Logging
import QuotaCrypto
import ServiceLifecycle
import TestSupport

@testable import NodeService

/// The homes of a ledger of four nodes on this machine: three governments and an exporter.
struct Cluster: Sendable {
    let fixture: LedgerFixture
    let genesis: Statement
    let folder: URL
    /// How often nodes sign an idle head again.
    var renewalSeconds = 300
    private let peerPorts: [Int]
    private let apiPorts: [Int]

    /// Makes four homes in a new folder, with ports that are free now.
    init() throws {
        fixture = try LedgerFixture()
        let ports = try FreePorts.take(2 * fixture.founders.count)
        peerPorts = Array(ports.prefix(fixture.founders.count))
        apiPorts = Array(ports.suffix(fixture.founders.count))
        folder = URL.temporaryDirectory
            .appending(path: "quota-nodes-\(Hex.encode(SecureRandom.bytes(6)))")
        genesis = try Self.genesis(fixture, peerPorts: peerPorts, apiPorts: apiPorts)
        for position in fixture.founders.indices {
            try makeHome(at: home(position).path, seed: fixture.founders[position].seed)
        }
    }

    /// Removes the folder.
    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    var positions: Range<Int> { fixture.founders.indices }

    func home(_ position: Int) -> NodeHome {
        NodeHome(path: folder.appending(path: fixture.founders[position].id).path)
    }

    func configuration(_ position: Int) throws -> NodeConfiguration {
        var configuration = try NodeConfiguration(
            member: fixture.founders[position].id,
            origin: LedgerFixture.origin,
            peerListen: Self.endpoint(peerPorts[position]),
            apiListen: Self.endpoint(apiPorts[position])
        )
        configuration.viewTimeoutMilliseconds = 400
        configuration.submissionWaitMilliseconds = 10_000
        configuration.renewalSeconds = renewalSeconds
        return configuration
    }

    /// Opens and starts the node at `position`.
    func start(_ position: Int) throws -> RunningNode {
        let node = try Node(
            home: home(position),
            configuration: try configuration(position),
            logger: Self.logger
        )
        return RunningNode(
            node,
            api: "http://127.0.0.1:\(apiPorts[position])",
            logger: Self.logger
        )
    }

    /// Opens and starts all nodes, and waits until each sees a quorum.
    func startAll() async throws -> [RunningNode] {
        let nodes = try positions.map { try start($0) }
        for node in nodes { try await node.becomesReady() }
        return nodes
    }

    /// Writes a genesis file and a seed into a home that is made if absent.
    func makeHome(at path: String, seed: SecretSeed, genesis other: Statement? = nil) throws {
        let home = NodeHome(path: path)
        try home.create()
        try NodeHome.write((other ?? genesis).bytes, to: home.genesisFile)
        try NodeHome.writeSeed(seed.bytes, to: home.nodeSeedFile)
    }

    /// Silent unless a failure is being looked into.
    static let logger: Logger = {
        guard ProcessInfo.processInfo.environment["QUOTA_TEST_LOG"] == nil else {
            return Logger(label: "nodes")
        }
        return Logger(label: "nodes") { _ in SwiftLogNoOpLogHandler() }
    }()

    private static func endpoint(_ port: Int) throws -> Endpoint {
        guard let endpoint = Endpoint("127.0.0.1:\(port)") else { throw NotFound("port \(port)") }
        return endpoint
    }

    private static func genesis(
        _ fixture: LedgerFixture,
        peerPorts: [Int],
        apiPorts: [Int]
    ) throws -> Statement {
        let cards = try zip(fixture.founders, zip(peerPorts, apiPorts)).map { founder, ports in
            let node = try NodeCard(
                seed: founder.seed,
                member: founder.id,
                origin: LedgerFixture.origin,
                peer: "127.0.0.1:\(ports.0)",
                api: "http://127.0.0.1:\(ports.1)"
            )
            let card = MemberCard(
                id: founder.id,
                name: "Member \(founder.id)",
                role: founder.role,
                country: founder.country,
                statementKey: founder.key.publicKey,
                node: node
            )
            return try StatementDraft(
                .member(card),
                issuer: founder.id,
                audience: LedgerFixture.origin,
                issuedAt: LedgerFixture.start
            ).signed(with: founder.key).bytes
        }
        let body = GenesisBody(
            origin: LedgerFixture.origin,
            time: LedgerFixture.start,
            members: cards,
            policy: FixtureRules.policy().encoded(),
            catalogue: FixtureRules.catalogue.encoded()
        )
        return try LedgerFixture.genesis(
            body,
            founders: fixture.founders,
            signer: fixture.government
        )
    }
}

// MARK: Statements of today

extension Cluster {
    /// The time that statements are made at: the nodes judge them by the clock.
    static var now: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }

    func organisation(_ id: String, in country: String) throws -> Statement {
        try fixture.statement(
            .organisation(
                OrganisationBody(
                    id: id,
                    location: country,
                    headquarters: country,
                    parent: nil,
                    name: SHA256.hash(Array(id.utf8))
                )
            ),
            by: fixture.government,
            at: Self.now,
            approvers: [fixture.otherGovernment]
        )
    }

    func claim(_ id: String, quantity: UInt64 = 1, to organisation: String = "org") throws
        -> Statement
    {
        try fixture.claim(
            id,
            to: organisation,
            in: "KE",
            quantity: quantity,
            at: Self.now
        )
    }
}

/// A node that runs in this process.
struct RunningNode: Sendable {
    let api: APICalls
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    init(_ node: Node, api: String, logger: Logger) {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: node, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                logger: logger
            )
        )
        self.group = group
        self.api = APICalls(url: api)
        task = Task { try await group.run() }
    }

    /// Waits until the node answers and a quorum of nodes is reachable.
    func becomesReady() async throws {
        try await eventually("\(api.url) is ready") {
            (try? await api.get("/health/ready"))?.status == 200
        }
    }

    /// Stops the node as SIGTERM does.
    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await task.value
    }
}

/// What a test looked for in vain.
struct NotFound: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) {
        description = "not found: \(what)"
    }
}

/// Waits until `condition` holds, at most half a minute.
func eventually(
    _ what: String,
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(25))
    }
    throw NotFound(what)
}
