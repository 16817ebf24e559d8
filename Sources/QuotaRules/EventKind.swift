/// What can happen to a consignment after it was claimed, by the names of the formats.
public enum EventKind: String, CaseIterable, Hashable, Sendable {
    /// The receiving government says yes or no.
    case consent
    /// The authorisation to ship.
    case licence
    /// A laboratory has tested the goods.
    case test
    /// Goods leave.
    case ship
    /// More tags of what was shipped.
    case tags
    /// Goods arrive.
    case accept
    /// Goods were seen where they should be.
    case presence
    /// Goods change hands inside the country.
    case transfer
    /// Goods come back.
    case turnBack = "return"
    /// Goods are missing.
    case lost
    /// Lost goods turn up.
    case found
    /// Goods are destroyed.
    case retire
    /// Somebody contests where goods are.
    case dispute
    /// Private values were shown to somebody.
    case disclose
    /// A claim is made smaller.
    case amendDown = "amend_down"
    /// A claim is made larger.
    case amendUp = "amend_up"
    /// A dispute ends; by a decision of k of n.
    case resolve
    /// Lost goods are written off; by a decision of k of n.
    case writeOff = "write_off"
    /// The books are put right; by a decision of k of n.
    case correct

    /// Whether k of n governments decide it, instead of those who sign.
    public var isDecided: Bool {
        switch self {
        case .resolve, .writeOff, .correct: true
        default: false
        }
    }
}
