extension Ed25519 {
    /// Checks that the installed libsodium follows the ledger's acceptance rule in the cases on which
    /// libraries and builds disagree: torsion, small order, second spellings, S above the order.
    ///
    /// Takes a few milliseconds. A program calls it once, before it trusts a signature.
    ///
    /// - Throws: `CryptoError.libraryMismatch` with the name of the first case that differs.
    public static func checkLibrary() throws(CryptoError) {
        for testCase in edgeCases {
            guard testCase.isAcceptedByLibrary == testCase.isAcceptedByRule else {
                throw .libraryMismatch(testCase: testCase.name)
            }
        }
    }

    /// One signature with the answer that the rule gives.
    package struct EdgeCase: Sendable {
        /// What is unusual about it.
        package let name: String
        /// The key, hexadecimal.
        package let key: String
        /// The message.
        package let message: String
        /// The signature, hexadecimal.
        package let signature: String
        /// The answer of the rule.
        package var isAcceptedByRule = false

        /// Whether the key passes registration and the signature fits.
        var isAcceptedByLibrary: Bool {
            guard let keyBytes = Hex.decode(key), let signatureBytes = Hex.decode(signature),
                let registered = try? PublicKey(keyBytes)
            else { return false }
            return registered.isValid(signatureBytes, for: Array(message.utf8))
        }
    }

    // Built from the curve equation: a and r are the SHA-512 of "a" and "r" modulo the group order,
    // the message is the first "case <n>" that meets the condition.
    package static let edgeCases: [EdgeCase] = [
        EdgeCase(
            name: "ordinary",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "4b0e9fd6967e6c349510755bb2dee2ec44ba7f9a6894c568dc2d52a49229da0b",
            isAcceptedByRule: true
        ),
        EdgeCase(
            name: "S plus the group order",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "38e29433b1e17e8c6bad6cfe90d8c10145ba7f9a6894c568dc2d52a49229da1b"
        ),
        EdgeCase(
            name: "key with torsion, k divisible by 8",
            key: "99555efe5dbf5b50b6fb4d8c38ee05c4ea8a97011c08e11366e8c8c00e8ce5d5",
            message: "case 10",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "736e8df2591524bf072e16913eb4019d6f58533f0b85a3985a973d4810d9d701"
        ),
        EdgeCase(
            name: "key with torsion, k not divisible by 8",
            key: "99555efe5dbf5b50b6fb4d8c38ee05c4ea8a97011c08e11366e8c8c00e8ce5d5",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "e9021659037b1850f4fa7a356dd0c32c5bf7a5bbfb97d4ce9076e779285e990f"
        ),
        EdgeCase(
            name: "key with a component of order 2",
            key: "6555aa1950112769f5ce6e21879ffcb8247532f5c86abed0d8a0fb6479d9fb77",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "b58ff82241fa78958063d8d6fb4ed4233081735781981ea750496bdd77da940f"
        ),
        EdgeCase(
            name: "R with torsion",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "5b61c2e3b93e6c06450f327ea72cdfeb8cde6aa020d2dd827ab3f86e708c8393"
                + "c39d2ee377209c1e816ca26895e2cbb02c8367353de69866dac2bbf085c42d0c"
        ),
        EdgeCase(
            name: "key and R with torsion that cancels",
            key: "99555efe5dbf5b50b6fb4d8c38ee05c4ea8a97011c08e11366e8c8c00e8ce5d5",
            message: "case 1",
            signature: "5b61c2e3b93e6c06450f327ea72cdfeb8cde6aa020d2dd827ab3f86e708c8393"
                + "310374b917e5c63c18a3202928362f3048733144d71473d10221d31ce056de0d"
        ),
        EdgeCase(
            name: "R is the identity",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "0100000000000000000000000000000000000000000000000000000000000000"
                + "54fe0feade4fd5d1f4051f4618ae368dccd92d12bd37a0d852584779d68d1801"
        ),
        EdgeCase(
            name: "R of order 8",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
                + "7353130be1e5430a3f9c26a2cca539ca3cb65d23d1b5975c1688195c6d963d0a"
        ),
        EdgeCase(
            name: "key of order 8, k divisible by 8",
            key: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            message: "case 3",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "2e77a7db3b2f65a47efd3cf9bbe5f05486e88756c8cc06c7691f6d5679727502"
        ),
        EdgeCase(
            name: "key of order 8, k not divisible by 8",
            key: "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "2e77a7db3b2f65a47efd3cf9bbe5f05486e88756c8cc06c7691f6d5679727502"
        ),
        EdgeCase(
            name: "key and R are the identity, S is 0",
            key: "0100000000000000000000000000000000000000000000000000000000000000",
            message: "case 0",
            signature: "0100000000000000000000000000000000000000000000000000000000000000"
                + "0000000000000000000000000000000000000000000000000000000000000000"
        ),
        EdgeCase(
            name: "key is the identity in a second spelling",
            key: "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            message: "case 0",
            signature: "3e54c441927f9f0ee5e13e34f0b0404c5043651a8f4b7ef087a1c42262a85d0a"
                + "2e77a7db3b2f65a47efd3cf9bbe5f05486e88756c8cc06c7691f6d5679727502"
        ),
        EdgeCase(
            name: "R is the identity in a second spelling",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
                + "470aec6a524cfe03740fa2e0589cc1b2bb4795f63df64b3453885411289e2a0c"
        ),
        EdgeCase(
            name: "R is the identity with the sign of x set",
            key: "88aa55e6afeed8960a3191de78600347db8acd0a3795412f275f049b86260488",
            message: "case 0",
            signature: "0100000000000000000000000000000000000000000000000000000000000080"
                + "f079570e23131c3607e11fe9f46a52bf8b06e6f9da047dbbe9a85de7cb868209"
        ),
    ]
}
