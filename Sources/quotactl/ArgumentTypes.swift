public import ArgumentParser
public import Ledger
public import QuotaRules

// Values of the ledger that stand on the command line as they stand in its formats.

extension CalendarDate: ExpressibleByArgument {
    /// A date as YYYY-MM-DD.
    public init?(argument: String) { self.init(argument) }
}

extension Bucket: ExpressibleByArgument {}

extension VoteBody.Choice: ExpressibleByArgument {}
extension BallotSubject.Kind: ExpressibleByArgument {}
