import CBOR
public import Foundation
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import Transparency
import Verifier

extension VectorLedger {
    /// The ledger as a mirror serves it, with its roots of trust and one proof of each kind.
    public func folder() throws -> [(name: String, data: Data)] {
        let note = try note(height: blocks.count - 1)
        let policy = try last.trustPolicy()
        var files = [
            ("checkpoint", note.bytes), ("trust-policy", Array(policy.text.utf8)),
            ("genesis.cose", fixture.genesis.bytes), ("state.cbor", last.map.exported),
        ]
        files += try tiles() + proofs() + exhibits()
        return files.map { ($0.0, Data($0.1)) }
    }

    /// Hash tiles and entry bundles of all leaves.
    private func tiles() throws -> [(String, [UInt8])] {
        let tree = tree
        let leaves = leaves
        return try TilePath.hashTiles(size: tree.size).flatMap { path -> [(String, [UInt8])] in
            let tile = (path.description, try Tile.bytes(path, from: tree))
            guard path.level == 0,
                let bundle = TilePath(.entries, index: path.index, width: path.width)
            else { return [tile] }
            let first = Int(path.firstItem)
            let entries = Array(leaves[first..<first + path.width])
            return [tile, (bundle.description, try EntryBundle.encode(entries))]
        }
    }

    /// One of two private values opened, and a page for print that shows it.
    private func exhibits() throws -> [(String, [UInt8])] {
        guard let claim = statements.first(where: { $0.identity.subject == "c-5" }) else {
            throw MissingPart("a claim with private values")
        }
        let transparent = try transparent(claim).encoded()
        let opened = Self.openings.filter { $0.field == "site" }
        let page = try UnverifiedCertificate(
            transparent: transparent,
            openings: opened,
            madeAt: Self.signed
        )
        return [
            ("site.disclosure", UnverifiedDisclosure.encode(transparent, openings: opened)),
            ("certificate.html", page.bytes),
        ]
    }

    private func file(_ key: [UInt8], _ height: Int) throws -> [UInt8] {
        Array(try total(key, height: height).text.utf8)
    }

    /// A Transparent Statement, a total, an absence, and an earlier checkpoint with its proof.
    private func proofs() throws -> [(String, [UInt8])] {
        let height = blocks.count - 1
        guard let claim = statements.first(where: { $0.identity.kind == .claim }),
            let account = last.accounts.first
        else { throw MissingPart("a claim with an account") }
        let absent = CBORValue.array(["account", "country", "BR", "2025-2027"]).encoded()
        let older = states[height / 2].size
        let consistency = try ConsistencyProof(oldSize: older, newSize: last.size, from: tree)
        let document: VectorValue = [
            "old": .number(older), "new": .number(last.size),
            "path": .list(consistency.path.map { .text(Data($0.bytes).base64EncodedString()) }),
        ]
        return [
            ("claim.scitt", try transparent(claim).encoded()),
            ("total.tlog-proof", try file(StateKey.account(account.key), height)),
            ("absence.tlog-proof", try file(absent, height)),
            ("old.checkpoint", try note(height: height / 2).bytes),
            ("consistency.json", Array(try document.file())),
        ]
    }
}

extension StateMap {
    /// All entries as deterministic CBOR `[* [key, value]]`, ascending by key.
    fileprivate var exported: [UInt8] {
        CBORValue.array(entries.map { .array([.bytes($0.key), .bytes($0.value)]) }).encoded()
    }
}
