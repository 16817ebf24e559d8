/// JSON form: the decision's own fields, or `{"outcome": "refuse", "problem": {...}}`.
extension DryRunVerdict: Codable {
    private enum CodingKeys: String, CodingKey {
        case outcome
        case problem
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        if let refusal = try fields.decodeIfPresent(RefusalDocument.self, forKey: .problem) {
            self = .refused(refusal)
        } else {
            self = .judged(try DecisionDocument(from: decoder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .judged(let decision): try decision.encode(to: encoder)
        case .refused(let refusal):
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(DecisionDocument.Outcome.refuse, forKey: .outcome)
            try fields.encode(refusal, forKey: .problem)
        }
    }
}
