import QuotaCrypto

/// JSON form: `{"state": "final" | "pending" | "refused" | "pool-full", ...}`.
extension SubmissionOutcome: Codable {
    private enum CodingKeys: String, CodingKey {
        case state
        case entry
        case index
        case size
        case receipt
        case isDuplicate
        case decision
        case retryAfter
        case notice
        case intake
        case problem
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch try fields.decode(String.self, forKey: .state) {
        case "final": self = .final(try Self.finalEntry(fields))
        case "pending":
            self = .pending(
                PendingEntry(
                    entry: try fields.decode(String.self, forKey: .entry),
                    retryAfter: try fields.decode(Int.self, forKey: .retryAfter),
                    notice: try fields.decodeIfPresent(String.self, forKey: .notice),
                    intake: try Self.bytes(.intake, fields)
                )
            )
        case "refused":
            self = .refused(try fields.decode(RefusalDocument.self, forKey: .problem))
        case "pool-full":
            self = .poolFull(retryAfter: try fields.decode(Int.self, forKey: .retryAfter))
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .state,
                in: fields,
                debugDescription: "unknown state \(other)"
            )
        }
    }

    private static func finalEntry(
        _ fields: KeyedDecodingContainer<CodingKeys>
    ) throws -> FinalEntry {
        FinalEntry(
            entry: try fields.decode(String.self, forKey: .entry),
            index: try fields.decode(UInt64.self, forKey: .index),
            size: try fields.decode(UInt64.self, forKey: .size),
            receipt: try bytes(.receipt, fields),
            isDuplicate: try fields.decodeIfPresent(Bool.self, forKey: .isDuplicate) ?? false,
            decision: try fields.decodeIfPresent(DecisionDocument.self, forKey: .decision)
        )
    }

    private static func bytes(
        _ key: CodingKeys,
        _ fields: KeyedDecodingContainer<CodingKeys>
    ) throws -> [UInt8]? {
        try fields.decodeIfPresent(String.self, forKey: key).map { text in
            guard let bytes = Base64.decode(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key,
                    in: fields,
                    debugDescription: "expected base64"
                )
            }
            return bytes
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .final(let entry):
            try fields.encode("final", forKey: .state)
            try fields.encode(entry.entry, forKey: .entry)
            try fields.encode(entry.index, forKey: .index)
            try fields.encode(entry.size, forKey: .size)
            try fields.encodeIfPresent(entry.receipt.map(Base64.encode), forKey: .receipt)
            try fields.encode(entry.isDuplicate, forKey: .isDuplicate)
            try fields.encodeIfPresent(entry.decision, forKey: .decision)
        case .pending(let entry):
            try fields.encode("pending", forKey: .state)
            try fields.encode(entry.entry, forKey: .entry)
            try fields.encode(entry.retryAfter, forKey: .retryAfter)
            try fields.encodeIfPresent(entry.notice, forKey: .notice)
            try fields.encodeIfPresent(entry.intake.map(Base64.encode), forKey: .intake)
        case .refused(let refusal):
            try fields.encode("refused", forKey: .state)
            try fields.encode(refusal, forKey: .problem)
        case .poolFull(let retryAfter):
            try fields.encode("pool-full", forKey: .state)
            try fields.encode(retryAfter, forKey: .retryAfter)
        }
    }
}
