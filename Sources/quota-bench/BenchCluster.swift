import APIModel
import Client
import Foundation
import Ledger
import QuotaCrypto

/// Four `quotad` processes on loopback, in a folder of their own.
final class BenchCluster {
    /// One node.
    struct Node {
        let id: String
        let home: String
        let api: String
        let process: Process
    }

    static let origin = "quota.example/bench"
    static let agency = "agency-a"
    static let otherAgency = "agency-b"
    static let exporter = "exporter"

    let folder: String
    let nodes: [Node]

    private init(folder: String, nodes: [Node]) {
        self.folder = folder
        self.nodes = nodes
    }

    /// The addresses of all nodes.
    var addresses: [LedgerURL] { nodes.compactMap { LedgerURL($0.api) } }

    /// Founds a ledger, starts its nodes and waits until they reach each other.
    static func start(quotad: String, policy: String, catalogue: String) async throws
        -> BenchCluster
    {
        let folder = NSTemporaryDirectory() + "quota-bench-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let members = [
            (agency, "government", "US"), (otherAgency, "government", "NL"),
            ("agency-c", "government", "JP"), (exporter, "exporter", "US"),
        ]
        let base = Int.random(in: 20_000...30_000)
        for (place, (id, role, country)) in members.enumerated() {
            try run(
                quotad,
                [
                    "init", "--home", "\(folder)/\(id)", "--id", id, "--name", id, "--role", role,
                    "--country", country, "--origin", origin,
                    "--peer", "127.0.0.1:\(base + 2 * place)",
                    "--api", "127.0.0.1:\(base + 2 * place + 1)",
                ]
            )
        }
        let draft = "\(folder)/draft"
        try run(
            quotad,
            [
                "genesis", "draft", "--origin", origin, "--policy", policy, "--catalogue",
                catalogue, "--adopt-because", "A measurement with the policy as it is written.",
            ]
                + ["--card"] + members.map { "\(folder)/\($0.0)/card.cose" } + ["--out", draft]
        )
        for (id, _, _) in members {
            try run(
                quotad,
                [
                    "genesis", "sign", "--home", "\(folder)/\(id)", "--draft", draft,
                    "--out", "\(folder)/\(id).approval",
                ]
            )
        }
        try run(
            quotad,
            ["genesis", "assemble", "--home", "\(folder)/\(agency)", "--draft", draft]
                + ["--approval"] + members.map { "\(folder)/\($0.0).approval" }
                + ["--out", "\(folder)/genesis.cose"]
        )
        let nodes = try members.enumerated().map { place, member in
            let home = "\(folder)/\(member.0)"
            return Node(
                id: member.0,
                home: home,
                api: "http://127.0.0.1:\(base + 2 * place + 1)",
                process: try launch(
                    quotad,
                    ["run", "--home", home, "--genesis", "\(folder)/genesis.cose"],
                    log: "\(home).log"
                )
            )
        }
        let cluster = BenchCluster(folder: folder, nodes: nodes)
        do {
            try await cluster.waitUntilConnected()
        } catch {
            cluster.stop()
            throw error
        }
        return cluster
    }

    /// Ends the processes and removes the folder.
    func stop() {
        for node in nodes { node.process.terminate() }
        for node in nodes { node.process.waitUntilExit() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func waitUntilConnected() async throws {
        for address in addresses {
            try await LedgerClient.with(nodes: [address]) { client in
                for _ in 0..<300 {
                    if let status = try? await client.status(),
                        status.finality.reachable == self.nodes.count
                    {
                        return
                    }
                    try await Task.sleep(for: .milliseconds(100))
                }
                throw BenchError("\(address) does not reach its peers; see \(self.folder)")
            }
        }
    }

    private static func launch(_ program: String, _ arguments: [String], log: String?) throws
        -> Process
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        if let log {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
            process.standardError = FileHandle(forWritingAtPath: log)
        }
        try process.run()
        return process
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = try launch(program, arguments, log: nil)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("\(program) \(arguments.prefix(2).joined(separator: " ")) failed")
        }
    }
}

/// Why a run could not be measured.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
