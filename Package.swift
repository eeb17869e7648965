// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "ringkey",
    products: [
        // MARK: - The tool
        .executable(name: "ringkey", targets: ["ringkey"]),

        // MARK: - Public API
        .library(name: "RandomNumbers", targets: ["RandomNumbers"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Images", targets: ["Images"]),
        .library(name: "FixedPoints", targets: ["FixedPoints"]),
        .library(name: "Diffusion", targets: ["Diffusion"]),
        .library(name: "DecoderInversion", targets: ["DecoderInversion"]),
        .library(name: "RingKeys", targets: ["RingKeys"]),
        .library(name: "OnnxModels", targets: ["OnnxModels"]),
        .library(name: "Verification", targets: ["Verification"]),
        .library(name: "Auditing", targets: ["Auditing"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // MARK: - C libraries
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CPNGReader", dependencies: ["CPNG"]),
        .target(name: "COnnxRuntime"),
        .target(name: "CRsvg"),

        // MARK: - The algorithms: no files of models, no command line
        .target(name: "RandomNumbers"),
        .target(name: "LinearAlgebra", dependencies: ["RandomNumbers"]),
        .target(name: "Tensors", dependencies: ["RandomNumbers"]),
        .target(name: "FixedPoints", dependencies: ["Tensors", "LinearAlgebra"]),
        .target(name: "Diffusion", dependencies: ["Tensors", "FixedPoints"]),
        .target(name: "DecoderInversion", dependencies: ["Tensors", "FixedPoints", "Diffusion"]),
        .target(name: "RingKeys", dependencies: ["Tensors", "RandomNumbers", "LinearAlgebra", "CFFTW", "CSodium"]),

        // MARK: - Files and backends
        .target(
            name: "Images",
            dependencies: ["Tensors", "RandomNumbers", "CPNG", "CPNGReader", "CTurboJPEG", "CWebP"]),
        .target(name: "OnnxModels", dependencies: ["Tensors", "Diffusion", "COnnxRuntime", "CSodium"]),
        .target(name: "Plotting", dependencies: ["Tensors", "Images", "CRsvg"]),

        // MARK: - The chain and the command line
        .target(
            name: "Verification",
            dependencies: [
                "Tensors", "Images", "FixedPoints", "Diffusion", "DecoderInversion", "RingKeys", "CSodium",
            ]),
        .target(name: "Auditing", dependencies: ["Tensors", "Images", "Verification", "CSodium"]),
        .target(
            name: "Evaluation",
            dependencies: [
                "Tensors", "RandomNumbers", "Images", "Plotting", "RingKeys", "Verification", "Auditing", "CSodium",
            ]),
        .executableTarget(
            name: "ringkey",
            dependencies: [
                "Tensors", "Images", "Diffusion", "DecoderInversion", "RingKeys", "OnnxModels", "Plotting",
                "Verification", "Auditing", "Evaluation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "false-positives",
            dependencies: [
                "Tensors", "RandomNumbers", "Images", "Diffusion", "DecoderInversion", "RingKeys", "OnnxModels",
                "Verification",
            ],
            path: "benchmarks/false_positives/Measure"),

        // MARK: - Measurements for docs/reproduction.md
        .executableTarget(
            name: "reproduce",
            dependencies: [
                "Tensors", "FixedPoints", "Diffusion", "DecoderInversion", "OnnxModels", "Verification",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "benchmarks/reproduce/native"),

        // MARK: - Tests. Every import is declared: a target is built anew only when a declared module changes.
        .target(name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport"),
        .testTarget(name: "RandomNumbersTests", dependencies: ["RandomNumbers", "Tensors", "TestSupport"]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "RandomNumbers", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "RandomNumbers", "TestSupport"]),
        .testTarget(name: "FixedPointsTests", dependencies: ["FixedPoints", "LinearAlgebra", "RandomNumbers", "Tensors", "TestSupport"]),
        .testTarget(name: "ImagesTests", dependencies: ["Images", "RandomNumbers", "Tensors", "TestSupport"]),
        .testTarget(name: "DiffusionTests", dependencies: ["Diffusion", "FixedPoints", "Tensors", "TestSupport"]),
        .testTarget(
            name: "DecoderInversionTests",
            dependencies: ["DecoderInversion", "FixedPoints", "Diffusion", "Tensors", "TestSupport"]),
        .testTarget(name: "RingKeysTests", dependencies: ["RingKeys", "RandomNumbers", "Tensors", "TestSupport"]),
        .testTarget(
            name: "OnnxModelsTests",
            dependencies: [
                "OnnxModels", "DecoderInversion", "FixedPoints", "Diffusion", "Images", "Tensors", "TestSupport",
            ]),
        .testTarget(name: "PlottingTests", dependencies: ["Plotting", "Images", "Tensors"]),
        .testTarget(
            name: "VerificationTests",
            dependencies: ["Verification", "Tensors", "Images", "Diffusion", "DecoderInversion", "RingKeys"]),
        .testTarget(
            name: "AuditingTests", dependencies: ["Auditing", "Verification", "Images", "Tensors", "TestSupport"]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "Evaluation", "Auditing", "Verification", "Plotting", "RingKeys", "Images", "RandomNumbers", "Tensors",
                "TestSupport",
            ]),
        .testTarget(
            name: "CLITests",
            dependencies: ["ringkey", "Auditing", "Verification", "Images", "RingKeys", "Tensors", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
