import APIModel
import CBOR
import HTTPAPI
import Ledger
import LedgerStore
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap

extension NodeFront {
    func members() async throws -> MembersDocument {
        let state = shared.current.final
        let validators = Set(state.validators.map(\.id))
        return MembersDocument(
            checkpoint: CheckpointSummary(state),
            members: state.members.map { member in
                MemberDocument(
                    member,
                    suspension: state.suspension(of: member.card.id),
                    convictions: state.convictions.filter { $0.member == member.card.id },
                    origin: state.origin,
                    isValidator: validators.contains(member.card.id)
                )
            }
        )
    }

    func organisations(id: String?) async throws -> OrganisationsDocument {
        let state = shared.current.final
        let found = id.map { state.organisation($0).map { [$0] } ?? [] } ?? state.organisations
        return OrganisationsDocument(
            checkpoint: CheckpointSummary(state),
            organisations: found.map(OrganisationDocument.init)
        )
    }

    func policy() async throws -> AdoptedRecord {
        let policy = shared.current.final.policy
        return AdoptedRecord(
            id: policy.document.id,
            index: policy.index,
            entry: try leafHash(policy.index),
            body: policy.bytes
        )
    }

    func catalogue() async throws -> CatalogueDocument {
        let state = shared.current.final
        return CatalogueDocument(state.catalogue.document)
    }

    private func leafHash(_ index: UInt64) throws -> Digest {
        try requireLeaves(index...index)
        guard let leaf = try shared.store.leaf(index) else {
            throw APIProblem.notFound("unknown-leaf", field: nil, "There is no leaf \(index).")
        }
        return leaf.hash
    }

    func accounts(country: String?) async throws -> AccountsDocument {
        let state = shared.current.final
        let policy = state.policy.document
        let accounts =
            country.map { state.accounts(of: $0) }
            ?? state.accounts.filter { account in
                policy.limits.contains { $0.id == account.key.limit && $0.isByCountry }
            }
        return AccountsDocument(
            checkpoint: CheckpointSummary(state),
            policy: policy.id,
            accounts: accounts.compactMap { AccountDocument($0.key, $0.total, policy: policy) }
        )
    }

    func claims(_ filter: APIModel.ClaimFilter) async throws -> ClaimsDocument {
        let state = shared.current.final
        var stored = StoredClaimFilter()
        stored.issuer = filter.issuer
        stored.destination = filter.country
        stored.authority = filter.authority
        stored.state = filter.state
        let found = try shared.store.claims(
            stored,
            after: filter.after,
            max: filter.limit
        )
        var documents: [ClaimDocument] = []
        documents.reserveCapacity(found.count)
        for claim in found {
            guard let leaf = try shared.store.leaf(claim.index),
                case .claim(let body) = try Statement.decode(leaf.bytes).body
            else { continue }
            documents.append(ClaimDocument(claim, body, entry: leaf.hash))
        }
        return ClaimsDocument(
            checkpoint: CheckpointSummary(state),
            claims: documents,
            next: found.count == filter.limit ? found.last?.index : nil
        )
    }

    // MARK: Questions to the rules

    func room(_ query: APIModel.RoomQuery) async throws -> RoomDocument {
        let state = shared.current.final
        let policy = state.policy.document
        let routes = policy.routes.map(\.id)
        if let authority = query.authority, !routes.contains(authority) {
            throw APIProblem.malformed(
                "unknown-authority",
                field: "authority",
                "The policy has the routes \(routes.joined(separator: ", "))."
            )
        }
        let asked = query.authority.map { [$0] } ?? routes
        return RoomDocument(
            checkpoint: CheckpointSummary(state),
            policy: policy.id,
            country: query.country,
            routes: try asked.map { try room(query, authority: $0, state) }
        )
    }

    private func room(
        _ query: APIModel.RoomQuery,
        authority: String,
        _ state: LedgerState
    ) throws -> RouteRoomDocument {
        let today = Timestamp(seconds: max(state.blockTime, NodeCore.posixTime())).date
        guard let date = CalendarDate(query.date ?? today) else {
            throw APIProblem.malformed("bad-date", field: "date", "Expected YYYY-MM-DD.")
        }
        let policy = state.policy.document
        let route = policy.routes.first { $0.id == authority }
        guard let sku = query.sku ?? state.catalogue.document.items.first?.sku else {
            throw APIProblem.malformed("empty-catalogue", field: "sku", "The catalogue is empty.")
        }
        let parties = query.organisation.map { organisation in
            policy.document.roles.map { ClaimBody.Party(role: $0, organisation: organisation) }
        }
        let report: RoomReport
        do {
            report = try state.room(
                Ledger.RoomQuery(
                    issuer: query.exporter ?? shared.roster.member,
                    authority: authority,
                    destination: query.country,
                    parties: parties ?? [],
                    sku: sku,
                    exported: date,
                    evidence: route?.evidence.map(\.type) ?? []
                )
            )
        } catch {
            throw APIProblem(
                status: 400,
                title: "Malformed request",
                refusal: RefusalDocument(error)
            )
        }
        let decision = report.decision
        return RouteRoomDocument(
            authority: authority,
            isOpen: decision.outcome != .refuse,
            reasons: decision.reasons.map(ReasonDocument.init),
            limits: decision.limits.compactMap { use in
                RoomLimitDocument(use, namesChip: query.sku != nil)
            },
            largestQuantity: query.sku == nil ? nil : decision.largestQuantity
        )
    }

    func dryRun(_ claims: [DryRunClaim]) async throws -> [DryRunVerdict] {
        let state = shared.current.final
        var trial = state.trial(time: NodeCore.posixTime())
        return claims.map { claim in
            do {
                let value = try CBORValue.decode(claim.body)
                let body = try ClaimBody(value)
                let decision = try trial.judge(body, id: claim.subject, issuer: claim.issuer)
                return .judged(DecisionDocument(decision, judgedAt: state.size))
            } catch let refusal as Refusal {
                return .refused(RefusalDocument(refusal))
            } catch let error as CBORFieldError {
                return .refused(
                    RefusalDocument(
                        code: RefusalCode.malformed.rawValue,
                        message: error.problem,
                        field: error.path
                    )
                )
            } catch {
                return .refused(
                    RefusalDocument(code: RefusalCode.malformed.rawValue, message: "\(error)")
                )
            }
        }
    }
}
