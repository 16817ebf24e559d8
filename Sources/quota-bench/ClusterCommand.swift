import ArgumentParser
import Client
import Foundation

/// Measures a four-node ledger on this machine.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Measures claims made final per second and the time to a final receipt.",
        discussion: """
            Starts four quotad processes on loopback in a temporary folder, and ends them. The figures \
            mean something only in a release build on an otherwise idle machine: use Node/bench.
            """
    )

    @Option(help: "Claims of the throughput run.")
    var claims = 20_000

    @Option(help: "Claims in one request, 1 to 1,000.")
    var batch = 250

    @Option(help: "Requests under way at once, over all nodes.")
    var requests = 16

    @Option(help: "Claims of the latency run, one after the other.")
    var singles = 300

    @Option(help: "The quotad program; beside this one if absent.")
    var quotad: String?

    @Option(help: "The policy file.")
    var policy = "Node/policies/us-ai-diffusion-2025.json"

    @Option(help: "The chip catalogue file.")
    var catalogue = "Node/catalogues/chips-2026.json"

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Flag(help: "Leave the nodes running until a line comes on standard input.")
    var keep = false

    func validate() throws {
        guard (1...1_000).contains(batch) else { throw ValidationError("--batch: 1 to 1,000") }
        guard claims >= batch else { throw ValidationError("--claims: at least one batch") }
        guard (1...256).contains(requests) else { throw ValidationError("--requests: 1 to 256") }
        guard (10...100_000).contains(singles) else {
            throw ValidationError("--singles: 10 to 100,000")
        }
    }

    func run() async throws {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = quotad ?? beside.appendingPathComponent("quotad").path
        say("founding a ledger of four nodes")
        let cluster = try await BenchCluster.start(
            quotad: program,
            policy: policy,
            catalogue: catalogue
        )
        do {
            let report = try await measure(cluster)
            print(json ? try report.json() : report.text)
            if keep {
                say("the first node answers at \(cluster.nodes[0].api); a line ends the nodes")
                _ = readLine()
            }
            cluster.stop()
        } catch {
            cluster.stop()
            throw error
        }
    }

    private func measure(_ cluster: BenchCluster) async throws -> BenchReport {
        say("measuring Ed25519 verification")
        let verification = try SignatureRate.measure()
        let workload = try BenchWorkload(cluster)
        try await workload.prepare()
        say("latency: \(singles) claims, one after the other")
        let latencies = try await workload.latencies(count: singles)
        say("signing \(claims) claims")
        let batches = try workload.sign(count: claims, batch: batch)
        say("throughput: \(claims) claims in requests of \(batch)")
        let seconds = try await workload.submit(batches, concurrency: requests)
        return BenchReport(
            claims: claims,
            seconds: seconds,
            latencies: latencies,
            verification: verification,
            nodes: cluster.nodes.count,
            cores: ProcessInfo.processInfo.activeProcessorCount
        )
    }

    private func say(_ text: String) {
        FileHandle.standardError.write(Data("quota-bench: \(text)\n".utf8))
    }
}
