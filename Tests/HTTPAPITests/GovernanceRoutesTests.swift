import APIModel
import Testing

/// What members decide together, over HTTP.
@Suite struct GovernanceRoutesTests {
    @Test func `proposals are listed, and one is found by issuer and id`() async throws {
        let list = try await APISession().get("/v1/proposals")
        #expect(try list.json()["proposals"]?.elements?.count == 1)
        let one = try await APISession().get("/v1/proposals/us-bis/p-1")
        #expect(try one.json()["state"]?.textValue == "open")
        #expect(try one.json()["ends"]?.textValue == "2025-07-01T12:00:00Z")
        let none = try await APISession().get("/v1/proposals/us-bis/p-2")
        #expect(none.status == 404)
        #expect(try none.problem().refusal.code == "no-such-proposal")
    }

    @Test func `policies and facilities are listed at a checkpoint`() async throws {
        let policies = try await APISession().get("/v1/policies")
        #expect(try policies.json()["isWithdrawn"] == .boolean(false))
        let facilities = try await APISession().get("/v1/facilities")
        let facility = try #require(try facilities.json()["facilities"]?.elements?.first)
        #expect(facility["operator"]?.textValue == "lab-nl")
        #expect(try facilities.json()["checkpoint"]?["size"]?.unsignedValue == 42)
    }

    @Test(arguments: ["proposals", "policies", "facilities"])
    func `a parameter that nobody reads is refused`(path: String) async throws {
        #expect(try await APISession().get("/v1/\(path)?x=1").status == 400)
    }
}
