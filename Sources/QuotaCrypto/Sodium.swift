import CSodium

/// The one place that initialises libsodium.
enum Sodium {
    /// Initialised once per process; read it before any call into the library.
    static let isReady: Bool = sodium_init() >= 0

    /// Stops the process if libsodium cannot start, which only a broken installation causes.
    static func start() {
        precondition(isReady, "libsodium could not be initialised")
    }
}
