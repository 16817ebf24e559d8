/// Everything that speaks against what was to be proven.
public struct VerificationFailure: Error, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Reason: Hashable, Sendable {
        /// What kind of thing.
        public let code: Code
        /// A sentence for people that names the place.
        public let message: String

        /// A reason.
        public init(_ code: Code, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    /// The kinds of reasons; the texts are stable and meant for programs.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The bytes do not have the form that they should have.
        case malformed
        /// The trust policy lists no key for this ledger.
        case unknownLedger = "unknown-ledger"
        /// The artefact belongs to another ledger than it says or than was asked for.
        case otherLedger = "other-ledger"
        /// The artefact is about another account than was asked for.
        case otherAccount = "other-account"
        /// A signature by a trusted key does not hold.
        case badSignature = "bad-signature"
        /// Too few of the trusted keys signed.
        case quorumNotMet = "quorum-not-met"
        /// A receipt's signed claims differ from its proof.
        case claimsDiffer = "claims-differ"
        /// The inclusion path does not lead to the signed root.
        case notIncluded = "not-included"
        /// The proof does not show that the newer tree extends the older.
        case notConsistent = "not-consistent"
        /// Two different trees of one size were signed.
        case fork
        /// The evidence shows nothing that an honest log could not have signed.
        case noConflict = "no-conflict"
        /// The state holds something where the proof was to show that it holds nothing.
        case notAbsent = "not-absent"
        /// An opened value is not the one behind any salted digest of the statement.
        case notDisclosed = "not-disclosed"
        /// The block header is not the last leaf of the checkpoint.
        case notTheState = "not-the-state"
        /// The map path does not lead to the root in the header.
        case mapMismatch = "map-mismatch"
        /// A block or a statement in it breaks the ledger's rules.
        case ruleBroken = "rule-broken"
        /// A tile differs from what the entries hash to.
        case tileMismatch = "tile-mismatch"
        /// The entries do not hash to the signed root.
        case rootMismatch = "root-mismatch"
        /// The newest quorum of signatures is older than asked for.
        case stale
        /// The checkpoint is not later than what it was to be compared with.
        case tooEarly = "too-early"
    }

    /// The reasons, at least one, in the order in which they were found.
    public let reasons: [Reason]

    /// A failure for several reasons.
    public init(_ reasons: [Reason]) {
        precondition(!reasons.isEmpty, "a failure has a reason")
        self.reasons = reasons
    }

    /// A failure for one reason.
    public init(_ code: Code, _ message: String) {
        reasons = [Reason(code, message)]
    }

    /// Whether one of the reasons is of this kind.
    public func has(_ code: Code) -> Bool {
        reasons.contains { $0.code == code }
    }
}

extension VerificationFailure: CustomStringConvertible {
    /// All reasons, each with its code.
    public var description: String {
        reasons.map { "\($0.code.rawValue): \($0.message)" }.joined(separator: "; ")
    }
}
