import ArgumentParser
import Foundation

/// How a command ends when it does not succeed.
enum CommandFailure {
    /// Prints the cause to standard error and ends with `code`.
    static func report(_ error: any Error, code: Int32) -> ExitCode {
        FileHandle.standardError.write(Data("quotad: \(error)\n".utf8))
        return ExitCode(code)
    }

    /// Runs `body`; what it throws is reported as a file or ledger that cannot be used.
    static func reporting<Value>(
        code: Int32 = 1,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch let error as ValidationError {
            throw error
        } catch {
            throw report(error, code: code)
        }
    }
}
