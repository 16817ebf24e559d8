import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Transparency

extension Vectors {
    /// Signed checkpoints, each line with the message that it signs.
    func checkpoints() throws -> VectorValue {
        .list(
            try ledger.blocks.indices.map { height in
                let note = try ledger.note(height: height)
                let checkpoint = try Checkpoint(text: note.text)
                let lines = try ledger.fixture.founders.flatMap { founder -> [VectorValue] in
                    let verifiers = [
                        (try NoteSigner(checkpoint, founder).key, note.text),
                        (
                            try Cosigner(checkpoint, founder).key,
                            "cosignature/v1\ntime \(VectorLedger.signed)\n" + note.text
                        ),
                    ]
                    return verifiers.map { key, message in
                        let line = note.signatures.first { key.matches($0) }?.line ?? "\n"
                        return [
                            "verifier": .text(key.vkey), "message": .text(message),
                            "line": .text(String(line.dropLast())),
                        ]
                    }
                }
                return [
                    "origin": .text(checkpoint.origin), "size": .number(checkpoint.size),
                    "root": .digest(checkpoint.root), "time": .number(VectorLedger.signed),
                    "note": .text(note.description), "lines": .list(lines),
                ]
            }
        )
    }

    /// Statements with the receipts of all validators.
    func receipts() throws -> VectorValue {
        let root = ledger.tree.root
        return .list(
            try ledger.statements.dropFirst().map { statement in
                let transparent = try ledger.transparent(statement)
                let receipts = try transparent.receipts.map { bytes -> VectorValue in
                    let receipt = try Receipt.decode(bytes)
                    let message = try COSESign1.decode(bytes)
                    return [
                        "bytes": .bytes(bytes), "kid": .digest(receipt.kid),
                        "issuer": .text(receipt.issuer), "issuedAt": .number(receipt.issuedAt),
                        "size": .number(receipt.proof.size), "index": .number(receipt.proof.index),
                        "path": .path(receipt.proof.path),
                        "toBeSigned": .bytes(message.toBeSigned(detachedPayload: root.bytes)),
                    ]
                }
                return [
                    "kind": .text(statement.identity.kind.rawValue),
                    "subject": .text(statement.identity.subject),
                    "transparent": .bytes(transparent.encoded()), "root": .digest(root),
                    "leafHash": .digest(statement.leafHash), "receipts": .list(receipts),
                ]
            }
        )
    }

    /// Intake receipts: each node's word that it took the last claim before the block that holds it.
    func intakes() throws -> VectorValue {
        let states = ledger.states.dropLast()
        guard let head = states.last, let claim = ledger.blocks.last?.statements.first else {
            throw MissingPart("a statement of the last block")
        }
        return .list(
            try ledger.fixture.founders.map { founder in
                let receipt = try founder.intake(of: claim, at: head, time: VectorLedger.signed)
                let message = try COSESign1.decode(receipt.bytes)
                return [
                    "bytes": .bytes(receipt.bytes), "kid": .digest(receipt.kid),
                    "key": .key(try founder.seed.key(for: .log).publicKey),
                    "node": .text(receipt.node), "origin": .text(receipt.origin),
                    "time": .number(receipt.time),
                    "kind": .text(receipt.statement.kind.rawValue),
                    "issuer": .text(receipt.statement.issuer),
                    "subject": .text(receipt.statement.subject),
                    "entry": .digest(receipt.entry), "chain": .digest(receipt.head.chainID),
                    "size": .number(receipt.head.size), "root": .digest(receipt.head.root),
                    "height": .number(receipt.head.height), "epoch": .number(receipt.epoch),
                    "view": .number(receipt.view), "toBeSigned": .bytes(message.toBeSigned()),
                ]
            }
        )
    }

    /// Consistency proofs between the checkpoints.
    func consistency() throws -> VectorValue {
        let tree = ledger.tree
        let sizes = ledger.states.map(\.size)
        return .list(
            try sizes.indices.flatMap { older in
                try sizes.indices[older...].map { newer in
                    let proof = try ConsistencyProof(
                        oldSize: sizes[older],
                        newSize: sizes[newer],
                        from: tree
                    )
                    return [
                        "old": .number(proof.oldSize), "new": .number(proof.newSize),
                        "oldRoot": .digest(try tree.root(size: proof.oldSize)),
                        "newRoot": .digest(try tree.root(size: proof.newSize)),
                        "path": .path(proof.path),
                    ]
                }
            }
        )
    }

    /// The trust policy, and who of its witnesses make the quorum.
    func trustPolicies() throws -> VectorValue {
        let policy = try ledger.last.trustPolicy()
        let names = policy.witnesses.map(\.name)
        let subsets = (0..<(1 << names.count)).map { mask in
            names.indices.filter { mask & (1 << $0) != 0 }.map { names[$0] }
        }
        return [
            "text": .text(policy.text), "validators": .digest(ledger.last.lastHeader.validators),
            "quorums": .list(
                subsets.map { signed in
                    [
                        "signed": .list(signed.map { .text($0) }),
                        "met": .boolean(policy.isQuorumMet(by: signed)),
                    ]
                }
            ),
        ]
    }
}

extension NoteSigner {
    fileprivate init(_ checkpoint: Checkpoint, _ founder: Founder) throws {
        try self.init(name: checkpoint.origin, privateKey: try founder.seed.key(for: .log))
    }
}

extension Cosigner {
    fileprivate init(_ checkpoint: Checkpoint, _ founder: Founder) throws {
        try self.init(
            name: NodeCard.cosignerName(member: founder.id, origin: checkpoint.origin),
            privateKey: try founder.seed.key(for: .cosigner)
        )
    }
}
