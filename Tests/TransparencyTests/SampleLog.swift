import CBOR
import COSE
import Foundation
import MerkleLog
import QuotaCrypto
import Transparency

/// A small log in memory with two validators, written to a folder as a node would serve it.
struct SampleLog {
    static let origin = "quota.example/sample"

    let entries: [[UInt8]]
    let tree: MemoryTree
    let logKeys: [Ed25519.PrivateKey]
    let signers: [NoteSigner]
    let cosigners: [Cosigner]
    let policy: TrustPolicy

    /// Short entries that differ; `first`, if given, is the first of them.
    init(size: Int, first: [UInt8]? = nil) throws {
        entries = (0..<size).map { index in
            index == 0 ? first ?? [] : Array("entry \(index)".utf8)
        }
        tree = MemoryTree(leafHashes: entries.map { TreeHash.leaf($0) })
        logKeys = try (1...2).map {
            try Ed25519.PrivateKey(seed: [UInt8](repeating: $0, count: 32))
        }
        signers = try logKeys.map { try NoteSigner(name: Self.origin, privateKey: $0) }
        cosigners = try (11...13).map { try Signers.cosigner("w\($0).quota.example", $0) }
        policy = try TrustPolicy(
            logs: signers.map { .init(key: $0.key) },
            witnesses: cosigners.enumerated().map { .init(name: "w\($0)", key: $1.key) },
            groups: [
                .init(name: "two", threshold: .count(2), members: ["w0", "w1"]),
                .init(name: "both", threshold: .all, members: ["two", "w2"]),
            ],
            quorum: "both"
        )
    }

    /// The checkpoint of the first `size` entries, signed by everyone.
    func note(size: UInt64) throws -> SignedNote {
        let checkpoint = Checkpoint(
            origin: Self.origin,
            size: size,
            root: try tree.root(size: size)
        )
        var note = try checkpoint.signed(by: signers)
        note.merge(cosigners.map { $0.cosign(checkpoint, timestamp: 1_760_000_000) })
        return note
    }

    /// Writes checkpoint, tiles, entry bundles and trust policy below `folder`.
    func write(to folder: URL) throws {
        let size = UInt64(entries.count)
        try write(try note(size: size).bytes, "checkpoint", folder)
        try write(Array(policy.text.utf8), "trust-policy", folder)
        for path in TilePath.hashTiles(size: size) {
            try write(try Tile.bytes(path, from: tree), path.description, folder)
            guard path.level == 0, case let first = Int(path.firstItem),
                let bundle = TilePath(.entries, index: path.index, width: path.width)
            else { continue }
            let items = Array(entries[first..<first + path.width])
            try write(try EntryBundle.encode(items), bundle.description, folder)
        }
    }

    private func write(_ bytes: [UInt8], _ path: String, _ folder: URL) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    /// The receipt of one log key for entry 0 (RFC 9942, with the ledger's own claims).
    func receipt(by key: Ed25519.PrivateKey, subject: String) throws -> COSESign1 {
        let size = UInt64(entries.count)
        let proof = try InclusionProof(index: 0, size: size, from: tree)
        let claims = COSEHeader.map([
            (COSEHeader.claimIssuer, .text("https://a.quota.example")),
            (COSEHeader.claimSubject, .text(subject)), (COSEHeader.claimIssuedAt, 1_760_000_000),
            (COSEHeader.claimOrigin, .text(Self.origin)),
            (COSEHeader.claimTreeSize, .unsigned(size)), (COSEHeader.claimLeafIndex, 0),
        ])
        let inclusion: CBORValue = [
            .unsigned(size), 0, .array(proof.path.map { .bytes($0.bytes) }),
        ]
        let kid = COSEKey.thumbprint(key.publicKey).bytes
        return COSESign1.sign(
            protected: COSEHeader.map([
                (COSEHeader.alg, .integer(COSEHeader.algorithmEdDSA)),
                (COSEHeader.kid, .bytes(kid)), (COSEHeader.cwtClaims, claims),
                (COSEHeader.vds, 1),
            ]),
            unprotected: [
                CBORMapEntry(
                    .integer(Int64(COSEHeader.vdp)),
                    [-1: [.bytes(inclusion.encoded())]]
                )
            ],
            payload: tree.root.bytes,
            detached: true,
            with: key
        )
    }
}

/// A fresh folder that is removed when `body` is done.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
}

/// Runs a program to its end.
///
/// - Returns: its exit code and what it printed.
func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}
