// swift-tools-version: 6.1
import PackageDescription

// Layers, bottom up. A target may import what stands above it in this file and is named in its
// dependencies, nothing else; `Tests/check-layers` refuses every other edge.

/// `QUOTA_CORE_ONLY=1` leaves out the shells, so that the pure core and the verifier build with
/// nothing but libsodium, swift-collections and swift-argument-parser.
let coreOnly = Context.environment["QUOTA_CORE_ONLY"] == "1"

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let collections = Target.Dependency.product(
    name: "HashTreeCollections",
    package: "swift-collections"
)
let arguments = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        exclude: ["README.md"],
        swiftSettings: strict
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

// Values: encodings, signatures, trees, notes. Pure.
let values: [Target] = [
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    library("QuotaCrypto", ["CSodium"]),
    library("CBOR", []),
    library("COSE", ["CBOR", "QuotaCrypto"]),
    library("MerkleLog", ["QuotaCrypto"]),
    library("StateMap", ["CBOR", "QuotaCrypto"]),
    library("Transparency", ["MerkleLog", "QuotaCrypto"]),
    library("Votes", ["CBOR", "QuotaCrypto"]),
]

// Logic: what may pass, what is agreed, what is proven. Pure.
let logic: [Target] = [
    library("QuotaRules", ["CBOR"]),
    library(
        "Ledger",
        [
            "CBOR", "COSE", "MerkleLog", "QuotaCrypto", "QuotaRules", "StateMap", "Transparency",
            "Votes", collections,
        ]
    ),
    library(
        "Reporting",
        ["CBOR", "Ledger", "MerkleLog", "QuotaCrypto", "QuotaRules", "Transparency"]
    ),
    library("Consensus", ["CBOR", "QuotaCrypto", "Votes"]),
    library(
        "Verifier",
        ["CBOR", "COSE", "Ledger", "MerkleLog", "QuotaCrypto", "StateMap", "Transparency"]
    ),
    library(
        "StateSync",
        [
            "CBOR", "Consensus", "Ledger", "MerkleLog", "QuotaCrypto", "StateMap", "Transparency",
            "Verifier", "Votes",
        ]
    ),
]

// The second world: a whole cluster in one thread.
let simulation: [Target] = [
    library(
        "Simulation",
        ["CBOR", "Consensus", "QuotaCrypto", "StateMap", "StateSync", "Votes"]
    ),
    executable("quota-sim", ["Simulation", arguments]),
]

// The program for third parties: needs nothing of the shells. Only the full build can reach addresses.
let web: [Target.Dependency] =
    coreOnly
    ? []
    : [
        .product(name: "AsyncHTTPClient", package: "async-http-client"), nioCore, nioPosix,
        .product(name: "NIOHTTP1", package: "swift-nio"),
    ]
let verifierProgram: [Target] = [
    library(
        "LogReader",
        ["Ledger", "MerkleLog", "QuotaCrypto", "Transparency", "Verifier"] + web
    ),
    executable(
        "quota-verify",
        [
            "Consensus", "Ledger", "LogReader", "MerkleLog", "QuotaCrypto", "QuotaRules",
            "Transparency", "Verifier", "Votes", arguments,
        ]
    ),
]

