import APIModel
import CBOR
import Explorer
import Foundation
import HTTPTypes
import QuotaCrypto
import Testing

@Suite struct ExplorerRoutesTests {
    @Test func `the page comes with a policy that lets it ask nobody but the nodes`() async throws {
        let answer = try await APISession().get("/")
        #expect(answer.status == 200)
        #expect(answer.type == "text/html; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "no-cache")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        let policy = try #require(HTTPField.Name("Content-Security-Policy"))
        let text = try #require(answer.headers[policy])
        #expect(text.contains("default-src 'none'") && text.contains("script-src 'self'"))
        #expect(text.contains("frame-ancestors 'none'") && !text.contains("unsafe"))
        #expect(answer.text.contains("connect-src 'self'"))
    }

    @Test func `an unchanged file is not sent again`() async throws {
        let first = try await APISession().get("/explorer/main.js")
        #expect(first.status == 200)
        #expect(first.type == "text/javascript; charset=utf-8")
        let tag = try #require(first.headers[.eTag])
        let second = try await APISession().send(.get, "/explorer/main.js", [.ifNoneMatch: tag])
        #expect(second.status == 304)
        #expect(second.body.isEmpty)
        #expect(second.headers[.eTag] == tag)
        let other = try await APISession().send(.get, "/explorer/cbor.js", [.ifNoneMatch: tag])
        #expect(other.status == 200)
    }

    @Test(arguments: ["/explorer/none.js", "/explorer/index.html", "/explorer/..%2fPackage.swift"])
    func `a file that the page does not have is not found`(path: String) async throws {
        let answer = try await APISession().get(path)
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-such-file")
    }

    @Test func `every file of the folder is served, and the page names its first ones`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/Explorer/Web")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.filter { $0 != "index.html" } == ExplorerPage.names)
        for name in ExplorerPage.names {
            let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
            #expect(ExplorerPage.file(name) == bytes)
        }
        let page = String(decoding: ExplorerPage.index(nodes: []), as: UTF8.self)
        #expect(page.contains("explorer/main.js") && page.contains("explorer/style.css"))
    }

    @Test func `only plain addresses get into the policy of the page`() {
        let policy = ExplorerPage.securityPolicy(nodes: [
            "http://127.0.0.1:8101", "https://node.example/", "https://node.example",
            "https://a;script-src *", "javascript:alert(1)", "https://", "http://x y",
            "https://user@host", "https://h/path", "http://[::1]:8101",
        ])
        #expect(
            policy.contains(
                "connect-src 'self' http://127.0.0.1:8101 http://[::1]:8101 https://node.example;"
            )
        )
        let page = String(
            decoding: ExplorerPage.index(nodes: ["http://127.0.0.1:8101"]),
            as: UTF8.self
        )
        #expect(page.contains("connect-src 'self' http://127.0.0.1:8101;"))
    }

    @Test(arguments: [
        ("/v1/proof/countries", "countries"), ("/v1/proof/governance", "governance"),
        ("/v1/proof/accounts/KE", #"accounts(country: "KE")"#),
        ("/v1/proof/attention", "attention"), ("/v1/proof/claims/12", "claims(bundle: 12)"),
        ("/v1/witnessed-proof/countries", "countries, witnessed"),
        ("/v1/witnessed-proof/state?key=8101", "key([129, 1]), witnessed"),
        ("/v1/proof/state?key=8101", "key([129, 1])"),
    ])
    func `proofs of the state are text that caches keep for a second`(
        path: String,
        question: String
    ) async throws {
        let answer = try await APISession().get(path)
        #expect(answer.status == 200)
        #expect(answer.type == "text/plain; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "public, max-age=1")
        #expect(answer.text == question)
    }

    @Test(arguments: [
        "/v1/proof/accounts/ke", "/v1/proof/claims/-1", "/v1/proof/claims/01", "/v1/proof/claims/x",
        "/v1/proof/state", "/v1/proof/state?key=", "/v1/proof/state?key=8",
        "/v1/proof/state?key=FF",
        "/v1/history/kenya", "/v1/proof/state?key=8101&more=1", "/v1/proof/countries?country=KE",
    ])
    func `a question in another form is refused`(path: String) async throws {
        let answer = try await APISession().get(path)
        #expect(answer.status == 400)
        #expect(["bad-parameter", "unknown-parameter"].contains(try answer.problem().refusal.code))
    }

    @Test func `what the state does not hold is not found`() async throws {
        let answer = try await APISession().get("/v1/proof/accounts/ZZ")
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-such-state")
    }

    @Test func `a history names its checkpoint and says whether it is complete`() async throws {
        let document = try await APISession().get("/v1/history/KE").json()
        guard case .object(let fields) = document else {
            Issue.record("expected an object")
            return
        }
        #expect(fields["isComplete"] == .boolean(true))
        #expect(fields["country"] == .text("KE"))
    }
}
