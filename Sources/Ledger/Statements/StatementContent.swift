import CBOR

/// The payload of a statement, taken apart.
struct StatementContent: Sendable {
    /// What it says.
    let body: StatementBody
    /// The encoded body.
    let bytes: [UInt8]
    /// The approvals of the body.
    let approvals: [Approval]

    /// The most approvals of one statement.
    static let maximumApprovals = 64

    /// Reads the payload of a statement of `kind`.
    ///
    /// - Throws: ``StatementError`` that names the offending field below `$.payload`.
    static func decode(
        _ payload: [UInt8],
        kind: StatementKind
    ) throws(StatementError) -> StatementContent {
        let path = "$.payload"
        let value = try decodeCBOR(payload, path: path)
        guard kind.needsApprovals else {
            let body = try body(value, kind: kind, path: path)
            return StatementContent(body: body, bytes: payload, approvals: [])
        }
        let bodyBytes: [UInt8]
        let items: [CBORItem]
        do throws(CBORFieldError) {
            var fields = try CBORFields(value, path: path)
            bodyBytes = try fields.bytes("body", maxCount: Statement.maximumBytes)
            items = try fields.array("approvals", maxCount: maximumApprovals)
            try fields.finish()
        } catch {
            throw StatementError(error)
        }
        let bodyPath = "\(path).body"
        let body = try body(
            try decodeCBOR(bodyBytes, path: bodyPath),
            kind: kind,
            path: bodyPath
        )
        return StatementContent(
            body: body,
            bytes: bodyBytes,
            approvals: try approvals(items, kind: kind)
        )
    }

    /// The payload bytes of a statement of `kind` with the given body and approvals.
    static func payload(
        kind: StatementKind,
        body: [UInt8],
        approvals: [Approval]
    ) -> [UInt8] {
        guard kind.needsApprovals else { return body }
        let sorted = approvals.sorted { $0.approver < $1.approver }
        return CBORValue.object([
            ("body", .bytes(body)), ("approvals", .array(sorted.map { .bytes($0.bytes) })),
        ]).encoded()
    }

    private static func approvals(
        _ items: [CBORItem],
        kind: StatementKind
    ) throws(StatementError) -> [Approval] {
        var approvals: [Approval] = []
        for item in items {
            guard case .bytes(let bytes) = item.value else {
                throw StatementError(item.path, "expected a byte string")
            }
            let approval = try Approval.decode(bytes, kind: kind, path: item.path)
            guard approvals.last.map({ $0.approver < approval.approver }) ?? true else {
                throw StatementError(item.path, "approvals must ascend by approver")
            }
            approvals.append(approval)
        }
        return approvals
    }

    private static func decodeCBOR(
        _ bytes: [UInt8],
        path: String
    ) throws(StatementError) -> CBORValue {
        do {
            return try CBORValue.decode(bytes)
        } catch {
            throw StatementError(path, "\(error)")
        }
    }

    private static func body(
        _ value: CBORValue,
        kind: StatementKind,
        path: String
    ) throws(StatementError) -> StatementBody {
        do throws(CBORFieldError) {
            switch kind {
            case .genesis: return .genesis(try GenesisBody(value, path: path))
            case .member: return .member(try MemberCard(value, path: path))
            case .suspension: return .suspension(try SuspensionBody(value, path: path))
            case .proposal: return .proposal(try ProposalBody(value, path: path))
            case .vote: return .vote(try VoteBody(value, path: path))
            case .organisation: return .organisation(try OrganisationBody(value, path: path))
            case .facility: return .facility(try FacilityBody(value, path: path))
            case .storage: return .storage(try StorageBody(value, path: path))
            case .claim: return .claim(try ClaimBody(value, path: path))
            case .inventory: return .inventory(try InventoryBody(value, path: path))
            case .event: return .event(try EventBody(value, path: path))
            case .cancel: return .cancel(try CancelBody(value, path: path))
            case .ready: return .ready(try ReadyBody(value, path: path))
            case .evidence: return .evidence(try EvidenceBody(value, path: path))
            }
        } catch {
            throw StatementError(error)
        }
    }
}

extension StatementContent {
    /// What the statement's subject must be, or nil where the issuer chooses it.
    var requiredSubject: (text: String, field: String)? {
        switch body {
        case .genesis(let body): (body.origin, "origin")
        case .member(let card): (card.id, "id")
        case .vote(let body): (body.on.description, "on")
        case .organisation(let body): (body.id, "id")
        case .facility(let body): (body.id, "id")
        case .cancel(let body): (body.claim, "claim")
        case .inventory(let body): (body.country, "country")
        case .ready(let body): (body.subject, "node")
        case .evidence(let body): (body.subject, "votes")
        case .suspension, .proposal, .storage, .claim, .event: nil
        }
    }
}
