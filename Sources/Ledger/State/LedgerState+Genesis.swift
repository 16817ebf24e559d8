import CBOR
import COSE
import HashTreeCollections
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap

extension LedgerState {
    /// The state and the block that a genesis statement starts.
    ///
    /// Checks everything in it: the signature of every founder over its card and over the whole,
    /// the proofs of possession of the nodes' keys, the policy, the catalogue and the organisations.
    ///
    /// - Throws: ``LedgerError/genesis(_:)`` that names the offending field.
    public static func genesis(
        _ bytes: [UInt8]
    ) throws(LedgerError) -> (state: LedgerState, block: Block) {
        do throws(Refusal) {
            return try GenesisReading(bytes).start()
        } catch {
            throw .genesis(error)
        }
    }
}

/// A genesis statement while it is taken apart.
struct GenesisReading {
    let statement: Statement
    let body: GenesisBody
    let members: [Member]
    let organisations: [Organisation]
    let policy: Adopted<Policy>
    let catalogue: Adopted<ChipCatalogue>
    private let registrations: [(key: [UInt8], value: [UInt8]?)]

    /// Reads and checks a genesis statement.
    init(_ bytes: [UInt8]) throws(Refusal) {
        statement = try Self.decode(bytes)
        guard case .genesis(let body) = statement.body else {
            throw Refusal(
                .notAuthorised,
                "expected a genesis statement",
                path: "$.protected.3"
            )
        }
        self.body = body
        guard statement.audience == body.origin else {
            throw Refusal(
                .wrongOrigin,
                "aud must equal the payload's 'origin'",
                path: "$.protected.15.3"
            )
        }
        var registrations: [(key: [UInt8], value: [UInt8]?)] = [
            (statement.stateKey, Registration(index: 0, leafHash: statement.leafHash).encoded())
        ]
        let path = "$.payload.body"
        members = try Self.members(body, path: "\(path).members", &registrations)
        try Self.checkSignatures(statement, members)
        organisations = try Self.organisations(
            body,
            members,
            path: "\(path).organisations",
            &registrations
        )
        policy = try Self.document(body.policy, path: "\(path).policy") {
            value throws(CBORFieldError) in try Policy.decode(value)
        }
        catalogue = try Self.document(body.catalogue, path: "\(path).catalogue") {
            value throws(CBORFieldError) in try ChipCatalogue.decode(value)
        }
        self.registrations = registrations
        let problems = policy.document.adoptionProblems(with: catalogue.document)
        if let refusal = Refusal(adoption: problems, path: "\(path).policy") { throw refusal }
    }

    /// The record of a founding document.
    private func founding<Document>(_ adopted: Adopted<Document>) -> Adoption<Document> {
        Adoption(
            adopted,
            leafHash: TreeHash.leaf(adopted.bytes),
            issuer: statement.identity.issuer,
            state: .inForce,
            since: body.time
        )
    }

    /// The entries of the founding documents in the state map.
    private var documents: [(key: [UInt8], value: [UInt8]?)] {
        let policyKey = StateKey.document(
            .policy,
            id: policy.document.id,
            version: policy.document.version
        )
        let catalogueKey = StateKey.document(
            .catalogue,
            id: catalogue.document.id,
            version: catalogue.document.version
        )
        return [
            (policyKey, founding(policy).encoded()), (catalogueKey, founding(catalogue).encoded()),
        ]
    }

    /// What members have decided before the first block: the founding documents.
    var governance: Governance {
        var governance = Governance()
        governance.set(founding(policy))
        governance.set(founding(catalogue))
        return governance
    }

    /// The first state and the first block.
    func start() throws(Refusal) -> (state: LedgerState, block: Block) {
        let validators = members.compactMap(\.validator)
        guard !validators.isEmpty else {
            throw Refusal(
                .malformed,
                "at least one founder must run a node",
                path: "$.payload.body.members"
            )
        }
        var map = StateMap()
        let registrations = registrations + documents
        map.update(registrations)
        let header = BlockHeader(
            height: 0,
            view: 0,
            proposer: statement.identity.issuer,
            time: body.time,
            previousIndex: 0,
            previousHash: statement.leafHash,
            first: 0,
            count: 1,
            mapRoot: map.root,
            policyIndex: 0,
            validators: Validator.digest(of: validators)
        )
        let headerBytes = header.encoded()
        let headerHash = TreeHash.leaf(headerBytes)
        var tree = CompactTree()
        tree.append(statement.leafHash)
        tree.append(headerHash)
        let state = LedgerState(
            origin: body.origin,
            chainID: SHA256.hash(statement.bytes),
            genesis: statement.bytes,
            lastHeader: header,
            lastHeaderHash: headerHash,
            tree: tree,
            map: map,
            policy: policy,
            catalogue: catalogue,
            epoch: .first(validators),
            lastChanges: registrations.map(StateChange.init),
            memberTable: TreeDictionary(uniqueKeysWithValues: members.map { ($0.card.id, $0) }),
            organisationTable: TreeDictionary(
                uniqueKeysWithValues: organisations.map { ($0.body.id, $0) }
            ),
            accountTable: [:],
            governance: governance
        )
        let block = Block(
            statements: [statement],
            header: header,
            headerBytes: headerBytes,
            headerHash: headerHash,
            checkpointText: state.checkpointText
        )
        return (state, block)
    }

    static func decode(_ bytes: [UInt8], path: String = "$") throws(Refusal) -> Statement {
        do throws(StatementError) {
            return try Statement.decode(bytes)
        } catch {
            throw Refusal(
                error.code,
                error.problem,
                path: "\(path)\(error.path.dropFirst())"
            )
        }
    }

    private static func document<Document>(
        _ bytes: [UInt8],
        path: String,
        _ read: (CBORValue) throws(CBORFieldError) -> Document
    ) throws(Refusal) -> Adopted<Document> {
        do throws(CBORFieldError) {
            return Adopted(try read(try CBORValue.mapValue(bytes)), bytes: bytes, index: 0)
        } catch {
            throw Refusal(.malformed, error.problem, path: "\(path)\(error.path.dropFirst())")
        }
    }
}
