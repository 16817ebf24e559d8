import CBOR
import COSE
import MerkleLog
import QuotaCrypto

extension Receipt {
    /// The most bytes of a receipt: 63 hashes and the claims.
    public static let maximumBytes = 4_096

    /// Reads a receipt of this ledger and compares its claims with its proof.
    ///
    /// - Throws: ``StatementError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(StatementError) -> Receipt {
        guard bytes.count <= maximumBytes else {
            throw StatementError("$", "a receipt has at most \(maximumBytes) bytes")
        }
        let message: COSESign1
        do throws(COSEError) {
            message = try COSESign1.decode(bytes)
        } catch {
            throw StatementError(error)
        }
        guard message.payload == nil else {
            throw StatementError("$.payload", "must be detached")
        }
        let header = try ReceiptHeader(message.protected)
        let proof = try inclusion(message.unprotected)
        guard proof.size == header.treeSize, proof.index == header.leafIndex else {
            throw StatementError(
                "$.protected.15",
                "tree size and leaf index must be those of the proof"
            )
        }
        return Receipt(
            kid: header.kid,
            issuer: header.issuer,
            subject: header.subject,
            issuedAt: header.issuedAt,
            origin: header.origin,
            proof: proof,
            bytes: bytes,
            message: message
        )
    }

    private static func inclusion(
        _ entries: [CBORMapEntry]
    ) throws(StatementError) -> InclusionProof {
        let path = "$.unprotected.396.-1"
        guard entries.count == 1,
            case .map(let proofs)? = COSEHeader.value(COSEHeader.vdp, in: entries),
            proofs.count == 1, case .array(let inclusions)? = COSEHeader.value(-1, in: proofs),
            inclusions.count == 1, case .bytes(let bytes) = inclusions[0]
        else { throw StatementError(path, "expected one inclusion proof and nothing else") }
        let value: CBORValue
        do throws(CBORError) {
            value = try CBORValue.decode(bytes)
        } catch {
            throw StatementError(path, error.description)
        }
        do throws(CBORFieldError) {
            let parts = try CBORItem(value, path: path).array(count: 3)
            var hashes: [Digest] = []
            for item in try parts[2].array(maxCount: 63) { hashes.append(try item.digest()) }
            guard !hashes.isEmpty else { throw parts[2].error("must not be empty") }
            return InclusionProof(
                index: try parts[1].unsigned(),
                size: try parts[0].unsigned(),
                path: hashes
            )
        } catch {
            throw StatementError(error)
        }
    }
}

/// The protected header of a receipt.
private struct ReceiptHeader {
    let kid: Digest
    let issuer: String
    let subject: String
    let issuedAt: UInt64
    let origin: String
    let treeSize: UInt64
    let leafIndex: UInt64

    init(_ value: CBORValue) throws(StatementError) {
        let entries = value.mapValue ?? []
        guard entries.count == 4, COSEHeader.value(COSEHeader.alg, in: entries) != nil else {
            throw StatementError("$.protected", "expected exactly the labels 1, 4, 15 and 395")
        }
        guard let kid = COSEHeader.value(COSEHeader.kid, in: entries)?.bytesValue,
            let digest = Digest(kid)
        else { throw StatementError("$.protected.4", "expected a kid of 32 bytes") }
        self.kid = digest
        guard COSEHeader.value(COSEHeader.vds, in: entries) == .unsigned(1) else {
            throw StatementError("$.protected.395", "expected 1, RFC9162_SHA256")
        }
        guard case .map(let claims)? = COSEHeader.value(COSEHeader.cwtClaims, in: entries),
            claims.count == 6
        else { throw StatementError("$.protected.15", "expected six claims") }
        issuer = try Self.text(COSEHeader.claimIssuer, claims)
        subject = try Self.text(COSEHeader.claimSubject, claims)
        issuedAt = try Self.number(COSEHeader.claimIssuedAt, claims)
        origin = try Self.text(COSEHeader.claimOrigin, claims)
        treeSize = try Self.number(COSEHeader.claimTreeSize, claims)
        leafIndex = try Self.number(COSEHeader.claimLeafIndex, claims)
    }

    private static func text(
        _ label: Int,
        _ claims: [CBORMapEntry]
    ) throws(StatementError) -> String {
        guard let text = COSEHeader.value(label, in: claims)?.textValue,
            (1...1_024).contains(text.utf8.count)
        else { throw StatementError("$.protected.15.\(label)", "expected text") }
        return text
    }

    private static func number(
        _ label: Int,
        _ claims: [CBORMapEntry]
    ) throws(StatementError) -> UInt64 {
        guard let number = COSEHeader.value(label, in: claims)?.unsignedValue else {
            throw StatementError("$.protected.15.\(label)", "expected an integer from 0")
        }
        return number
    }
}
