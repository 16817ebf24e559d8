import Verifier

/// Every byte of an artefact changed in three ways, one at a time: lowest bit, highest bit, removed.
func everyTampering(_ bytes: [UInt8], _ body: ([UInt8], String) throws -> Void) rethrows {
    for index in bytes.indices {
        for change: UInt8 in [0x01, 0x80] {
            var changed = bytes
            changed[index] ^= change
            try body(changed, "byte \(index) xor \(change)")
        }
        if index.isMultiple(of: 7) {
            var shorter = bytes
            shorter.remove(at: index)
            try body(shorter, "byte \(index) removed")
        }
    }
    try body(bytes + [0], "a byte added")
    try body([], "nothing")
}

/// The kinds of reasons for which `check` fails; none if it passes.
func failureCodes(
    _ check: () throws(VerificationFailure) -> Void
) -> [VerificationFailure.Code] {
    do {
        try check()
        return []
    } catch {
        return error.reasons.map(\.code)
    }
}
