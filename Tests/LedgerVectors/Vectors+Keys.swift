import COSE
import Consensus
import Ledger
import LedgerFixture
import QuotaCrypto
import Transparency
import Votes

extension Vectors {
    /// From one secret seed to the keys of every purpose, and the names under which others know them.
    func keys() throws -> VectorValue {
        .list(
            try ledger.fixture.founders.map { founder in
                var purposes: [String: VectorValue] = [:]
                for purpose in KeyPurpose.allCases {
                    let key = try founder.seed.key(for: purpose).publicKey
                    purposes[purpose.rawValue] = [
                        "seed": .bytes(founder.seed.keySeed(for: purpose)), "key": .key(key),
                        "thumbprint": .digest(COSEKey.thumbprint(key)),
                        "coseKey": .bytes(COSEKey.encode(key)),
                    ]
                }
                let node = try Self.node(of: founder)
                let origin = LedgerFixture.origin
                return [
                    "member": .text(founder.id), "origin": .text(origin),
                    "seed": .bytes(founder.seed.bytes), "keys": .object(purposes),
                    "logVerifier": .text(try node.logVerifier(origin: origin).vkey),
                    "cosignerVerifier": .text(
                        try node.cosignerVerifier(member: founder.id, origin: origin).vkey
                    ),
                ]
            }
        )
    }

    /// Proofs that members hold the keys of their nodes.
    func keyProofs() throws -> VectorValue {
        .list(
            try ledger.fixture.founders.flatMap { founder -> [VectorValue] in
                let node = try Self.node(of: founder)
                let proofs = [
                    (KeyPurpose.vote, node.proofs.vote), (.log, node.proofs.log),
                    (.cosigner, node.proofs.cosigner), (.transport, node.proofs.transport),
                ]
                return try proofs.map { purpose, proof in
                    let key = try founder.seed.key(for: purpose).publicKey
                    let message = KeyProofs.message(
                        purpose,
                        member: founder.id,
                        origin: LedgerFixture.origin,
                        key: key
                    )
                    return [
                        "member": .text(founder.id), "origin": .text(LedgerFixture.origin),
                        "purpose": .text(purpose.rawValue), "key": .key(key),
                        "message": .bytes(message), "proof": .bytes(proof),
                    ]
                }
            }
        )
    }

    /// Votes of consensus: what a validator signs about a view.
    func votes() throws -> VectorValue {
        let block = ledger.blocks[1]
        return .list(
            try VoteKind.allCases.enumerated().map { member, kind in
                let founder = ledger.fixture.founders[member]
                let key = try founder.seed.key(for: .vote)
                let proposal = kind == .nullify ? Digest.zero : block.digest
                let message = Vote.signedBytes(
                    chainID: ledger.last.chainID,
                    epoch: 0,
                    kind: kind,
                    view: block.header.view,
                    proposal: proposal
                )
                return [
                    "member": .text(founder.id), "key": .key(key.publicKey),
                    "chainID": .digest(ledger.last.chainID), "epoch": 0,
                    "kind": .number(UInt64(kind.rawValue)), "kindName": .text("\(kind)"),
                    "view": .number(block.header.view), "proposal": .digest(proposal),
                    "message": .bytes(message),
                    "signature": .bytes(Ed25519VoteSigner(key: key).sign(message)),
                ]
            }
        )
    }

    private static func node(of founder: Founder) throws -> NodeCard {
        guard let node = try founder.card(origin: LedgerFixture.origin).node else {
            throw MissingPart("the node of \(founder.id)")
        }
        return node
    }
}

/// A part that the vectors' ledger should have.
struct MissingPart: Error {
    let name: String

    init(_ name: String) {
        self.name = name
    }
}
