import CBOR
import COSE
import Consensus
import Foundation
import Ledger
import LedgerVectors
import MerkleLog
import QuotaCrypto
import StateMap
import Testing
import Transparency
import Verifier
import Votes

/// The published vectors, read as anybody would and checked with what the programs use.
struct PublishedVectorTests {
    private func policy() throws -> TrustPolicy {
        try TrustPolicy(try PublishedVectors.object("trust-policy").text("text"))
    }

    @Test func `the published files are the ones that this code makes`() throws {
        let made = try Vectors().files()
        let published = try PublishedVectors.names()
        #expect(made.map(\.name).sorted() == published)
        for (name, data) in made {
            let isSame = try PublishedVectors.data(name) == data
            #expect(isSame, "Tests/vectors/\(name) is old: swift run quota-vectors renews it")
        }
    }

    @Test func `every kind of statement and of vote has a vector`() throws {
        let kinds = Set(try PublishedVectors.rows("statements").map { try $0.text("kind") })
        #expect(kinds == Set(StatementKind.allCases.map(\.rawValue)))
        let votes = Set(try PublishedVectors.rows("votes").map { try $0.number("kind") })
        #expect(votes == Set(VoteKind.allCases.map { UInt64($0.rawValue) }))
    }

    @Test func `CBOR that is accepted comes back the same, and all else is refused`() throws {
        let vectors = try PublishedVectors.object("cbor")
        for text in try vectors.texts("accepted") {
            let bytes = try #require(Hex.decode(text))
            #expect(try CBORValue.decode(bytes).encoded() == bytes, "\(text)")
        }
        for row in try vectors.rows("refused") {
            let bytes = try row.bytes("bytes")
            let why = try row.text("why")
            #expect(throws: CBORError.self, "\(why)") { try CBORValue.decode(bytes) }
        }
    }

    @Test func `signatures are judged as the rule says`() throws {
        for row in try PublishedVectors.rows("ed25519") {
            let key = try? row.key("key")
            let isValid = key?.isValid(try row.bytes("signature"), for: try row.bytes("message"))
            let (name, expected) = (try row.text("name"), try row.boolean("accepted"))
            #expect((isValid ?? false) == expected, "\(name)")
        }
    }

    @Test func `keys follow from their seeds`() throws {
        for row in try PublishedVectors.rows("keys") {
            let seed = try SecretSeed(try row.bytes("seed"))
            for purpose in KeyPurpose.allCases {
                let vector = try row.row("keys").row(purpose.rawValue)
                #expect(seed.keySeed(for: purpose) == (try vector.bytes("seed")))
                let key = try seed.key(for: purpose).publicKey
                #expect(key == (try vector.key("key")))
                #expect(COSEKey.thumbprint(key) == (try vector.digest("thumbprint")))
            }
        }
    }

    @Test func `votes and proofs of possession hold for their own message only`() throws {
        let rows =
            try PublishedVectors.rows("votes").map { ($0, "signature") }
            + PublishedVectors.rows("key-proofs").map { ($0, "proof") }
        for (row, name) in rows {
            let key = try row.key("key")
            let message = try row.bytes("message")
            #expect(key.isValid(try row.bytes(name), for: message))
            #expect(!key.isValid(try row.bytes(name), for: message + [0]))
        }
    }

    @Test func `statements and approvals are read as published, and their signatures hold`() throws
    {
        for row in try PublishedVectors.rows("statements") {
            let statement = try Statement.decode(try row.bytes("bytes"))
            #expect(statement.identity.kind.rawValue == (try row.text("kind")))
            #expect(statement.identity.issuer == (try row.text("issuer")))
            #expect(statement.identity.subject == (try row.text("subject")))
            #expect(statement.leafHash == (try row.digest("leafHash")))
            #expect(statement.stateKey == (try row.bytes("stateKey")))
            #expect(statement.bodyBytes == (try row.bytes("body")))
            try statement.verifySignature(with: try row.key("key"))
            let approvals = try row.rows("approvals")
            #expect(approvals.count == statement.approvals.count)
            for (approval, vector) in zip(statement.approvals, approvals) {
                #expect(approval.approver == (try vector.text("approver")))
                #expect(approval.isSigned(over: statement.bodyBytes, by: try vector.key("key")))
            }
        }
    }

