internal import CBOR

/// What is known to be wrong with a policy, so that a check looks for the next problem.
struct KnownProblems {
    /// The places that could not be read as they are written.
    var places = CBORExcuses()
    /// What the checks found.
    var found: Set<CBORFieldError> = []

    /// Throws a problem, unless it is known or may follow from a place that could not be read.
    func refuse(
        _ path: String,
        _ problem: @autoclosure () -> String
    ) throws(CBORFieldError) {
        guard !places.touches(path) else { return }
        let error = CBORFieldError(path: path, problem: problem())
        guard found.contains(error) else { throw error }
    }
}

extension PolicyNames {
    /// Throws a problem, unless it is known.
    func refuse(
        _ path: String,
        _ problem: @autoclosure () -> String
    ) throws(CBORFieldError) {
        try known.refuse(path, problem())
    }

    /// Whether the parameter that something depends on stands as it must; true where that is not known.
    func holds(
        _ condition: ParameterCondition?,
        in document: PolicyDocument,
        at path: String
    ) throws(CBORFieldError) -> Bool {
        guard let condition else { return true }
        do throws(CBORFieldError) {
            return try condition.holds(in: document.parameters, at: path)
        } catch {
            try refuse(error.path, error.problem)
            return true
        }
    }
}
