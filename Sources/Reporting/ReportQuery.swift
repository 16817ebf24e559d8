import Ledger
import MerkleLog
import QuotaRules

/// The reports that one book of one ledger gives.
public enum ReportKind: String, Hashable, Sendable, CaseIterable {
    /// What countries had, got, gave back and have.
    case party
    /// The same for groups of countries, with their members.
    case group
    /// Who holds how much: ultimate parents and consignees, and how near they are to a threshold.
    case concentration
    /// What exporters drew on their authorisations.
    case licences
    /// Sums that are capped by another sum.
    case ratio
    /// Units and TPP by chip type.
    case chips
    /// Opening, plus, minus, closing by month, quarter or year.
    case rollForward = "roll-forward"
    /// What needs somebody's attention.
    case exceptions
    /// Who decides, by which rules, and what was decided.
    case governance
    /// Which policies hold, are to come, and were.
    case policies

    /// What it is about, for people.
    public var title: String {
        switch self {
        case .party: "Party statement"
        case .group: "Group statement"
        case .concentration: "Concentration by ultimate parent and consignee"
        case .licences: "Licence utilisation by exporter"
        case .ratio: "Ratio report"
        case .chips: "Chip types"
        case .rollForward: "Roll-forward by period"
        case .exceptions: "Exceptions"
        case .governance: "Governance"
        case .policies: "Policies"
        }
    }
}

/// What is asked of a report.
public struct ReportQuery: Hashable, Sendable {
    /// Which report.
    public let kind: ReportKind
    /// Only this country, ISO 3166-1 alpha-2; nil for all.
    public var country: String?
    /// Only this exporter, by member id; nil for all.
    public var exporter: String?
    /// Only what moved in this period.
    public var period: ReportPeriod = .all
    /// How long the periods of a roll-forward are.
    public var step: ReportPeriod.Step = .month

    /// A question for the whole of a report.
    public init(_ kind: ReportKind) {
        self.kind = kind
    }
}

extension LedgerBook {
    /// Makes a report.
    ///
    /// - Parameter query: What is asked.
    /// - Returns: The report; nil if the book is empty.
    public func report(_ query: ReportQuery) -> ReportDocument? {
        guard let state else { return nil }
        return ReportMaker(book: self, state: state, query: query).document
    }
}

/// One report while it is made.
struct ReportMaker {
    let book: LedgerBook
    let state: LedgerState
    let query: ReportQuery

    /// The whole report.
    var document: ReportDocument {
        var document = ReportDocument(
            name: query.kind.rawValue,
            title: title,
            place: ReportPlace(state)
        )
        switch query.kind {
        case .party: addParties(to: &document)
        case .group: addGroups(to: &document)
        case .concentration: addConcentration(to: &document)
        case .licences: addLicences(to: &document)
        case .ratio: addRatios(to: &document)
        case .chips: addChips(to: &document)
        case .rollForward: addRollForward(to: &document)
        case .exceptions: addExceptions(to: &document)
        case .governance: addGovernance(to: &document)
        case .policies: addPolicies(to: &document)
        }
        return document
    }

    private var title: String {
        var title = query.kind.title
        if let country = query.country { title += " of \(country)" }
        if let exporter = query.exporter { title += " of \(exporter)" }
        if query.period != .all { title += ", \(query.period.name)" }
        return title
    }
}

extension ReportPlace {
    /// The place that a state is.
    init(_ state: LedgerState) {
        let policy = state.policy
        let catalogue = state.catalogue
        self.init(
            origin: state.origin,
            size: state.size,
            root: state.tree.root,
            height: state.height,
            time: state.blockTime,
            policy:
                "\(policy.document.id) version \(policy.document.version) (leaf \(policy.index))",
            catalogue: "\(catalogue.document.id) version \(catalogue.document.version) "
                + "(leaf \(catalogue.index))"
        )
    }
}
