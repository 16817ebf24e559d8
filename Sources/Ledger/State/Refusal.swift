public import CBOR
public import QuotaRules

/// Why a statement does not enter the ledger, for programs and for people.
public struct Refusal: Error, Hashable, Sendable {
    /// The stable code.
    public let code: RefusalCode
    /// A sentence for people.
    public let message: String
    /// The offending field, `$.payload.lines[1].sku` for example.
    public let path: String?
    /// The whole judgement, if the rules refused: limits with before, after and room, the largest
    /// quantity that would pass, reasons with citations, other routes.
    public let decision: Decision?
    /// The index of the leaf that is already there, for ``RefusalCode/duplicate`` and
    /// ``RefusalCode/conflict``.
    public let existing: UInt64?
    /// The size of the log at the state that judged.
    public internal(set) var judgedAt: UInt64?

    /// A refusal with the given contents.
    public init(
        _ code: RefusalCode,
        _ message: String,
        path: String? = nil,
        decision: Decision? = nil,
        existing: UInt64? = nil,
        judgedAt: UInt64? = nil
    ) {
        self.code = code
        self.message = message
        self.path = path
        self.decision = decision
        self.existing = existing
        self.judgedAt = judgedAt
    }

    /// The refusal of bytes that are not a statement.
    public init(_ error: StatementError) {
        self.init(error.code, error.problem, path: error.path)
    }

    /// The refusal of a claim that the rules do not pass.
    init(_ decision: Decision) {
        let reason = decision.decidingReason
        self.init(
            decision.refusalCode,
            reason?.message ?? "The policy does not admit this claim.",
            path: reason?.field.map { "$.payload.\($0)" },
            decision: decision
        )
    }

    /// The refusal of a policy that may not be adopted as it stands; nil if nothing is wrong with it.
    ///
    /// The message names everything up to a bound; `path` is the document's.
    init?(adoption problems: [CBORFieldError], path: String) {
        guard let first = problems.first else { return nil }
        let others = problems.dropFirst()
        let shown = others.prefix(Self.otherProblemsMax).map { "; \($0)" }.joined()
        let rest = others.count - Self.otherProblemsMax
        self.init(
            first.path == "$.status" ? .policyStatus : .unknownSKU,
            first.problem + shown + (rest > 0 ? "; and \(rest) more" : ""),
            path: "\(path)\(first.path.dropFirst())"
        )
    }

    /// The most problems beside the first that a refusal names.
    private static let otherProblemsMax = 8

    /// The largest quantity of the claim's last line that would pass.
    public var largestQuantity: UInt64? { decision?.largestQuantity }

    /// The paragraph that refuses.
    public var citation: String? { decision?.decidingReason?.citation }
}

extension Refusal {
    /// The refusal as a map with text keys: `{code, message, path?, existing?, judgedAt?, ...}` with
    /// the fields of ``QuotaRules/Decision/fields`` where the rules refused.
    public var fields: CBORValue {
        var pairs: [(String, CBORValue?)] = [
            ("code", .text(code.rawValue)), ("message", .text(message)),
            ("path", path.map { .text($0) }), ("existing", existing.map { .unsigned($0) }),
            ("judgedAt", judgedAt.map { .unsigned($0) }),
            ("citation", citation.map { .text($0) }),
        ]
        pairs.append(contentsOf: decision?.pairs ?? [])
        return .object(pairs)
    }

    /// The refusal as concise problem details (RFC 9290): `{-1: title, -2: detail}` and the fields.
    public var problemDetails: CBORValue {
        let standard = [
            CBORMapEntry(.integer(-1), .text(code.title)),
            CBORMapEntry(.integer(-2), .text(message)),
        ]
        return .sortedMap(standard + (fields.mapValue ?? []))
    }
}
