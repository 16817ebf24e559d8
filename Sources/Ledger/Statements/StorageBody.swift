public import CBOR
public import QuotaCrypto
public import QuotaRules

/// Where the weights of a model are kept: the body of a storage statement.
///
/// Layout: `{facility, owner, operations, model: bstr32}`. The statement's subject is an id that its
/// issuer chooses. Admitted or refused by the section `weights` of the policy in force.
public struct StorageBody: Hashable, Sendable {
    /// The id of the registered facility.
    public let facility: String
    /// The registered organisation that owns the weights.
    public let owner: String
    /// How many operations the training took, all further training included.
    public let operations: OperationCount
    /// The salted digest of the model's name and version, which stay private.
    public let model: Digest

    /// A declaration with the given contents.
    public init(facility: String, owner: String, operations: OperationCount, model: Digest) {
        self.facility = facility
        self.owner = owner
        self.operations = operations
        self.model = model
    }

    /// Reads a declaration.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        facility = try fields.text("facility", .identifier)
        owner = try fields.text("owner", .identifier)
        operations = try OperationCount(try fields.item("operations"))
        model = try fields.digest("model")
        try fields.finish()
    }

    /// The declaration as CBOR.
    public var cbor: CBORValue {
        .object([
            ("facility", .text(facility)), ("owner", .text(owner)),
            ("operations", .text(operations.text)), ("model", .bytes(model.bytes)),
        ])
    }
}
