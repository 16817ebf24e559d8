import CBOR
import HashTreeCollections
import QuotaRules

extension BlockRun {
    private static let actionPath = "$.payload.body.action"

    /// Refuses a catalogue that was adopted before, lacks an item that a policy measures in, or would
    /// come into force before one that is scheduled.
    func check(_ succession: CatalogueSuccession) throws(Refusal) {
        let path = Self.actionPath
        let document = succession.catalogue
        try checkVersion(
            document.version,
            of: document.id,
            after: governance.catalogueVersions.newest(of: document.id)
        )
        if let effective = succession.effective { try checkNotice(effective, of: .catalogue) }
        if let last = governance.scheduledCatalogues.last, let day = last.effective,
            succession.effective ?? date <= day
        {
            throw Refusal(
                .conflict,
                "'\(last.adopted.document.id)' version \(last.adopted.document.version) comes into "
                    + "force on \(day); a later day passes.",
                path: "\(path).effective",
                existing: last.adopted.index
            )
        }
        let policies = [policy.document] + governance.scheduled.map(\.adopted.document)
        for policy in policies {
            try checkItems(of: policy, in: document, path: "\(path).document.items")
        }
    }

    /// Refuses a catalogue without an item that a limit of a policy measures in.
    func checkItems(
        of policy: Policy,
        in catalogue: ChipCatalogue,
        path: String
    ) throws(Refusal) {
        for limit in policy.document.limits {
            guard case .equivalents(let sku) = limit.metric, catalogue.item(sku) == nil else {
                continue
            }
            throw Refusal(
                .unknownSKU,
                "The limit '\(limit.id)' counts in '\(sku)', which the catalogue "
                    + "'\(catalogue.id)' version \(catalogue.version) does not have.",
                path: path
            )
        }
    }

    /// The catalogue that will be in force on a day, as far as it is decided.
    func catalogue(on day: CalendarDate) -> ChipCatalogue {
        let due = governance.scheduledCatalogues.last { $0.effective.map { $0 <= day } ?? false }
        return (due?.adopted ?? catalogue).document
    }

    /// Adopts a catalogue, now or from its day on.
    mutating func schedule(
        _ succession: CatalogueSuccession,
        of proposal: ProposalRecord,
        issuer: String
    ) {
        let document = succession.catalogue
        let adoption = Adoption(
            Adopted(document, bytes: document.encoded.encoded(), index: proposal.index),
            leafHash: proposal.leafHash,
            issuer: issuer,
            effective: succession.effective,
            state: .scheduled
        )
        if let effective = succession.effective, effective > date {
            set(adoption)
        } else {
            begin(adoption)
        }
    }

    /// Brings a catalogue into force in the place of the one before.
    mutating func begin(_ adoption: Adoption<ChipCatalogue>) {
        if var before = governance.catalogues[catalogue.index] {
            before.close(.superseded, by: adoption.adopted.index, at: time)
            set(before)
        }
        var adoption = adoption
        adoption.begin(at: time)
        set(adoption)
        catalogue = adoption.adopted
    }

    /// Stores a catalogue in memory and in the state map.
    private mutating func set(_ adoption: Adoption<ChipCatalogue>) {
        governance.set(adoption)
        let document = adoption.adopted.document
        set(
            .encoded(
                index: adoption.adopted.index,
                leafHash: adoption.leafHash,
                bytes: adoption.encoded()
            ),
            for: StateKey.document(.catalogue, id: document.id, version: document.version)
        )
    }
}