// Shells: one part of the outside world each. APIModel is what two of them say to each other.
let shells: [Target] = [
    library("APIModel", ["CBOR", "QuotaCrypto"]),
    .target(
        name: "Explorer",
        exclude: ["README.md"],
        resources: [.embedInCode("Web")],
        swiftSettings: strict
    ),
    library(
        "QuotaFiles",
        ["CBOR", "QuotaCrypto", .product(name: "SwiftCSV", package: "SwiftCSV")]
    ),
    library(
        "LedgerStore",
        [
            "Consensus", "Ledger", "MerkleLog", "QuotaCrypto",
            .product(name: "GRDB", package: "GRDB.swift"),
        ]
    ),
    library(
        "PeerNetwork",
        [
            "QuotaCrypto", logging, nioCore, nioPosix,
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            .product(name: "NIOTLS", package: "swift-nio"),
            .product(name: "X509", package: "swift-certificates"),
            .product(name: "SwiftASN1", package: "swift-asn1"),
            .product(name: "Crypto", package: "swift-crypto"),
        ]
    ),
    library(
        "HTTPAPI",
        [
            "APIModel", "CBOR", "COSE", "Explorer", "Ledger", "MerkleLog", "QuotaCrypto",
            "QuotaRules", "Transparency", logging, nioCore, lifecycle,
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
        ]
    ),
    library(
        "NodeService",
        [
            "APIModel", "CBOR", "COSE", "Consensus", "HTTPAPI", "Ledger", "LedgerStore",
            "MerkleLog", "PeerNetwork", "QuotaCrypto", "QuotaFiles", "QuotaRules", "StateMap",
            "StateSync", "Transparency", "Verifier", "Votes",
            logging, lifecycle, nioCore,
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "Yams", package: "Yams"),
        ]
    ),
    library(
        "Client",
        [
            "APIModel", "CBOR", "COSE", "Explorer", "Ledger", "LogReader", "MerkleLog",
            "QuotaCrypto", "QuotaFiles", "QuotaRules", "Reporting", "StateMap", "Transparency",
            "Verifier",
            nioCore,
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOFoundationCompat", package: "swift-nio"),
        ]
    ),
]

let programs: [Target] = [
    executable(
        "quotad",
        [
            "APIModel", "CBOR", "COSE", "Client", "Ledger", "NodeService", "QuotaCrypto",
            "QuotaFiles", "QuotaRules", "Transparency", arguments, logging, lifecycle,
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ]
    ),
    executable(
        "quotactl",
        [
            "APIModel", "CBOR", "COSE", "Client", "Ledger", "LogReader", "MerkleLog",
            "QuotaCrypto", "QuotaFiles", "QuotaRules", "Reporting", "StateMap", "Transparency",
            "Verifier",
            arguments,
        ]
    ),
    executable(
        "quota-bench",
        [
            "APIModel", "CBOR", "COSE", "Client", "Consensus", "Explorer", "Ledger", "MerkleLog",
            "QuotaCrypto", "QuotaFiles", "QuotaRules", "StateMap", "Transparency", arguments,
        ]
    ),
]

