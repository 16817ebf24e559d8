import COSE
import QuotaCrypto

extension GenesisReading {
    /// The founders, each with a card that its own key signed.
    static func members(
        _ body: GenesisBody,
        path: String,
        _ registrations: inout [(key: [UInt8], value: [UInt8]?)]
    ) throws(Refusal) -> [Member] {
        var members: [Member] = []
        var keys: Set<Ed25519.PublicKey> = []
        for (position, bytes) in body.members.enumerated() {
            let path = "\(path)[\(position)]"
            let statement = try decode(bytes, path: path)
            guard case .member(let card) = statement.body else {
                throw Refusal(.malformed, "expected a member statement", path: path)
            }
            guard members.last.map({ $0.card.id < card.id }) ?? true else {
                throw Refusal(.malformed, "members must ascend by id", path: path)
            }
            try check(statement, of: card, origin: body.origin, time: body.time, path: path)
            let member = Member(card: card, index: 0, leafHash: statement.leafHash)
            try checkKey(of: statement, member.kid, card.statementKey, path: path)
            for key in card.allKeys where !keys.insert(key).inserted {
                throw Refusal(.malformed, "a key that another member or purpose has", path: path)
            }
            members.append(member)
            let registration = Registration(
                index: 0,
                leafHash: statement.leafHash,
                issuer: card.id,
                body: statement.bodyBytes
            )
            registrations.append((statement.stateKey, registration.encoded()))
        }
        return members
    }

    /// The organisations that founders registered.
    static func organisations(
        _ body: GenesisBody,
        _ members: [Member],
        path: String,
        _ registrations: inout [(key: [UInt8], value: [UInt8]?)]
    ) throws(Refusal) -> [Organisation] {
        var organisations: [Organisation] = []
        for (position, bytes) in body.organisations.enumerated() {
            let path = "\(path)[\(position)]"
            let statement = try decode(bytes, path: path)
            guard case .organisation(let organisation) = statement.body else {
                throw Refusal(.malformed, "expected an organisation statement", path: path)
            }
            guard organisations.last.map({ $0.body.id < organisation.id }) ?? true else {
                throw Refusal(.malformed, "organisations must ascend by id", path: path)
            }
            let issuer = members.first { $0.card.id == statement.identity.issuer }
            guard let issuer, issuer.card.role == .government else {
                throw Refusal(
                    .notAuthorised,
                    "the issuer must be a founding government",
                    path: path
                )
            }
            // Every founder approves it with the whole.
            guard statement.approvals.isEmpty else {
                throw Refusal(
                    .malformed,
                    "expected an organisation statement without approvals",
                    path: "\(path).payload.approvals"
                )
            }
            try checkFrame(of: statement, origin: body.origin, time: body.time, path: path)
            try checkKey(of: statement, issuer.kid, issuer.card.statementKey, path: path)
            organisations.append(
                Organisation(body: organisation, issuer: issuer.card.id, index: 0)
            )
            let registration = Registration(
                index: 0,
                leafHash: statement.leafHash,
                issuer: issuer.card.id,
                body: statement.bodyBytes
            )
            registrations.append((statement.stateKey, registration.encoded()))
        }
        return organisations
    }

    /// Checks that every founder signed the whole: one as the issuer, the others by approval.
    static func checkSignatures(_ statement: Statement, _ members: [Member]) throws(Refusal) {
        guard let signer = members.first(where: { $0.card.id == statement.identity.issuer }) else {
            throw Refusal(
                .unknownIssuer,
                "the signer must be a founder",
                path: "$.protected.15.1"
            )
        }
        try checkKey(of: statement, signer.kid, signer.card.statementKey, path: "$")
        var missing = members.map(\.card.id).filter { $0 != statement.identity.issuer }
        for (position, approval) in statement.approvals.enumerated() {
            let path = "$.payload.approvals[\(position)]"
            guard let member = members.first(where: { $0.card.id == approval.approver }) else {
                throw Refusal(.notAuthorised, "the approver must be a founder", path: path)
            }
            guard approval.kid == member.kid else {
                throw Refusal(
                    .wrongKey,
                    "not the founder's statement key",
                    path: "\(path).protected.4"
                )
            }
            guard approval.isSigned(over: statement.bodyBytes, by: member.card.statementKey)
            else {
                throw Refusal(
                    .badSignature,
                    "the approval does not hold",
                    path: "\(path).signature"
                )
            }
            missing.removeAll { $0 == approval.approver }
        }
        guard missing.isEmpty else {
            throw Refusal(
                .approvalsMissing,
                "every founder must sign; missing: \(missing.joined(separator: ", "))",
                path: "$.payload.approvals"
            )
        }
    }

    private static func check(
        _ statement: Statement,
        of card: MemberCard,
        origin: String,
        time: UInt64,
        path: String
    ) throws(Refusal) {
        guard statement.identity.issuer == card.id else {
            throw Refusal(
                .wrongKey,
                "a member signs its own card",
                path: "\(path).protected.15.1"
            )
        }
        try checkFrame(of: statement, origin: origin, time: time, path: path)
        try statement.checkSecondKey(of: card, path: path)
        try statement.checkSecondKeySignature(of: card, path: path)
        if let node = card.node,
            let purpose = KeyProofs.firstFailure(in: node, member: card.id, origin: origin)
        {
            throw Refusal(
                .badSignature,
                "the proof of possession of the \(purpose.rawValue) key fails",
                path: "\(path).payload.body.node.proofs.\(purpose.rawValue)"
            )
        }
    }

    private static func checkFrame(
        of statement: Statement,
        origin: String,
        time: UInt64,
        path: String
    ) throws(Refusal) {
        guard statement.audience == origin else {
            throw Refusal(
                .wrongOrigin,
                "must be for \(origin)",
                path: "\(path).protected.15.3"
            )
        }
        do throws(Refusal) {
            try StatementTime.check(statement.issuedAt, at: time)
        } catch {
            throw Refusal(error.code, error.message, path: "\(path).protected.15.6")
        }
    }

    private static func checkKey(
        of statement: Statement,
        _ kid: Digest,
        _ key: Ed25519.PublicKey,
        path: String
    ) throws(Refusal) {
        guard statement.kid == kid else {
            throw Refusal(
                .wrongKey,
                "the kid is not that of the signer's card",
                path: "\(path).protected.4"
            )
        }
        do {
            try statement.verifySignature(with: key)
        } catch {
            throw Refusal(.badSignature, error.problem, path: "\(path).signature")
        }
    }
}
