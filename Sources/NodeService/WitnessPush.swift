import AsyncHTTPClient
import Ledger
import Logging
import MerkleLog
import NIOCore
import NIOHTTP1
import QuotaCrypto
import Synchronization
import Transparency

/// Asks the operator's outside witnesses to cosign every checkpoint that this node publishes.
///
/// One request a witness is on its way at a time; what is published meanwhile is asked for in one
/// later request. While the ledger grows, all witnesses are asked about one checkpoint for a while, so
/// that one gets the lines of all. While the ledger rests, a witness is asked again when this node renews
/// its own cosignature, so that the outside lines as well tell that the newest checkpoint is fresh.
struct WitnessPush: Sendable {
    /// Where the published checkpoints and the proofs between them are.
    let shared: NodeShared
    /// Where cosignatures go.
    let inbox: Inbox<CoreInput>
    private let round = Round()

    init(shared: NodeShared, inbox: Inbox<CoreInput>) {
        self.shared = shared
        self.inbox = inbox
    }

    /// The checkpoint that is asked about, and until when.
    private final class Round: Sendable {
        private let present = Mutex<(page: CheckpointBook.Page, end: ContinuousClock.Instant)?>(nil)

        /// The checkpoint of the present round; if it is over, `published` begins the next.
        func page(_ published: CheckpointBook.Page) -> CheckpointBook.Page {
            present.withLock { present in
                let now = ContinuousClock.now
                if let present, now < present.end { return present.page }
                present = (published, now + WitnessPush.pause)
                return published
            }
        }
    }

    /// How long a witness has for an answer.
    private static let patience: TimeAmount = .seconds(10)
    /// The least time between two requests to one witness that took the first.
    private static let pause: Duration = .seconds(1)
    /// The longest time between two requests to one witness that did not.
    private static let pauseMax: Duration = .seconds(300)

    /// Runs until the task is cancelled.
    func run() async {
        guard !shared.outsideWitnesses.isEmpty else { return }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // The pauses here are the only ones: a refused connection is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await withTaskGroup(of: Void.self) { group in
            for (witness, news) in shared.outsideWitnesses {
                group.addTask { await serve(witness, news, http) }
            }
        }
        do {
            try await http.shutdown()
        } catch {
            shared.logger.warning(
                "closing the connections to witnesses",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// Asks one witness whenever there is news.
    private func serve(
        _ witness: OutsideWitness,
        _ news: AsyncStream<Void>,
        _ http: HTTPClient
    ) async {
        var dialogue = WitnessDialogue(key: witness.key)
        var pause = Self.pause
        var isFailing = false
        for await _ in news {
            while true {
                let view = shared.current
                guard let published = view.published,
                    dialogue.wants(published.state.size, renewal: view.renewals)
                else { break }
                let page = round.page(published)
                if dialogue.wants(page.state.size, renewal: view.renewals) {
                    let problem = await ask(&dialogue, witness, page, view.renewals, http)
                    guard !Task.isCancelled else { return }
                    if isFailing != (problem != nil) { tell(witness, problem) }
                    isFailing = problem != nil
                    pause = isFailing ? min(pause * 2, Self.pauseMax) : Self.pause
                }
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    return
                }
            }
        }
    }

    private func tell(_ witness: OutsideWitness, _ problem: String?) {
        let metadata: Logger.Metadata = ["witness": "\(witness.key.name)", "url": "\(witness.url)"]
        guard let problem else {
            shared.logger.info("an outside witness cosigns again", metadata: metadata)
            return
        }
        shared.logger.warning(
            "an outside witness does not cosign; it is asked again, and this is said once",
            metadata: metadata.merging(["problem": "\(problem)"]) { $1 }
        )
    }

    /// Asks until the witness has cosigned or will not; why it will not, nil if it has or is ahead.
    private func ask(
        _ dialogue: inout WitnessDialogue,
        _ witness: OutsideWitness,
        _ page: CheckpointBook.Page,
        _ renewal: UInt64,
        _ http: HTTPClient
    ) async -> String? {
        // A second try follows the first if that has told the right size; a third would mean that the
        // witness serves others meanwhile, and comes after a pause.
        for _ in 0..<2 {
            do {
                switch try await exchange(&dialogue, witness, page, renewal, http) {
                case .cosigned(let line):
                    var cosigned = page
                    cosigned.note.merge(line.signatures)
                    inbox.insist(.cosigned(cosigned))
                    return nil
                case .ahead: return nil
                case .failed(let problem): return problem
                case .askAgain: continue
                }
            } catch {
                return "\(error)"
            }
        }
        return "it names another size each time"
    }

    private func exchange(
        _ dialogue: inout WitnessDialogue,
        _ witness: OutsideWitness,
        _ page: CheckpointBook.Page,
        _ renewal: UInt64,
        _ http: HTTPClient
    ) async throws -> WitnessDialogue.Outcome {
        let size = page.state.size
        let path =
            try ConsistencyProof(oldSize: dialogue.size, newSize: size, from: shared.store).path
        let body = WitnessRequest(oldSize: dialogue.size, hashes: path, note: page.note).text
        var request = HTTPClientRequest(url: witness.url + "/add-checkpoint")
        request.method = .POST
        request.headers.add(name: "content-type", value: "text/plain; charset=utf-8")
        request.headers.add(name: "user-agent", value: "quota-ledger")
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await http.execute(request, timeout: Self.patience)
        let answer = try await response.body.collect(upTo: WitnessDialogue.answerBytesMax)
        let type = response.headers.first(name: "content-type") ?? ""
        return dialogue.take(
            status: Int(response.status.code),
            type: String(type.prefix { $0 != ";" }),
            body: Array(answer.readableBytesView),
            to: page.note,
            size: size,
            renewal: renewal
        )
    }
}
