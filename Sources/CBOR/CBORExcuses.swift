/// Places of a document whose problem is known already.
///
/// A decoder throws its first problem. To find the others the document is read again with that place
/// excused: there the reader takes a stand-in and goes on to the next problem. What is dropped is
/// left out of the list or optional field that holds it, since no stand-in could take its place.
public struct CBORExcuses: Hashable, Sendable {
    /// Whether each known place is dropped with what holds it.
    private var places: [String: Bool] = [:]

    /// No place.
    public init() {}

    /// Whether something is dropped, so that names may be missing that the document has.
    public var dropsSomething: Bool { places.values.contains(true) }

    /// Excuses the place of a problem; drops it if that was not enough to read past it.
    ///
    /// - Returns: Whether the document can be read differently now.
    public mutating func add(_ problem: CBORFieldError) -> Bool {
        guard let isDropped = places[problem.path] else {
            places[problem.path] = false
            return true
        }
        places[problem.path] = true
        return !isDropped
    }

    /// Whether the problem at a place is known.
    public func contains(_ path: String) -> Bool { places[path] != nil }

    /// Whether a problem at a place or inside it is known, so that another there may follow from it.
    public func touches(_ path: String) -> Bool {
        places.keys.contains { place in
            guard place.hasPrefix(path) else { return false }
            let next = place.utf8.dropFirst(path.utf8.count).first
            return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
        }
    }

    /// Whether what has this problem is left out.
    public func drops(_ problem: CBORFieldError) -> Bool { places[problem.path] == true }
}

extension CBORItem {
    /// A value that stands in for a wrong one, where the problem is excused.
    ///
    /// - Throws: The problem, where it is not.
    public func excused<Value>(
        _ standIn: Value,
        or problem: @autoclosure () -> String
    ) throws(CBORFieldError) -> Value {
        guard excuses?.contains(path) ?? false else { throw error(problem()) }
        return standIn
    }

    /// Refuses the value unless something holds, or a problem in it is known that may be the reason.
    public func require(
        _ holds: Bool,
        _ problem: @autoclosure () -> String
    ) throws(CBORFieldError) {
        guard holds || excuses?.touches(path) ?? false else { throw error(problem()) }
    }

    /// Reads the value, or gives nil where it is dropped.
    public func unlessDropped<Value>(
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> Value? {
        guard let excuses else { return try read(self) }
        do throws(CBORFieldError) {
            return try read(self)
        } catch {
            guard excuses.drops(error) else { throw error }
            return nil
        }
    }
}

extension CBORFields {
    /// Refuses the map unless something holds of it, or a problem in it is known that may be the
    /// reason.
    ///
    /// - Parameters:
    ///   - holds: What must hold.
    ///   - place: The field to name, as in `steps[1].from`; nil for the map itself.
    ///   - problem: What is wrong.
    /// - Throws: `CBORFieldError` if it does not hold.
    public func require(
        _ holds: Bool,
        at place: String? = nil,
        _ problem: @autoclosure () -> String
    ) throws(CBORFieldError) {
        guard holds || excuses?.touches(path) ?? false else {
            throw CBORFieldError(
                path: place.map { "\(path).\($0)" } ?? path,
                problem: problem()
            )
        }
    }
}
