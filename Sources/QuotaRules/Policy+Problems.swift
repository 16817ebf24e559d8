public import CBOR

extension Policy {
    /// The most problems that are looked for in one document.
    public static let problemsMax = 100

    /// Everything that is wrong with a policy document, in the order in which it is found; empty for
    /// one that ``decode(_:)`` reads.
    ///
    /// A problem that may follow from another is found when that is mended. Above all, names are
    /// looked up only when every part of the document can be read: a limit that cannot is no name that
    /// is missing.
    ///
    /// - Parameter value: The document.
    /// - Returns: The problems, ``problemsMax`` at most.
    public static func problems(in value: CBORValue) -> [CBORFieldError] {
        var problems: [CBORFieldError] = []
        var known = KnownProblems()
        let read = reading(value, &known.places, &problems)
        guard let document = read, !known.places.dropsSomething else { return problems }
        while problems.count < problemsMax {
            do throws(CBORFieldError) {
                _ = try PolicyIndex(document, known: known)
                return problems
            } catch {
                guard known.found.insert(error).inserted, !problems.contains(error) else {
                    return problems
                }
                problems.append(error)
            }
        }
        return problems
    }

    /// Reads a document again and again, each time past one problem more.
    ///
    /// - Returns: The document with stand-ins at the excused places; nil if it cannot be read past
    ///   some problem.
    private static func reading(
        _ value: CBORValue,
        _ excuses: inout CBORExcuses,
        _ problems: inout [CBORFieldError]
    ) -> PolicyDocument? {
        while problems.count < problemsMax {
            do throws(CBORFieldError) {
                return try PolicyDocument(CBORItem(value, excuses: excuses))
            } catch {
                if !excuses.contains(error.path) { problems.append(error) }
                guard excuses.add(error) else { return nil }
            }
        }
        return nil
    }
}
