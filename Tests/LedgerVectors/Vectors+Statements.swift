import COSE
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto

extension Vectors {
    /// Statements of every kind as the log holds them, those inside genesis too, with their approvals.
    func statements() throws -> VectorValue {
        var embedded: [Statement] = []
        if case .genesis(let genesis) = ledger.fixture.genesis.body {
            embedded = try (genesis.members + genesis.organisations).map {
                try Statement.decode($0)
            }
        }
        let all = try ledger.statements + embedded + ledger.statementsOnNoLog()
        return .list(try all.map { try statement($0) })
    }

    private func statement(_ statement: Statement) throws -> VectorValue {
        let message = try COSESign1.decode(statement.bytes)
        return [
            "kind": .text(statement.identity.kind.rawValue),
            "issuer": .text(statement.identity.issuer),
            "subject": .text(statement.identity.subject), "origin": .text(statement.audience),
            "issuedAt": .number(statement.issuedAt), "kid": .digest(statement.kid),
            "key": .key(try key(statement.kid)), "bytes": .bytes(statement.bytes),
            "toBeSigned": .bytes(message.toBeSigned()), "body": .bytes(statement.bodyBytes),
            "leafHash": .digest(statement.leafHash), "stateKey": .bytes(statement.stateKey),
            "approvals": .list(
                try statement.approvals.map {
                    [
                        "approver": .text($0.approver), "key": .key(try key($0.kid)),
                        "issuedAt": .number($0.issuedAt), "bytes": .bytes($0.bytes),
                        "toBeSigned": .bytes(
                            try COSESign1.decode($0.bytes)
                                .toBeSigned(detachedPayload: statement.bodyBytes)
                        ),
                    ]
                }
            ),
        ]
    }

    /// The statement key with a thumbprint, or the log key that says a node is ready.
    private func key(_ kid: Digest) throws -> Ed25519.PublicKey {
        let keys =
            ledger.last.members.map(\.card.statementKey)
            + ledger.last.validators.map(\.node.log)
        guard let key = keys.first(where: { COSEKey.thumbprint($0) == kid }) else {
            throw MissingPart("the key \(kid)")
        }
        return key
    }

    /// Block headers, and what follows from each.
    func headers() -> VectorValue {
        .list(
            ledger.blocks.map { block in
                let header = block.header
                return [
                    "bytes": .bytes(block.headerBytes), "leafHash": .digest(block.headerHash),
                    "index": .number(header.index), "height": .number(header.height),
                    "view": .number(header.view), "proposer": .text(header.proposer),
                    "time": .number(header.time), "previousIndex": .number(header.previousIndex),
                    "previousHash": .digest(header.previousHash), "first": .number(header.first),
                    "count": .number(header.count), "mapRoot": .digest(header.mapRoot),
                    "policyIndex": .number(header.policyIndex),
                    "validators": .digest(header.validators),
                    "statements": .list(block.statements.map { .bytes($0.stateKey) }),
                    "checkpointText": .text(block.checkpointText),
                    "blockDigest": .digest(block.digest),
                ]
            }
        )
    }
}