    @Test func `headers are read as published`() throws {
        for row in try PublishedVectors.rows("headers") {
            let bytes = try row.bytes("bytes")
            let header = try BlockHeader.decode(bytes)
            #expect(header.encoded() == bytes)
            #expect(TreeHash.leaf(bytes) == (try row.digest("leafHash")))
            #expect(header.index == (try row.number("index")))
            #expect(header.mapRoot == (try row.digest("mapRoot")))
            #expect(header.validators == (try row.digest("validators")))
        }
    }

    @Test func `checkpoints meet the trust policy`() throws {
        let policy = try policy()
        for row in try PublishedVectors.rows("checkpoints") {
            let note = Array(try row.text("note").utf8)
            let verified = try UnverifiedCheckpoint(note).verify(policy)
            #expect(verified.checkpoint.size == (try row.number("size")))
            #expect(verified.checkpoint.root == (try row.digest("root")))
            #expect(verified.quorumTime == (try row.number("time")))
            #expect(verified.logs.count == policy.logs.count)
        }
    }

    @Test func `statements with receipts are proven`() throws {
        let policy = try policy()
        for row in try PublishedVectors.rows("receipts") {
            let verified = try UnverifiedTransparentStatement(try row.bytes("transparent"))
                .verify(policy, issuerKeys: [])
            #expect(verified.root == (try row.digest("root")))
            #expect(verified.signers.count == policy.logs.count)
            #expect(verified.statement.leafHash == (try row.digest("leafHash")))
        }
    }

    @Test func `intake receipts are read as published, and hold by the policy`() throws {
        let policy = try policy()
        let rows = try PublishedVectors.rows("intakes")
        #expect(rows.count == policy.logs.count)
        for row in rows {
            let verified = try UnverifiedIntake(try row.bytes("bytes")).verify(policy)
            let receipt = verified.receipt
            #expect(receipt.node == (try row.text("node")))
            #expect(receipt.statement.subject == (try row.text("subject")))
            #expect(receipt.entry == (try row.digest("entry")))
            #expect(receipt.head.chainID == (try row.digest("chain")))
            #expect(receipt.head.root == (try row.digest("root")))
            #expect(receipt.head.size == (try row.number("size")))
            #expect(receipt.time == (try row.number("time")))
        }
    }

    @Test func `consistency proofs hold between their roots only`() throws {
        for row in try PublishedVectors.rows("consistency") {
            let proof = ConsistencyProof(
                oldSize: try row.number("old"),
                newSize: try row.number("new"),
                path: try row.path("path")
            )
            let old = try row.digest("oldRoot")
            let new = try row.digest("newRoot")
            try proof.verify(oldRoot: old, newRoot: new)
            #expect(throws: ProofError.self) { try proof.verify(oldRoot: old, newRoot: .zero) }
        }
    }

    @Test func `map proofs show presence and absence under their root only`() throws {
        for map in try PublishedVectors.rows("map") {
            let root = try map.digest("root")
            for row in try map.rows("proofs") {
                let proof = try MapProof.decode(try row.bytes("proof"))
                try proof.verify(root: root)
                #expect(proof.key == (try row.bytes("key")))
                #expect(proof.value == (try row.bytesOrNil("value")))
                #expect((proof.terminal != nil) == (try row.boolean("terminal")))
                #expect(throws: MapProofError.self) { try proof.verify(root: .zero) }
            }
        }
    }

    @Test func `totals are proven, and of no other account`() throws {
        let policy = try policy()
        for row in try PublishedVectors.rows("totals") {
            let verified = try UnverifiedTotal(Array(try row.text("file").utf8)).verify(policy)
            #expect(verified.account.limit == (try row.text("limit")))
            #expect(verified.account.subject == (try row.texts("subject")))
            #expect(verified.account.period == (try row.text("period")))
            let isPresent = try row.bytesOrNil("value") != nil
            #expect((verified.amount != nil) == isPresent)
            if isPresent { #expect(verified.amount?.consumed == (try row.number("consumed"))) }
            #expect(throws: VerificationFailure.self) {
                try verified.account.check(country: "XX", limit: nil, period: nil)
            }
        }
    }

    @Test func `the policy's quorum is met by the published sets of signers only`() throws {
        let policy = try policy()
        for row in try PublishedVectors.object("trust-policy").rows("quorums") {
            let signed = try row.texts("signed")
            #expect(policy.isQuorumMet(by: signed) == (try row.boolean("met")), "\(signed)")
        }
    }
}
