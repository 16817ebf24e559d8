import APIModel
import CBOR
import HTTPTypes
import Hummingbird
import QuotaCrypto

import struct Ledger.ClaimRecord

/// `/v1`: the state of the ledger as JSON, for people and for programs.
struct StateRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("v1/status") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.status())
        }
        router.get("v1/members") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.members())
        }
        router.get("v1/organisations") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.organisations(id: nil))
        }
        router.get("v1/organisations/:id") { request, context in
            try QueryReader(request).finish()
            return try await organisation(context.parameter("id"))
        }
        router.get("v1/policy") { request, _ in
            try QueryReader(request).finish()
            return try await policy(request)
        }
        router.get("v1/catalogue") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.catalogue())
        }
        addQuestions(to: router)
    }

    private func addQuestions(to router: Router<APIContext>) {
        router.get("v1/accounts") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.accounts(country: nil))
        }
        router.get("v1/accounts/:country") { request, context in
            try QueryReader(request).finish()
            let country = try QueryReader.country(context.parameter("country"), field: "country")
            return try Reply.json(try await backend.accounts(country: country))
        }
        router.get("v1/claims") { request, _ in
            let filter = try Self.claimFilter(request)
            return try Reply.json(try await backend.claims(filter))
        }
        router.get("v1/room") { request, _ in
            let query = try Self.roomQuery(request)
            return try Reply.json(try await backend.room(query))
        }
    }

    private func organisation(_ id: String) async throws -> Response {
        let document = try await backend.organisations(id: id)
        guard let organisation = document.organisations.first else {
            throw APIProblem.notFound(
                "no-such-organisation",
                field: "id",
                "no organisation has this id; a government issues one with quotactl organisation"
            )
        }
        return try Reply.json(organisation)
    }

    private func policy(_ request: Request) async throws -> Response {
        let record = try await backend.policy()
        if MediaRange.namesCBOR(request) {
            return Reply.bytes(record.body, type: Reply.cbor, freshness: .seconds)
        }
        let document = AdoptedDocument(
            id: record.id,
            index: record.index,
            entry: record.entry.description,
            document: JSONValue(try CBORValue.decode(record.body, limits: .message))
        )
        return try Reply.json(document)
    }

    private static func claimFilter(_ request: Request) throws -> ClaimFilter {
        var query = try QueryReader(request)
        var filter = ClaimFilter(
            issuer: try query.text("issuer"),
            state: try query.text("state"),
            country: try query.country("country"),
            authority: try query.text("authority"),
            after: try query.number("after")
        )
        if let limit = try query.number("limit") {
            guard (1...UInt64(ClaimFilter.limitMax)).contains(limit) else {
                throw APIProblem.malformed(
                    "bad-parameter",
                    field: "limit",
                    "limit expected 1 to \(ClaimFilter.limitMax)"
                )
            }
            filter.limit = Int(limit)
        }
        if let state = filter.state, ClaimRecord.State(rawValue: state) == nil {
            throw APIProblem.malformed(
                "bad-parameter",
                field: "state",
                "state expected one of "
                    + ClaimRecord.State.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        try query.finish()
        return filter
    }

    private static func roomQuery(_ request: Request) throws -> RoomQuery {
        var query = try QueryReader(request)
        guard let country = try query.country("country") else {
            throw APIProblem.malformed("bad-parameter", field: "country", "country is missing")
        }
        let room = RoomQuery(
            country: country,
            authority: try query.text("authority"),
            organisation: try query.text("organisation"),
            sku: try query.text("sku"),
            exporter: try query.text("exporter"),
            date: try query.text("date")
        )
        try query.finish()
        if let date = room.date, date.utf8.count != 10 || Timestamp(date) == nil {
            throw APIProblem.malformed("bad-parameter", field: "date", "date expected YYYY-MM-DD")
        }
        return room
    }
}
