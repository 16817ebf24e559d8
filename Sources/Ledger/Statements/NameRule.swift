/// The character rules for the names that statements carry.
///
/// Every rule is ASCII, so that two names that look the same are the same bytes.
enum NameRule {
    /// A member id: lower-case letters, digits and inner hyphens, 1 to 63 characters.
    ///
    /// It becomes a label of the cosigner key's name, hence the rule of a DNS label.
    case member
    /// An id of a claim, organisation, policy, catalogue or SKU: letters, digits and `._:-`,
    /// starting with a letter or digit, 1 to 64 characters.
    case identifier
    /// A subject: visible ASCII, 1 to 160 characters, since a vote is about `kind/issuer/id`.
    case subject
    /// An ISO 3166-1 alpha-2 code: two upper-case letters.
    case country
    /// A log origin: visible ASCII without `+`, 1 to 128 characters.
    case origin
    /// An address or URL: visible ASCII, 1 to 255 characters.
    case address
    /// A short text for people: any UTF-8 without control characters, 1 to 512 bytes.
    case sentence

    /// The largest length in UTF-8 bytes.
    var maximumLength: Int {
        switch self {
        case .member: 63
        case .identifier: 64
        case .country: 2
        case .origin: 128
        case .subject: 160
        case .address: 255
        case .sentence: 512
        }
    }

    /// What the rule asks for, for messages.
    var expectation: String {
        switch self {
        case .member: "1 to 63 lower-case letters, digits or inner hyphens"
        case .identifier: "1 to 64 letters, digits or ._:- starting with a letter or digit"
        case .country: "an ISO 3166-1 alpha-2 code in upper case"
        case .subject: "1 to 160 visible ASCII characters"
        case .origin: "1 to 128 visible ASCII characters without '+'"
        case .address: "1 to 255 visible ASCII characters"
        case .sentence: "1 to 512 bytes of text without control characters"
        }
    }

    /// Whether `text` follows the rule.
    func allows(_ text: String) -> Bool {
        let characters = text.utf8
        guard let first = characters.first, characters.count <= maximumLength else { return false }
        switch self {
        case .member:
            return first != UInt8(ascii: "-") && characters.last != UInt8(ascii: "-")
                && characters.allSatisfy { $0.isLowercase || $0.isDigit || $0 == UInt8(ascii: "-") }
        case .identifier:
            return (first.isLowercase || first.isUppercase || first.isDigit)
                && characters.allSatisfy {
                    $0.isLowercase || $0.isUppercase || $0.isDigit || $0.isJoiner
                }
        case .country:
            return characters.count == 2 && characters.allSatisfy(\.isUppercase)
        case .origin:
            return characters.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") }
        case .address, .subject:
            return characters.allSatisfy { (0x21...0x7E).contains($0) }
        case .sentence:
            return characters.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
    }
}

extension UInt8 {
    fileprivate var isLowercase: Bool { (0x61...0x7A).contains(self) }
    fileprivate var isUppercase: Bool { (0x41...0x5A).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    /// One of `.`, `_`, `:`, `-`.
    fileprivate var isJoiner: Bool { self == 0x2E || self == 0x5F || self == 0x3A || self == 0x2D }
}
