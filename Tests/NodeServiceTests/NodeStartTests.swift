import Consensus
import Foundation
import Ledger
import LedgerFixture
import LedgerStore
import PeerNetwork
import QuotaCrypto
import Testing

@testable import NodeService

/// What keeps a node from starting, and what it says then.
@Suite struct NodeStartTests {
    private func withCluster(_ body: (Cluster) throws -> Void) throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        try body(cluster)
    }

    /// What a node in `home` says when it does not start.
    private func problem(
        _ cluster: Cluster,
        in home: NodeHome? = nil,
        _ change: (inout NodeConfiguration) throws -> Void = { _ in }
    ) throws -> String {
        var configuration = try cluster.configuration(0)
        try change(&configuration)
        do {
            _ = try Node(
                home: home ?? cluster.home(0),
                configuration: configuration,
                logger: Cluster.logger
            )
            return "it started"
        } catch {
            return "\(error)"
        }
    }

    @Test func `with everything in place it starts`() throws {
        try withCluster { cluster in
            let text = try problem(cluster)
            #expect(text == "it started")
        }
    }

    @Test func `a configuration of another ledger is refused`() throws {
        try withCluster { cluster in
            let text = try problem(cluster) { $0.origin = "quota.example/other" }
            #expect(text.contains("is of the ledger quota.example/test-2026"))
            #expect(text.contains("names quota.example/other"))
        }
    }

    @Test func `a member that is no validator follows`() throws {
        try withCluster { cluster in
            let text = try problem(cluster) { $0.member = "xx-nobody" }
            #expect(text == "it started")
        }
    }

    @Test func `another member's name does not fit the seed`() throws {
        try withCluster { cluster in
            let text = try problem(cluster) { $0.member = cluster.fixture.founders[1].id }
            #expect(text.contains("node.seed does not hold the keys"))
        }
    }

    @Test func `another seed is refused`() throws {
        try withCluster { cluster in
            let path = cluster.folder.appending(path: "other-seed").path
            try cluster.makeHome(at: path, seed: cluster.fixture.founders[1].seed)
            let text = try problem(cluster, in: NodeHome(path: path))
            #expect(text.contains("node.seed does not hold the keys"))
            #expect(text.contains(cluster.fixture.founders[0].id))
        }
    }

    @Test(arguments: ["", "xyz", "00", String(repeating: "0", count: 66)])
    func `a seed file with anything else is refused`(content: String) throws {
        try withCluster { cluster in
            let home = cluster.home(0)
            try FileManager.default.removeItem(atPath: home.nodeSeedFile)
            try NodeHome.write(Array(content.utf8), to: home.nodeSeedFile, isSecret: true)
            let text = try problem(cluster)
            #expect(text.contains("node.seed: expected 64 hexadecimal digits"))
        }
    }

    @Test func `a missing or damaged genesis file is named`() throws {
        try withCluster { cluster in
            let home = cluster.home(0)
            try FileManager.default.removeItem(atPath: home.genesisFile)
            #expect(try problem(cluster).contains("genesis.cose"))
            var bytes = cluster.genesis.bytes
            bytes[bytes.count - 1] ^= 1
            try NodeHome.write(bytes, to: home.genesisFile)
            #expect(try problem(cluster) != "it started")
        }
    }

    @Test func `the store of another ledger is refused`() throws {
        try withCluster { cluster in
            let other = try Cluster()
            defer { other.remove() }
            #expect(try problem(cluster) == "it started")
            let home = cluster.home(0)
            try FileManager.default.removeItem(atPath: home.genesisFile)
            try NodeHome.write(other.genesis.bytes, to: home.genesisFile)
            let text = try problem(cluster)
            #expect(text.contains("belongs to ledger"), "\(text)")
        }
    }

    @Test func `a second node on one home is refused, with the process that has it`() throws {
        try withCluster { cluster in
            let first = try Node(
                home: cluster.home(0),
                configuration: try cluster.configuration(0),
                logger: Cluster.logger
            )
            let text = try problem(cluster)
            #expect(text.contains("in use by process \(ProcessInfo.processInfo.processIdentifier)"))
            withExtendedLifetime(first) {}
        }
    }

    @Test func `a store whose record of what is final is of another block is refused`() throws {
        try withCluster { cluster in
            let home = cluster.home(0)
            let founding = try LedgerState.genesis(cluster.genesis.bytes)
            let store = try LedgerStore(directory: home.path, chainID: founding.state.chainID)
            var batch = StoreBatch()
            batch.add(founding.block, digest: SHA256.hash([1]), state: founding.state)
            try store.writeDurably(batch)
            try store.close()
            #expect(try problem(cluster).contains("restore a backup"))
        }
    }

    /// Writes that a node voted in so many turns, as a store and a mark say it.
    private func vote(_ cluster: Cluster, store turns: UInt64?, mark: UInt64?) throws {
        let home = cluster.home(0)
        let chainID = try LedgerState.genesis(cluster.genesis.bytes).state.chainID
        if let turns {
            let store = try LedgerStore(directory: home.path, chainID: chainID)
            var batch = StoreBatch()
            batch.votes = turns
            try store.writeDurably(batch)
            try store.close()
        }
        if let mark { _ = try VoteMark(path: home.voteMarkFile, chainID: chainID, count: mark) }
    }

    @Test(arguments: [(5, 5), (6, 5), (nil, 0), (nil, nil)] as [(UInt64?, UInt64?)])
    func `a store that knows of all votes of the mark is good`(
        turns: UInt64?,
        mark: UInt64?
    ) throws {
        try withCluster { cluster in
            try vote(cluster, store: turns, mark: mark)
            #expect(try problem(cluster) == "it started")
        }
    }

    @Test(arguments: [(4, 5), (nil, 1), (5, nil)] as [(UInt64?, UInt64?)])
    func `a store that is behind its mark, or without one, is refused until it is recovered`(
        turns: UInt64?,
        mark: UInt64?
    ) throws {
        try withCluster { cluster in
            try vote(cluster, store: turns, mark: mark)
            let text = try problem(cluster)
            #expect(text.contains("quotad recover --home \(cluster.home(0).path)"), "\(text)")
            let recovery = try NodeRecovery(
                home: cluster.home(0),
                configuration: try cluster.configuration(0)
            )
            let outcome = try recovery.prepare(discardsStore: false) { _, _ in }
            #expect(outcome.setAside == nil)
            #expect(try problem(cluster) == "it started")
            // What was restored once can be restored again.
            let store = try LedgerStore(directory: cluster.home(0).path, chainID: nil)
            #expect(try store.isRecovering())
            #expect(try store.votes() ?? 0 > max(turns ?? 0, mark ?? 0))
        }
    }

    @Test func `a mark on another disk is asked instead`() throws {
        try withCluster { cluster in
            try vote(cluster, store: 3, mark: 3)
            let other = cluster.folder.appending(path: "elsewhere.mark").path
            #expect(try problem(cluster) { $0.voteMark = other }.contains(other))
            #expect(try problem(cluster) { $0.voteMark = "votes.mark" } == "it started")
        }
    }

    @Test func `a damaged store is set aside, and a sound one when that is asked for`() throws {
        try withCluster { cluster in
            try vote(cluster, store: 3, mark: 3)
            let home = cluster.home(0)
            let recovery = try NodeRecovery(
                home: home,
                configuration: try cluster.configuration(0)
            )
            let asked = try recovery.prepare(discardsStore: true) { _, _ in }
            #expect(asked.setAside == home.file("ledger.sqlite.lost-1"))
            let database = URL(fileURLWithPath: home.file("ledger.sqlite"))
            let handle = try FileHandle(forUpdating: database)
            try handle.write(contentsOf: Data(repeating: 0xAA, count: 40))
            try handle.close()
            let damaged = try recovery.prepare(discardsStore: false) { _, _ in }
            #expect(damaged.setAside == home.file("ledger.sqlite.lost-2"))
            #expect(damaged.reason?.isEmpty == false)
            #expect(damaged.height == 0)
            #expect(try problem(cluster) == "it started")
        }
    }

    @Test func `what a running node holds is not recovered`() throws {
        try withCluster { cluster in
            let node = try Node(
                home: cluster.home(0),
                configuration: try cluster.configuration(0),
                logger: Cluster.logger
            )
            let recovery = try NodeRecovery(
                home: cluster.home(0),
                configuration: try cluster.configuration(0)
            )
            #expect(throws: StoreError.self) {
                try recovery.prepare(discardsStore: true) { _, _ in }
            }
            withExtendedLifetime(node) {}
        }
    }

    @Test func `a full block fits the bounds of consensus and of the peers' frames`() {
        let limits = Node.limits
        #expect(limits.blockBytesMax >= BlockLimits.blockBytesMax)
        #expect(limits.messageBytesMax > BlockLimits.blockBytesMax + limits.bundleBytesMax)
        let frames = PeerMessage.limits(consensusBytesMax: limits.messageBytesMax)
        let kind = frames.kinds[PeerMessage.Kind.consensus.rawValue]
        #expect(kind?.bytesMax ?? 0 >= limits.messageBytesMax)
    }
}
