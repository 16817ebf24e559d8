internal import CBOR

/// One thing that can be shipped: an integrated circuit, or an assembly of several of one kind.
public struct ChipItem: Hashable, Sendable {
    /// Several of one integrated circuit.
    public struct Contents: Hashable, Sendable {
        /// The circuit, an earlier item of the catalogue.
        public let sku: String
        /// How many, at least 1.
        public let count: UInt64
    }

    /// The id.
    public let sku: String
    /// What it is called.
    public let name: String
    /// Who designed it.
    public let designer: String
    /// The export control classification number, if the designer states one.
    public let eccn: String?
    /// What an assembly contains; nil for a single circuit.
    public let contents: Contents?
    /// TPP of the whole item.
    public let tpp: Tpp
    /// TPP of one circuit.
    public let circuitTpp: Tpp
    /// Die area that counts towards performance density, in tenths of a square millimetre.
    public let dieArea: UInt64?
    /// Memory bandwidth of one circuit, in GB/s.
    public let memoryBandwidth: UInt64?
    /// Whether it is designed or marketed for data centres.
    public let isDatacentre: Bool
    /// Whether a figure is an estimate and not the designer's.
    public let isEstimate: Bool
    /// Where the figures come from, and how they were computed.
    public let source: String

    /// How many integrated circuits it has.
    public var circuits: UInt64 { contents?.count ?? 1 }

    init(
        _ item: CBORItem,
        earlier: (String) -> ChipItem?
    ) throws(CBORFieldError) {
        var fields = try item.fields()
        sku = try fields.item("sku").identifier()
        name = try fields.item("name").prose()
        designer = try fields.text("designer", maxLength: 64)
        eccn = try fields.ifPresent("eccn") { item throws(CBORFieldError) in
            try item.identifier()
        }
        source = try fields.item("source").prose()
        guard let place = fields.optionalItem("contents") else {
            contents = nil
            tpp = Tpp(
                tenths: try fields.item("tpp").decimal(fractionDigits: 1, below: Tpp.claimBound)
            )
            circuitTpp = tpp
            dieArea = try fields.ifPresent("dieArea") { item throws(CBORFieldError) in
                let area = try item.decimal(fractionDigits: 1, below: 1 << 24)
                guard area > 0 else { throw item.error("expected more than 0") }
                return area
            }
            memoryBandwidth = try fields.optionalUnsigned("memoryBandwidth", max: 1 << 24)
            isDatacentre = try fields.boolean("datacentre")
            isEstimate = try fields.boolean("estimate")
            try fields.finish()
            return
        }
        // An assembly takes its figures from its circuit, so that they cannot disagree.
        let contents = try Contents(place)
        guard let circuit = earlier(contents.sku), circuit.contents == nil else {
            throw CBORFieldError(
                path: "\(place.path).sku",
                problem: "expected a circuit that stands earlier"
            )
        }
        guard let total = circuit.tpp.multiplied(by: contents.count),
            total.tenths < Tpp.claimBound
        else { throw CBORFieldError(path: "\(place.path).count", problem: "too large") }
        self.contents = contents
        tpp = total
        circuitTpp = circuit.tpp
        dieArea = circuit.dieArea
        memoryBandwidth = circuit.memoryBandwidth
        isDatacentre = circuit.isDatacentre
        isEstimate = circuit.isEstimate
        try fields.finish()
    }

    var cbor: CBORValue {
        let isCircuit = contents == nil
        return .object([
            ("sku", .text(sku)), ("name", .text(name)), ("designer", .text(designer)),
            ("eccn", eccn.map { .text($0) }), ("contents", contents?.cbor),
            ("tpp", isCircuit ? .text(tpp.text) : nil),
            ("dieArea", isCircuit ? dieArea.map { .decimal($0, fractionDigits: 1) } : nil),
            ("memoryBandwidth", isCircuit ? memoryBandwidth.map { .unsigned($0) } : nil),
            ("datacentre", isCircuit ? .boolean(isDatacentre) : nil),
            ("estimate", isCircuit ? .boolean(isEstimate) : nil), ("source", .text(source)),
        ])
    }
}

extension ChipItem.Contents {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        sku = try fields.item("sku").identifier()
        let count = try fields.item("count")
        self.count = try count.unsigned(max: 1_000_000)
        guard self.count > 0 else { throw count.error("expected at least 1") }
        try fields.finish()
    }

    var cbor: CBORValue { .object([("sku", .text(sku)), ("count", .unsigned(count))]) }
}
