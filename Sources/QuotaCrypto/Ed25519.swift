/// Ed25519 signatures (RFC 8032) under the ledger's single acceptance rule.
///
/// Pure Ed25519: no prehash, no context. Signatures are not unique, so no identifier may be made from
/// their bytes.
public enum Ed25519 {
    /// How many bytes a signature has.
    public static let signatureByteCount = 64
}
