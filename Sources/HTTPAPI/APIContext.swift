package import Hummingbird
import NIOCore

/// What travels with one request: Hummingbird's own storage and the connection.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The connection, closed when a client goes on sending what was refused.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// A path parameter; absent ones read as empty, so that one check refuses both.
    func parameter(_ name: String) -> String {
        parameters.get(name) ?? ""
    }
}
