import APIModel
import Explorer
import Foundation
import MerkleLog
import QuotaFiles
import Transparency

/// A copy of a ledger as plain files: the page, the log in tiles, the checkpoint, the state documents
/// with their proofs.
///
/// Any file server may hold it, since whoever reads it checks everything. Full tiles and bundles that
/// are there already are kept; the checkpoint is written last, so that a reader never sees one whose
/// tiles are missing. Of a node that asks outside witnesses, the same is written at the newest checkpoint
/// that has their lines.
package struct StaticExport: Sendable {
    /// What was written.
    package struct Summary: Hashable, Sendable {
        /// The size of the tree whose checkpoint was written.
        package var size: UInt64 = 0
        /// Files that were written.
        package var written = 0
        /// Immutable files that were there already.
        package var kept = 0
        /// Whether the state of every claim was written, with its proof.
        package var hasClaimProofs = false
    }

    /// Ledgers larger than this get the proofs of single claims only on request: they change with
    /// every checkpoint.
    package static let claimProofsSizeMax: UInt64 = 25_600

    private let client: LedgerClient
    private let folder: String
    private let wantsClaimProofs: Bool
    private let progress: @Sendable (String) -> Void

    /// A copy of what the client's nodes serve, to be written to `folder`.
    ///
    /// - Parameters:
    ///   - client: Of the node to copy.
    ///   - folder: The folder, made if it does not exist.
    ///   - wantsClaimProofs: Whether the state of every claim is copied from a large ledger too.
    ///   - progress: Gets a line for people now and then.
    package init(
        client: LedgerClient,
        folder: String,
        wantsClaimProofs: Bool,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.client = client
        self.folder = folder
        self.wantsClaimProofs = wantsClaimProofs
        self.progress = progress
    }

    /// Copies everything.
    ///
    /// - Throws: ``ClientError`` if a node does not answer or answers nonsense, `LocalFileError` if a
    ///   file cannot be written.
    package func run() async throws -> Summary {
        var summary = Summary()
        try await writePage(&summary)
        let accounts = try await client.bytes("/v1/accounts", accept: "application/json")
        let table: AccountsDocument = try LedgerClient.decode(accounts, path: "/v1/accounts")
        for country in Set(table.accounts.compactMap(\.country)).sorted() {
            try await copyProof("accounts/\(country)", &summary)
            try await copy("v1/history/\(country)", &summary)
        }
        try await copy("v1/trust-policy", &summary)
        try await copy("v1/genesis", &summary)
        for part in ["governance", "attention"] { try await copyProof(part, &summary) }
        // The newest document decides which tree is written: all others are of the same or a smaller.
        let witnessed = try await found("v1/witnessed-proof/countries")
        let proof = try await client.bytes("/v1/proof/countries", accept: "text/plain")
        let note = try TlogProof(proof).note
        summary.size = try Checkpoint(text: note.text).size
        // After the checkpoint, whose validators these steps lead to.
        try await copy("v1/handoffs", &summary)
        try await writeClaims(&summary)
        if let witnessed {
            let note = try TlogProof(witnessed).note
            try await writeTiles(of: try Checkpoint(text: note.text).size, &summary)
            try write(witnessed, to: "v1/witnessed-proof/countries", &summary)
            try write(note.bytes, to: "v1/witnessed-checkpoint", &summary)
        }
        try await writeTiles(of: summary.size, &summary)
        try write(accounts, to: "v1/accounts", &summary)
        try write(proof, to: "v1/proof/countries", &summary)
        try write(note.bytes, to: "checkpoint", &summary)
        return summary
    }

    private func writePage(_ summary: inout Summary) async throws {
        let nodes = try await client.members().members.compactMap(\.node?.api)
        try write(ExplorerPage.index(nodes: nodes), to: "index.html", &summary)
        for name in ExplorerPage.names {
            try write(ExplorerPage.file(name) ?? [], to: "\(ExplorerPage.folder)/\(name)", &summary)
        }
    }

    private func writeClaims(_ summary: inout Summary) async throws {
        guard wantsClaimProofs || summary.size <= Self.claimProofsSizeMax else { return }
        let width = UInt64(TilePath.fullWidth)
        for bundle in 0...((summary.size - 1) / width) {
            // There may be no claim among these leaves.
            try await copyProof("claims/\(bundle)", &summary)
            if bundle % 64 == 63 { progress("claims of \((bundle + 1) * width) leaves") }
        }
        summary.hasClaimProofs = true
    }

    private func writeTiles(of size: UInt64, _ summary: inout Summary) async throws {
        let hashes = TilePath.hashTiles(size: size)
        let bundles = hashes.filter { $0.level == 0 }.compactMap {
            TilePath(.entries, index: $0.index, width: $0.width)
        }
        for (count, path) in (hashes + bundles).enumerated() {
            let file = "\(folder)/\(path)"
            if !path.isPartial, FileManager.default.fileExists(atPath: file) {
                summary.kept += 1
                continue
            }
            try write(try await client.tile(path.description), to: path.description, &summary)
            if count % 256 == 255 {
                progress("\(count + 1) of \(hashes.count + bundles.count) tiles")
            }
        }
    }

    /// Copies the proof of a part of the state, at the newest checkpoint and at the witnessed one, where
    /// the node has it.
    private func copyProof(_ part: String, _ summary: inout Summary) async throws {
        for path in ["v1/proof/\(part)", "v1/witnessed-proof/\(part)"] {
            if let proof = try await found(path) { try write(proof, to: path, &summary) }
        }
    }

    /// A text that the node may not have.
    private func found(_ path: String) async throws -> [UInt8]? {
        do {
            return try await client.bytes("/" + path, accept: "text/plain")
        } catch ClientError.problem(let problem) where problem.status == 404 {
            return nil
        }
    }

    private func copy(_ path: String, _ summary: inout Summary) async throws {
        try write(try await client.bytes("/" + path, accept: "*/*"), to: path, &summary)
    }

    private func write(_ bytes: [UInt8], to path: String, _ summary: inout Summary) throws {
        let file = "\(folder)/\(path)"
        let parent = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? folder
        try FileManager.default.createDirectory(
            atPath: parent,
            withIntermediateDirectories: true
        )
        try LocalFile.write(bytes, to: file)
        summary.written += 1
    }
}
