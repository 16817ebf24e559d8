import ArgumentParser
import Foundation

/// Starts the program and turns every ending into one of four exit codes.
@main
enum Program {
    static func main() async {
        do {
            var command = try Quotactl.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let ending = Ending(error)
            ending.show(asJSON: CommandLine.arguments.contains("--json"))
            exit(ending.exit.rawValue)
        }
    }
}
