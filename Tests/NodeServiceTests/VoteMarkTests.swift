import Foundation
import QuotaCrypto
import TestSupport
import Testing

@testable import NodeService

/// The second copy of how far a node has voted.
@Suite struct VoteMarkTests {
    private let chain = SHA256.hash([1])

    private func withFile(_ body: (String) throws -> Void) throws {
        let folder = URL.temporaryDirectory
            .appending(path: "quota-mark-\(Hex.encode(SecureRandom.bytes(6)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "votes.mark").path)
    }

    @Test func `it is read back as it was written, also by a later life`() throws {
        try withFile { path in
            #expect(try VoteMark.read(path, chainID: chain) == nil)
            let mark = try VoteMark(path: path, chainID: chain, count: 7)
            #expect(try VoteMark.read(path, chainID: chain) == 7)
            for count: UInt64 in [8, 9, 1_000_000, .max] {
                try mark.write(count)
                #expect(try VoteMark.read(path, chainID: chain) == count)
                #expect(mark.count == count)
            }
        }
    }

    @Test func `every flipped bit and every cut is noticed`() throws {
        try withFile { path in
            _ = try VoteMark(path: path, chainID: chain, count: 12)
            let whole = try NodeHome.read(path)
            var changed = whole.indices.map { index -> [UInt8] in
                var bytes = whole
                bytes[index] ^= 1
                return bytes
            }
            changed += (0..<whole.count).map { Array(whole.prefix($0)) }
            changed.append(whole + whole)
            for bytes in changed {
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                #expect(throws: HomeError.self) { try VoteMark.read(path, chainID: chain) }
            }
        }
    }

    @Test func `the mark of another ledger is no mark of this one`() throws {
        try withFile { path in
            _ = try VoteMark(path: path, chainID: SHA256.hash([2]), count: 1)
            #expect(throws: HomeError.self) { try VoteMark.read(path, chainID: chain) }
        }
    }

    @Test func `a folder that is not there is named`() throws {
        #expect(throws: HomeError.self) {
            try VoteMark(path: "/nowhere/votes.mark", chainID: chain, count: 0)
        }
    }
}
