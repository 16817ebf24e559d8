internal import CBOR

/// A named switch between readings of a text that is silent or contradicts itself.
public struct PolicyParameter: Hashable, Sendable {
    /// A position of a switch.
    public enum Value: Hashable, Sendable, CustomStringConvertible {
        /// On or off.
        case boolean(Bool)
        /// One of several readings by name.
        case choice(String)

        /// `true`, `false` or the name.
        public var description: String {
            switch self {
            case .boolean(let value): value ? "true" : "false"
            case .choice(let name): name
            }
        }

        init(_ item: CBORItem) throws(CBORFieldError) {
            if case .boolean(let value) = item.value {
                self = .boolean(value)
            } else {
                self = .choice(try item.identifier())
            }
        }

        var cbor: CBORValue {
            switch self {
            case .boolean(let value): .boolean(value)
            case .choice(let name): .text(name)
            }
        }
    }

    /// The id.
    public let id: String
    /// Its position.
    public let value: Value
    /// What it means, or for a switch with two positions what it means when it is set.
    public let title: String
    /// The paragraph that can be read in several ways.
    public let citation: String

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        value = try Value(fields.item("value"))
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("value", value.cbor), ("title", .text(title)),
            ("citation", .text(citation)),
        ])
    }
}

/// What must hold of a parameter: `{id, is}`.
public struct ParameterCondition: Hashable, Sendable {
    /// The id of the parameter.
    public let parameter: String
    /// The position.
    public let value: PolicyParameter.Value

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        parameter = try fields.item("id").identifier()
        value = try PolicyParameter.Value(fields.item("is"))
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([("id", .text(parameter)), ("is", value.cbor)])
    }

    /// Whether the parameter stands in the position.
    ///
    /// - Parameters:
    ///   - parameters: The parameters of the policy.
    ///   - path: The place of the condition.
    /// - Returns: Whether it does.
    /// - Throws: `CBORFieldError` if there is no such parameter, or it has another kind of position.
    func holds(
        in parameters: [PolicyParameter],
        at path: String
    ) throws(CBORFieldError) -> Bool {
        let stands = try parameters.value(of: parameter, at: "\(path).id")
        switch (stands, value) {
        case (.boolean(let stands), .boolean(let wanted)): return stands == wanted
        case (.choice(let stands), .choice(let wanted)): return stands == wanted
        case (.boolean, .choice), (.choice, .boolean):
            throw CBORFieldError(
                path: "\(path).is",
                problem: "the parameter '\(parameter)' has another kind of value"
            )
        }
    }
}

extension [PolicyParameter] {
    /// The position of a parameter.
    func value(
        of id: String,
        at path: String
    ) throws(CBORFieldError) -> PolicyParameter.Value {
        guard let parameter = first(where: { $0.id == id }) else {
            throw CBORFieldError(path: path, problem: "there is no parameter '\(id)'")
        }
        return parameter.value
    }
}

/// One of the named values of an enumeration, written as itself or as the parameter that says it:
/// `"hq"` or `{"parameter": "allocation_attribution"}`.
public struct Reading<Value>: Hashable, Sendable
where
    Value: RawRepresentable & CaseIterable & Hashable & Sendable,
    Value.RawValue == String
{
    /// The value that holds.
    public let value: Value
    /// The parameter that says it; nil if it is written in place.
    public let parameter: String?

    init(_ item: CBORItem, _ parameters: [PolicyParameter]) throws(CBORFieldError) {
        guard case .map = item.value else {
            value = try item.choice(Value.self)
            parameter = nil
            return
        }
        var fields = try item.fields()
        let place = try fields.item("parameter")
        let id = try place.identifier()
        try fields.finish()
        let stands = try parameters.value(of: id, at: place.path)
        guard case .choice(let name) = stands, let known = Value(rawValue: name) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw place.error("the parameter is '\(stands)'; expected one of: \(names)")
        }
        value = known
        parameter = id
    }

    var cbor: CBORValue {
        parameter.map { .object([("parameter", .text($0))]) } ?? .text(value.rawValue)
    }
}
