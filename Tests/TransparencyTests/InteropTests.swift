import CBOR
import COSE
import Foundation
import MerkleLog
import QuotaCrypto
import TestSupport
import Testing
import Transparency

/// What this project writes, checked by Go's `sumdb/note` and `sumdb/tlog`.
@Suite(
    .enabled(
        if: GoTools.arePresent,
        "needs the Debian packages golang-go and golang-golang-x-mod-dev"
    )
)
struct GoInteropTests {
    @Test(arguments: [1, 2, 256, 700, 66_000])
    func `a served log is accepted, any damage found`(size: Int) throws {
        let log = try SampleLog(size: size)
        try withTemporaryFolder { folder in
            try log.write(to: folder)
            let old = folder.appending(path: "old").path
            let oldSize = UInt64(size / 2 + 1)
            try Data(try log.note(size: oldSize).bytes).write(to: URL(filePath: old))
            let policy = folder.appending(path: "trust-policy").path
            let good = try run(GoTools.script, ["-policy", policy, "-old", old, folder.path])
            #expect(good.code == 0, "\(good.text)")
            #expect(good.text.contains("size \(size), "))

            let tile = folder.appending(
                path: try #require(TilePath(.entries, index: 0, size: UInt64(size))).description
            )
            var bytes = try Data(contentsOf: tile)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: tile)
            let bad = try run(GoTools.script, ["-policy", policy, folder.path])
            #expect(bad.code == 1, "\(bad.text)")
        }
    }

    @Test func `a checkpoint short of its quorum is refused`() throws {
        let log = try SampleLog(size: 5)
        try withTemporaryFolder { folder in
            try log.write(to: folder)
            let note = try log.note(size: 5)
            let short = try SignedNote(
                text: note.text,
                signatures: Array(note.signatures.dropLast())
            )
            try Data(short.bytes).write(to: folder.appending(path: "checkpoint"))
            let policy = folder.appending(path: "trust-policy").path
            let answer = try run(GoTools.script, ["-policy", policy, folder.path])
            #expect(answer.code == 1)
            #expect(answer.text.contains("quorum"))
        }
    }
}

/// Transparent Statements of the form that nodes make, checked by PyPI's `scitt-cose`.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["QUOTA_PYTHON"] != nil,
        "needs QUOTA_PYTHON, a Python interpreter with Tests/requirements.txt"
    )
)
struct SCITTInteropTests {
    private static let subject = "claim/2026-1"

    private func statement(by key: Ed25519.PrivateKey) -> COSESign1 {
        let claims = COSEHeader.map([
            (COSEHeader.claimIssuer, "us-bis"), (COSEHeader.claimSubject, .text(Self.subject)),
            (COSEHeader.claimAudience, .text(SampleLog.origin)),
            (COSEHeader.claimIssuedAt, 1_760_000_000),
        ])
        return COSESign1.sign(
            protected: COSEHeader.map([
                (COSEHeader.alg, .integer(COSEHeader.algorithmEdDSA)),
                (COSEHeader.contentType, "application/vnd.quota-ledger.claim+cbor"),
                (COSEHeader.kid, .bytes(COSEKey.thumbprint(key.publicKey).bytes)),
                (COSEHeader.cwtClaims, claims),
            ]),
            payload: CBORValue.textMap(["quantity": 7]).encoded(),
            with: key
        )
    }

    private func check(
        _ transparent: COSESign1,
        keys: [Ed25519.PublicKey],
        _ options: [String]
    ) throws -> (code: Int32, text: String) {
        var answer: (code: Int32, text: String) = (-1, "")
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "claim.scitt")
            try Data(transparent.encoded()).write(to: file)
            let keyFile = folder.appending(path: "scitt-keys")
            let set = CBORValue.array(keys.map { COSEKey.value(of: $0) })
            try Data(set.encoded()).write(to: keyFile)
            let script = VectorFolder.packageRoot.appending(path: "Tests/interop/scitt_check.py")
            answer = try run(
                ProcessInfo.processInfo.environment["QUOTA_PYTHON"] ?? "",
                [script.path] + options + [file.path, keyFile.path]
            )
        }
        return answer
    }

    @Test(arguments: [2, 9])
    func `a transparent statement is accepted, any damage found`(size: Int) throws {
        let issuer = try Ed25519.PrivateKey(seed: [UInt8](repeating: 42, count: 32))
        let statement = statement(by: issuer)
        let log = try SampleLog(size: size, first: statement.encoded())
        let receipts = try log.logKeys.map {
            CBORValue.bytes(try log.receipt(by: $0, subject: Self.subject).encoded())
        }
        let transparent = statement.replacingUnprotected([
            CBORMapEntry(.integer(Int64(COSEHeader.receipts)), .array(receipts))
        ])
        let keys = log.logKeys.map(\.publicKey)
        let issuerKey = Hex.encode(issuer.publicKey.bytes)
        let good = try check(
            transparent,
            keys: keys,
            ["--need", "2", "--statement-key", issuerKey]
        )
        #expect(good.code == 0, "\(good.text)")
        #expect(good.text.split(separator: "\n").count == 4)

        let tooMany = try check(transparent, keys: keys, ["--need", "3"])
        #expect(tooMany.code == 1)
        let strangers = try check(transparent, keys: [issuer.publicKey], [])
        #expect(strangers.code == 1)
        let other = COSESign1.sign(
            protected: statement.protected,
            unprotected: transparent.unprotected,
            payload: [0],
            with: issuer
        )
        #expect(try check(other, keys: keys, []).code == 1)
    }
}

private enum GoTools {
    static let script = VectorFolder.packageRoot.appending(path: "Tests/interop/check-log").path

    static var arePresent: Bool {
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/go") }
            && FileManager.default.fileExists(
                atPath: "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog"
            )
    }
}
