package import CBOR
import QuotaCrypto

/// CBOR form, for programs that submit many: the same fields with byte strings for hashes and
/// receipts and an RFC 9290 map under `problem`. It leaves the decision of admitted claims out.
extension SubmissionOutcome {
    /// The outcome as deterministic CBOR.
    package var cbor: CBORValue {
        switch self {
        case .final(let entry):
            .object([
                ("state", "final"),
                ("entry", Hex.decode(entry.entry).map(CBORValue.bytes)),
                ("index", .unsigned(entry.index)),
                ("size", .unsigned(entry.size)),
                ("receipt", entry.receipt.map(CBORValue.bytes)),
                ("isDuplicate", .boolean(entry.isDuplicate)),
            ])
        case .pending(let entry):
            .object([
                ("state", "pending"),
                ("entry", Hex.decode(entry.entry).map(CBORValue.bytes)),
                ("retryAfter", .integer(Int64(entry.retryAfter))),
                ("notice", entry.notice.map(CBORValue.text)),
                ("intake", entry.intake.map(CBORValue.bytes)),
            ])
        case .refused(let refusal):
            .object([("state", "refused"), ("problem", APIProblem.rejected(refusal).cbor)])
        case .poolFull(let retryAfter):
            .object([("state", "pool-full"), ("retryAfter", .integer(Int64(retryAfter)))])
        }
    }

    /// Reads the CBOR form.
    package init(cbor value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        let state = try fields.text("state", maxLength: 16)
        switch state {
        case "final":
            self = .final(
                FinalEntry(
                    entry: Hex.encode(try fields.bytes("entry", count: Digest.byteCount)),
                    index: try fields.unsigned("index"),
                    size: try fields.unsigned("size"),
                    receipt: fields.optional("receipt")?.bytesValue,
                    isDuplicate: try fields.boolean("isDuplicate")
                )
            )
        case "pending":
            self = .pending(
                PendingEntry(
                    entry: Hex.encode(try fields.bytes("entry", count: Digest.byteCount)),
                    retryAfter: Int(try fields.unsigned("retryAfter", max: 86_400)),
                    notice: try fields.optionalText("notice", maxLength: 4_096),
                    intake: fields.optional("intake")?.bytesValue
                )
            )
        case "refused":
            self = .refused(
                try APIProblem(cbor: try fields.required("problem"), status: 400).refusal
            )
        case "pool-full":
            self = .poolFull(retryAfter: Int(try fields.unsigned("retryAfter", max: 86_400)))
        default:
            throw CBORFieldError(path: "\(path).state", problem: "unknown state \(state)")
        }
    }
}
