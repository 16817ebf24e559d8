import Consensus
import Foundation
import Ledger
import LedgerStore
import QuotaCrypto

/// Makes a home that lost votes fit to start again (consensus.md 2.9).
///
/// What is final in the store is kept if all of it is sound; otherwise the store is set aside and the node
/// fetches everything from the others. Either way the node begins by asking them in which view they are,
/// and votes only beyond.
package struct NodeRecovery {
    /// What was found and done.
    package struct Outcome {
        /// The member that the node acts for.
        package let member: String
        /// The last block that is kept; 0 for the genesis.
        package let height: UInt64
        /// Where the old store is now, if it was set aside.
        package let setAside: String?
        /// Why it was.
        package let reason: String?
    }

    private let home: NodeHome
    private let configuration: NodeConfiguration
    private let founding: (state: LedgerState, block: Block)

    /// The recovery of the node in `home`, which must not run.
    ///
    /// - Throws: ``HomeError`` or a ledger's error if the genesis statement cannot be used.
    package init(home: NodeHome, configuration: NodeConfiguration) throws {
        self.home = home
        self.configuration = configuration
        founding = try LedgerState.genesis(NodeHome.read(home.genesisFile))
    }

    /// Prepares the home.
    ///
    /// - Parameters:
    ///   - discardsStore: sets the store aside even if it is sound.
    ///   - progress: called now and then with the leaves read and the leaves in all.
    /// - Returns: what was found and done.
    /// - Throws: ``HomeError`` or ``StoreError``; the home is as before, or can be recovered again.
    package func prepare(
        discardsStore: Bool,
        progress: (UInt64, UInt64) -> Void
    ) throws -> Outcome {
        let markFile = configuration.markFile(in: home)
        // A mark that cannot be read is one more thing that was lost.
        let marked = (try? VoteMark.read(markFile, chainID: founding.state.chainID)) ?? 0
        let (sound, problem) = try soundStore(discardsStore: discardsStore, progress)
        let setAside = sound == nil ? try moveStore() : nil
        let (store, state) = try sound ?? makeStore()
        let votes = max(marked, try store.votes() ?? 0) + 1
        try store.forgetVotes(count: votes, nonce: UInt64.random(in: 1...UInt64(Int64.max)))
        _ = try VoteMark(path: markFile, chainID: state.chainID, count: votes)
        try store.close()
        return Outcome(
            member: configuration.member,
            height: state.height,
            setAside: setAside,
            reason: problem
        )
    }

    /// A store with the last final state in it.
    private typealias Opened = (store: LedgerStore, state: LedgerState)

    /// A new store with the genesis in it.
    private func makeStore() throws -> Opened {
        let store = try openFile()
        return (store, try Node.restore(store, founding))
    }

    private func openFile() throws(StoreError) -> LedgerStore {
        try LedgerStore(directory: home.path, chainID: founding.state.chainID)
    }

    /// The store if all of it is sound, or why it must not be used.
    private func soundStore(
        discardsStore: Bool,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> (opened: Opened?, problem: String?) {
        do {
            let store = try openFile()
            guard !discardsStore else {
                try store.close()
                return (nil, "as asked for")
            }
            do {
                let report = try store.checkIntegrity(progress: progress)
                guard let problem = report.problems.first else {
                    let state = try Node.restore(store, founding)
                    return ((store, state), nil)
                }
                throw StoreError.damaged(file: store.file, detail: problem)
            } catch {
                try? store.close()
                throw error
            }
        } catch StoreError.damaged(_, let detail) {
            return (nil, detail)
        }
    }

    /// Gives the files of the store a name under which nothing looks for them.
    private func moveStore() throws -> String {
        let files = FileManager.default
        let store = home.file("ledger.sqlite")
        var number = 1
        while files.fileExists(atPath: "\(store).lost-\(number)") { number += 1 }
        let target = "\(store).lost-\(number)"
        // The database goes last: as long as it is there, a second try finds everything.
        for suffix in ["-shm", "-wal", ""] where files.fileExists(atPath: store + suffix) {
            try NodeHome.replace(target + suffix, by: store + suffix)
        }
        return target
    }
}

extension LedgerStore {
    /// Whether the records say that this node lost votes and asks the others where they stand.
    func isRecovering() throws(StoreError) -> Bool {
        try consensusRecords().contains { $0.key == DurableKey.recovery }
    }

    /// Puts the question where the others stand in the place of all votes.
    fileprivate func forgetVotes(count: UInt64, nonce: UInt64) throws(StoreError) {
        let held = try consensusRecords().map { DurableRecord(key: $0.key, value: $0.value) }
        var batch = StoreBatch()
        batch.consensus = held.map { ($0.key, nil) }
        batch.consensus += DurableRecord.recovering(from: held, nonce: nonce).map {
            ($0.key, $0.value)
        }
        batch.votes = count
        try writeDurably(batch)
    }
}
