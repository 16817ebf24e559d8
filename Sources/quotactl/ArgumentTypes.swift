public import ArgumentParser
public import Ledger
public import QuotaRules
public import Reporting

// Values of the ledger that stand on the command line as they stand in its formats.

extension CalendarDate: ExpressibleByArgument {
    /// A date as YYYY-MM-DD.
    public init?(argument: String) { self.init(argument) }
}

extension Bucket: ExpressibleByArgument {}

extension VoteBody.Choice: ExpressibleByArgument {}
extension BallotSubject.Kind: ExpressibleByArgument {}

extension ReportKind: ExpressibleByArgument {}
extension ReportPeriod.Step: ExpressibleByArgument {}

extension ReportPeriod: ExpressibleByArgument {
    /// A period as 2026, 2026-Q1, 2026-03 or all.
    public init?(argument: String) { self.init(argument) }
    /// How help names the default.
    public var defaultValueDescription: String { name }
}
