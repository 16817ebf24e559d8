import CBOR
import QuotaCrypto
import QuotaRules

extension CBORItem {
    /// Text that follows `rule`.
    func text(_ rule: NameRule) throws(CBORFieldError) -> String {
        guard case .text(let text) = value else { throw error("expected text") }
        guard rule.allows(text) else { throw error("expected \(rule.expectation)") }
        return text
    }

    /// 32 bytes.
    func digest() throws(CBORFieldError) -> Digest {
        guard let digest = Digest(try bytes(count: Digest.byteCount)) else {
            throw error("expected \(Digest.byteCount) bytes")
        }
        return digest
    }

    /// A day, `YYYY-MM-DD`.
    func calendarDate() throws(CBORFieldError) -> CalendarDate {
        guard let date = CalendarDate(try text(maxLength: 10)) else {
            throw error("expected a date, YYYY-MM-DD")
        }
        return date
    }

    /// A public key that passes the registration rule.
    func publicKey() throws(CBORFieldError) -> Ed25519.PublicKey {
        let bytes = try bytes(count: Ed25519.PublicKey.byteCount)
        do {
            return try Ed25519.PublicKey(bytes)
        } catch {
            throw self.error("is not an acceptable Ed25519 key")
        }
    }
}

extension CBORFields {
    /// The required text `name`, which must follow `rule`.
    mutating func text(_ name: String, _ rule: NameRule) throws(CBORFieldError) -> String {
        try item(name).text(rule)
    }

    /// The text `name`, which must follow `rule`, or nil if it is absent.
    mutating func optionalText(
        _ name: String,
        _ rule: NameRule
    ) throws(CBORFieldError) -> String? {
        guard let item = optionalItem(name) else { return nil }
        return try item.text(rule)
    }

    /// The required 32 bytes `name`.
    mutating func digest(_ name: String) throws(CBORFieldError) -> Digest {
        try item(name).digest()
    }

    /// The required day `name`.
    mutating func date(_ name: String) throws(CBORFieldError) -> CalendarDate {
        try item(name).calendarDate()
    }

    /// The 32 bytes `name`, or nil if they are absent.
    mutating func optionalDigest(_ name: String) throws(CBORFieldError) -> Digest? {
        try optionalItem(name)?.digest()
    }

    /// True or absent.
    mutating func flag(_ name: String) throws(CBORFieldError) -> Bool {
        guard let item = optionalItem(name) else { return false }
        guard try item.boolean() else { throw item.error("false is left out") }
        return true
    }

    /// The required public key `name`.
    mutating func publicKey(_ name: String) throws(CBORFieldError) -> Ed25519.PublicKey {
        try item(name).publicKey()
    }
}
