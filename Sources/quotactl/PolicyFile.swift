import CBOR
import QuotaRules

/// Policy and catalogue files that a person named.
enum PolicyFile {
    /// Reads a policy.
    ///
    /// - Throws: An error with file, path and problem.
    static func policy(_ path: String) throws -> Policy {
        try ProposalOptions.document(path) { value throws(CBORFieldError) in
            try Policy.decode(value)
        }
    }

    /// Reads a chip catalogue.
    ///
    /// - Throws: An error with file, path and problem.
    static func catalogue(_ path: String) throws -> ChipCatalogue {
        try ProposalOptions.document(path) { value throws(CBORFieldError) in
            try ChipCatalogue.decode(value)
        }
    }
}
