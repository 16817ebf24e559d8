import APIModel
import CBOR
import Client
import Foundation
import Ledger
import QuotaCrypto
import QuotaRules

/// Signed claims, all against the cap of one country, and their way to finality.
struct BenchWorkload {
    private let cluster: BenchCluster
    private let agencyKey: Ed25519.PrivateKey
    private let otherAgencyKey: Ed25519.PrivateKey
    private let exporterKey: Ed25519.PrivateKey
    private let now = UInt64(Date().timeIntervalSince1970)

    private static let consignee = "bench-consignee"
    private static let path = "/v1/submit?wait=1"

    init(_ cluster: BenchCluster) throws {
        self.cluster = cluster
        agencyKey = try Self.key(of: BenchCluster.agency, in: cluster)
        otherAgencyKey = try Self.key(of: BenchCluster.otherAgency, in: cluster)
        exporterKey = try Self.key(of: BenchCluster.exporter, in: cluster)
    }

    private static func key(
        of member: String,
        in cluster: BenchCluster
    ) throws -> Ed25519.PrivateKey {
        try MemberHome(path: "\(cluster.folder)/\(member)").statementKey()
    }

    /// Registers the consignee.
    func prepare() async throws {
        let organisation = OrganisationBody(
            id: Self.consignee,
            location: "KE",
            headquarters: "KE",
            parent: nil,
            name: .zero
        )
        var draft = StatementDraft(
            .organisation(organisation),
            issuer: BenchCluster.agency,
            audience: BenchCluster.origin,
            issuedAt: now
        )
        draft.approvals = [
            draft.approval(by: BenchCluster.otherAgency, at: now, with: otherAgencyKey)
        ]
        let statement = try draft.signed(with: agencyKey)
        try await submit([[statement.bytes]], concurrency: 1)
    }

    /// `count` signed claims in batches.
    func sign(count: Int, batch: Int) throws -> [[[UInt8]]] {
        let claims = try (0..<count).map { try claim("t-\($0)").bytes }
        return stride(from: 0, to: count, by: batch).map {
            Array(claims[$0..<min($0 + batch, count)])
        }
    }

    /// The seconds from submission to final receipt of claims sent one after the other.
    func latencies(count: Int) async throws -> [Double] {
        let clock = ContinuousClock()
        return try await LedgerClient.with(nodes: [cluster.addresses[0]]) { client in
            var seconds: [Double] = []
            for number in 0..<count {
                let claim = try claim("l-\(number)")
                let start = clock.now
                let answer = try await client.fetch(
                    "/entries",
                    post: LedgerClient.Body(claim.bytes, type: "application/cose")
                )
                guard answer.status == 201 else {
                    throw BenchError("a claim was answered \(answer.status)")
                }
                seconds.append(start.duration(to: clock.now) / .seconds(1))
            }
            return seconds
        }
    }

    /// Submits batches to all nodes in turn, and returns the seconds until the last is final.
    @discardableResult
    func submit(_ batches: [[[UInt8]]], concurrency: Int) async throws -> Double {
        let clients = try cluster.addresses.map { try LedgerClient(nodes: [$0]) }
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, batch) in batches.enumerated() {
                    if number >= concurrency { try await group.next() }
                    let client = clients[number % clients.count]
                    group.addTask { try await Self.submit(batch, to: client) }
                }
                try await group.waitForAll()
            }
        } catch {
            for client in clients { try? await client.shutdown() }
            throw error
        }
        let seconds = start.duration(to: clock.now) / .seconds(1)
        for client in clients { try await client.shutdown() }
        return seconds
    }

    /// Submits one batch and repeats what is not final yet.
    private static func submit(_ batch: [[UInt8]], to client: LedgerClient) async throws {
        var open = batch
        while !open.isEmpty {
            let body = CBORValue.array(open.map(CBORValue.bytes)).encoded()
            let answer = try await client.fetch(
                path,
                accept: "application/json",
                post: LedgerClient.Body(body, type: "application/cbor")
            )
            let outcomes = try JSONDecoder().decode(
                [SubmissionOutcome].self,
                from: Data(answer.body)
            )
            var next: [[UInt8]] = []
            for (statement, outcome) in zip(open, outcomes) {
                switch outcome {
                case .final: continue
                case .pending, .poolFull: next.append(statement)
                case .refused(let refusal): throw BenchError("refused: \(refusal.message)")
                }
            }
            open = next
        }
    }

    private func claim(_ id: String) throws -> Statement {
        let body = ClaimBody(
            authority: "LICENSE",
            destination: "KE",
            parties: [.init(role: "ultimate_consignee", organisation: Self.consignee)],
            lines: [ClaimLine(sku: "l4", quantity: 1)],
            exported: try Self.exported()
        )
        return try StatementDraft(
            .claim(body),
            id: id,
            issuer: BenchCluster.exporter,
            audience: BenchCluster.origin,
            issuedAt: now
        ).signed(with: exporterKey)
    }

    private static func exported() throws -> CalendarDate {
        guard let date = CalendarDate("2026-06-15") else { throw BenchError("bad date") }
        return date
    }
}
