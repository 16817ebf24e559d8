extension Evaluation {
    /// Adds the filings that a claim brings with it.
    func addNotices(of route: RouteIndex, to draft: inout Draft) {
        for evidence in route.route.evidence
        where evidence.missing == .notice && draft.missingEvidence.contains(evidence.type) {
            draft.notices.append(
                Notice(
                    id: evidence.type,
                    recipient: "the exporter's file",
                    message: evidence.text,
                    isBeforeShipment: true,
                    due: nil,
                    citation: evidence.citation
                )
            )
        }
        for notice in route.notices where isDue(notice, draft) {
            draft.notices.append(dated(notice.notice))
        }
        if !draft.notices.isEmpty { draft.outcome = max(draft.outcome, .admitWithNotice) }
    }

    private func isDue(_ notice: NoticeIndex, _ draft: Draft) -> Bool {
        guard notice.isSwitchedOn else { return false }
        guard let threshold = notice.notice.threshold else { return true }
        return draft.touched.contains { touched in
            guard touched.addition.number == notice.limit, touched.part == nil else { return false }
            let use = touched.use
            switch threshold.measure {
            case .shipment: return use.amount >= notice.atLeast
            case .reached: return use.before < notice.atLeast && use.after >= notice.atLeast
            case .total: return use.after >= notice.atLeast
            }
        }
    }

    private func dated(_ notice: NoticeRule) -> Notice {
        var due: CalendarDate?
        switch notice.deadline {
        case .beforeShipment: break
        case .daysAfterExport(let days): due = facts.exported.adding(days: Int(days))
        case .daysAfterReceipt(let days):
            due = (facts.received ?? facts.exported).adding(days: Int(days))
        }
        return Notice(
            id: notice.id,
            recipient: notice.recipient,
            message: notice.text,
            isBeforeShipment: notice.deadline == .beforeShipment,
            due: due,
            citation: notice.citation
        )
    }
}