let coreTests: [Target] = [
    .target(
        name: "TestSupport",
        dependencies: ["CBOR", "QuotaCrypto"],
        path: "Tests/TestSupport",
        swiftSettings: strict
    ),
    .target(
        name: "LedgerFixture",
        dependencies: [
            "CBOR", "COSE", "Ledger", "MerkleLog", "QuotaCrypto", "QuotaRules", "Transparency",
            "Votes",
        ],
        path: "Tests/LedgerFixture",
        swiftSettings: strict
    ),
    .target(
        name: "LedgerVectors",
        dependencies: [
            "CBOR", "COSE", "Consensus", "Ledger", "LedgerFixture", "MerkleLog", "QuotaCrypto",
            "QuotaRules", "StateMap", "Transparency", "Verifier", "Votes",
        ],
        path: "Tests/LedgerVectors",
        swiftSettings: strict
    ),
    .executableTarget(
        name: "quota-vectors",
        dependencies: ["LedgerVectors", arguments],
        path: "Tests/quota-vectors",
        swiftSettings: strict
    ),
    tests("QuotaCryptoTests", ["QuotaCrypto", "TestSupport"]),
    tests("CBORTests", ["CBOR", "QuotaCrypto", "TestSupport"]),
    tests("COSETests", ["COSE", "CBOR", "QuotaCrypto", "TestSupport"]),
    tests("MerkleLogTests", ["MerkleLog", "QuotaCrypto", "TestSupport"]),
    tests("StateMapTests", ["StateMap", "CBOR", "QuotaCrypto", "TestSupport"]),
    tests(
        "TransparencyTests",
        ["Transparency", "CBOR", "COSE", "MerkleLog", "QuotaCrypto", "TestSupport"]
    ),
    tests("QuotaRulesTests", ["QuotaRules", "CBOR", "QuotaCrypto", "TestSupport"]),
    tests(
        "LedgerTests",
        [
            "Ledger", "CBOR", "COSE", "MerkleLog", "QuotaCrypto", "QuotaRules", "StateMap",
            "Transparency", "Votes", "LedgerFixture", "TestSupport", collections,
        ]
    ),
    tests(
        "ReportingTests",
        [
            "Reporting", "CBOR", "Ledger", "QuotaCrypto", "QuotaRules", "LedgerFixture",
            "TestSupport",
        ]
    ),
    tests(
        "LedgerVectorTests",
        [
            "LedgerVectors", "CBOR", "COSE", "Consensus", "Ledger", "MerkleLog", "QuotaCrypto",
            "StateMap", "TestSupport", "Transparency", "Verifier", "Votes",
        ]
    ),
    tests(
        "ConsensusTests",
        ["Consensus", "Simulation", "Votes", "CBOR", "QuotaCrypto", "TestSupport"]
    ),
    tests(
        "VerifierTests",
        [
            "Verifier", "CBOR", "COSE", "Ledger", "MerkleLog", "QuotaCrypto", "QuotaRules",
            "StateMap", "Transparency", "LedgerFixture", "LedgerVectors", "LogReader",
            "TestSupport", "quota-verify",
        ]
    ),
    tests(
        "StateSyncTests",
        [
            "StateSync", "CBOR", "Consensus", "Ledger", "MerkleLog", "QuotaCrypto", "StateMap",
            "Transparency", "Verifier", "Votes", "LedgerFixture", "TestSupport",
        ]
    ),
]

let shellTests: [Target] = [
    tests(
        "QuotaFilesTests",
        ["QuotaFiles", "CBOR", "QuotaCrypto", "QuotaRules", "Reporting", "TestSupport"]
    ),
    tests(
        "LedgerStoreTests",
        [
            "LedgerStore", "Consensus", "Ledger", "MerkleLog", "QuotaCrypto", "TestSupport",
            .product(name: "GRDB", package: "GRDB.swift"),
        ]
    ),
    tests(
        "PeerNetworkTests",
        [
            "PeerNetwork", "QuotaCrypto", "TestSupport", logging, nioCore, nioPosix,
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
        ]
    ),
    tests(
        "HTTPAPITests",
        [
            "HTTPAPI", "APIModel", "CBOR", "COSE", "Client", "Explorer", "Ledger", "MerkleLog",
            "QuotaCrypto", "QuotaRules", "Transparency", "Verifier", "LedgerFixture",
            "LedgerVectors", "TestSupport", logging,
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdTesting", package: "hummingbird"),
        ]
    ),
    tests(
        "NodeServiceTests",
        [
            "NodeService", "APIModel", "CBOR", "COSE", "Consensus", "Ledger", "LedgerStore",
            "MerkleLog", "PeerNetwork", "QuotaCrypto", "StateSync", "Transparency",
            "Votes", "LedgerFixture", "TestSupport", logging,
            lifecycle,
        ]
    ),
    tests(
        "ClientTests",
        [
            "Client", "APIModel", "CBOR", "COSE", "Ledger", "QuotaCrypto", "QuotaFiles",
            "QuotaRules", "LedgerFixture", "TestSupport", "quotactl", arguments,
        ]
    ),
]

let coreDependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
]

let shellDependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
]

let package = Package(
    name: "quota-ledger",
    products: [.library(name: "Verifier", targets: ["Verifier"])],
    dependencies: coreDependencies + (coreOnly ? [] : shellDependencies),
    targets: values + logic + simulation + verifierProgram + coreTests
        + (coreOnly ? [] : shells + programs + shellTests),
    swiftLanguageModes: [.v6]
)
