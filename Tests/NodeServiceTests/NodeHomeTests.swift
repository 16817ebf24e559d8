import Foundation
import QuotaCrypto
import Testing

@testable import NodeService

@Suite struct NodeHomeTests {
    private func withHome(_ body: (NodeHome) throws -> Void) throws {
        let folder = URL.temporaryDirectory
            .appending(path: "quota-home-\(Hex.encode(SecureRandom.bytes(6)))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(NodeHome(path: folder.appending(path: "a/b").path))
    }

    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func `the home and its seeds are their owner's only`() throws {
        try withHome { home in
            try home.create()
            try home.create()
            #expect(try mode(home.path) == 0o700)
            let seed = SecureRandom.bytes(32)
            try NodeHome.writeSeed(seed, to: home.nodeSeedFile)
            #expect(try mode(home.nodeSeedFile) == 0o600)
            #expect(try NodeHome.readSeed(home.nodeSeedFile) == seed)
        }
    }

    @Test func `a file is never replaced`() throws {
        try withHome { home in
            try home.create()
            try NodeHome.write([1], to: home.cardFile)
            #expect(throws: HomeError.self) { try NodeHome.write([2], to: home.cardFile) }
            #expect(try NodeHome.read(home.cardFile) == [1])
        }
    }

    @Test func `a missing file is named`() throws {
        try withHome { home in
            do throws(HomeError) {
                _ = try NodeHome.read(home.genesisFile)
                Issue.record("there is no such file")
            } catch {
                #expect(error.file == home.genesisFile)
                #expect(error.description.contains("genesis.cose"))
            }
        }
    }
}
