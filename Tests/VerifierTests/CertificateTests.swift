import Foundation
import Ledger
import LedgerFixture
import Testing
import Transparency
import Verifier

struct CertificateTests {
    let ledger: SmallLedger
    let policy: TrustPolicy
    let page: [UInt8]

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
        let claim = try ledger.transparentStatement(try ledger.claimIndex("c-1"), by: [0, 1, 2])
        page = try UnverifiedCertificate(
            transparent: claim.encoded(),
            madeAt: 1_772_323_199
        ).bytes
    }

    private func codes(_ bytes: [UInt8]) -> [VerificationFailure.Code] {
        failureCodes { () throws(VerificationFailure) in
            _ = try UnverifiedCertificate(bytes).verify(policy)
        }
    }

    @Test func `a page carries its proof, and says when it was made`() throws {
        let certificate = try UnverifiedCertificate(page)
        #expect(certificate.madeAt == 1_772_323_199)
        let verified = try certificate.verify(policy)
        #expect(verified.statement.statement.identity.subject == "c-1")
        let text = String(decoding: page, as: UTF8.self)
        #expect(text.contains("2026-02-28 23:59:59 UTC"))
        #expect(text.contains("<th scope=\"row\">lines[0].quantity</th><td>3</td>"))
        #expect(text.contains("<svg "))
        #expect(!text.contains("<script"))
    }

    @Test func `no changed byte of the page passes`() throws {
        for index in stride(from: 0, to: page.count, by: 29) {
            var changed = page
            changed[index] ^= 1
            #expect(!codes(changed).isEmpty, "byte \(index)")
        }
        let text = String(decoding: page, as: UTF8.self)
        let lied = text.replacing("<td>3</td>", with: "<td>30000</td>")
        #expect(codes(Array(lied.utf8)) == [.claimsDiffer])
        #expect(codes(page + [0x0A]) == [.claimsDiffer])
        #expect(codes(Array(page.prefix(500))) == [.malformed])
        #expect(codes([]) == [.malformed])
    }

    @Test func `a policy that trusts fewer keys accepts it too, and what is no page is malformed`()
        throws
    {
        let fewer = try ledger.policy(trusting: 1)
        let found = failureCodes { () throws(VerificationFailure) in
            _ = try UnverifiedCertificate(page).verify(fewer)
        }
        #expect(found.isEmpty)
        #expect(codes(Array("<!DOCTYPE html>\n".utf8)) == [.malformed])
    }
}

/// Codes read by zbar, which nobody here wrote.
struct QRCodeTests {
    static let zbar = "/usr/bin/zbarimg"

    @Test func `sizes grow with the text up to the largest version`() throws {
        #expect(QRCode("")?.side == 21)
        #expect(QRCode(String(repeating: "a", count: 14))?.side == 21)
        #expect(QRCode(String(repeating: "a", count: 15))?.side == 25)
        #expect(QRCode(String(repeating: "a", count: QRCode.byteCountMax))?.side == 177)
        #expect(QRCode(String(repeating: "a", count: QRCode.byteCountMax + 1)) == nil)
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: zbar), "needs zbar-tools"),
        arguments: [
            1, 14, 15, 62, 63, 106, 122, 180, 213, 311, 412, 504, 666, 857, 1_059, 1_370, 1_809,
            2_331,
        ]
    )
    func `an independent reader reads what was written`(count: Int) throws {
        // Printable text that repeats nowhere near itself.
        let letters = (0..<count).map { (place: Int) -> UInt8 in
            UInt8(33 + (place * 37 + place / 7) % 90)
        }
        let text = String(decoding: letters, as: UTF8.self)
        let code = try #require(QRCode(text))
        let folder = try TemporaryFolder()
        let image = try folder.write(Self.image(code), to: "code.pgm")
        let process = Process()
        process.executableURL = URL(filePath: Self.zbar)
        process.arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", image]
        process.standardOutput = try folder.handle("output")
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(try folder.text("output") == text + "\n")
    }

    /// A greyscale picture, four pixels a module, with the quiet zone.
    private static func image(_ code: QRCode) -> [UInt8] {
        let (scale, border) = (4, 4)
        let side = (code.side + 2 * border) * scale
        var pixels = [UInt8](repeating: 255, count: side * side)
        for (row, line) in code.modules.enumerated() {
            for (column, isDark) in line.enumerated() where isDark {
                for y in 0..<scale {
                    for x in 0..<scale {
                        let place =
                            ((row + border) * scale + y) * side + (column + border) * scale + x
                        pixels[place] = 0
                    }
                }
            }
        }
        return Array("P5\n\(side) \(side)\n255\n".utf8) + pixels
    }
}
