/// Why a signed object was refused.
public struct COSEError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of defect; each calls for another reaction.
    public enum Code: String, Hashable, Sendable {
        /// The bytes are not deterministic CBOR.
        case encoding
        /// The CBOR is not a COSE_Sign1 or COSE_Key of the right shape.
        case structure
        /// The algorithm is absent or neither EdDSA (−8) nor Ed25519 (−19).
        case algorithm
        /// The `crit` header names something; nothing is understood beyond the base standard.
        case critical
        /// The payload is needed and absent, or given twice.
        case payload
        /// The signature does not fit the key and the bytes.
        case signature
    }

    /// The kind of defect.
    public let code: Code
    /// The part of the object, such as `protected` or `unprotected.394`.
    public let field: String
    /// What was expected and what came.
    public let problem: String

    /// A defect of one part.
    public init(_ code: Code, field: String, problem: String) {
        self.code = code
        self.field = field
        self.problem = problem
    }

    /// The part and the problem.
    public var description: String { "COSE \(field): \(problem)" }
}
