// swift-tools-version: 6.0

import PackageDescription

let publicModules = [
    "InputErrors", "RandomNumbers", "Statistics", "LinearAlgebra", "Cryptography", "Tensors", "Files", "TensorFiles",
    "Spectra", "FixedPoints", "NoiseSchedules", "Models", "Diffusion", "DecoderInversion", "NullModels", "Registration",
    "Marks", "KeyDocuments", "ShadingKeys", "SeedKeys", "PRCKeys", "RingKeys", "Pictures", "Items", "Images",
    "KeyRings",
    "Attacks", "Plotting", "ModelFolders", "OnnxSessions", "OnnxModels", "OnnxGraphs", "CheckpointModels", "Attempts",
    "Verdicts", "Verification", "Auditing", "Evaluation", "RingkeyKit",
]

let package = Package(
    name: "ringkey",
    products: [.executable(name: "ringkey", targets: ["ringkey"])]
        + publicModules.map { .library(name: $0, targets: [$0]) },
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")],
    targets: [
        // MARK: - C libraries
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CPNGReader", dependencies: ["CPNG"]),
        .target(name: "COnnxRuntime"),
        .target(name: "CLoader"),
        .target(name: "CRsvg", dependencies: ["CLoader"]),
        .target(name: "CCrypto", dependencies: ["CLoader"]),
        .target(name: "CTIFF", dependencies: ["CLoader"]),
        .target(name: "CHEIF", dependencies: ["CLoader"]),
        .target(name: "CJPEGXL", dependencies: ["CLoader"]),
        .target(name: "CKeyScan"),

        // MARK: - The ground: refusals, numbers, tensors, files
        .target(name: "InputErrors"),
        .target(name: "RandomNumbers"),
        .target(name: "Statistics"),
        .target(name: "LinearAlgebra", dependencies: ["RandomNumbers"]),
        .target(name: "Cryptography", dependencies: ["CSodium", "CCrypto"]),
        .target(name: "Tensors", dependencies: ["RandomNumbers"]),
        .target(name: "Files", dependencies: ["InputErrors"]),
        .target(name: "TensorFiles", dependencies: ["InputErrors", "Tensors", "Files"]),
        .target(name: "Spectra", dependencies: ["Tensors", "CFFTW"]),

        // MARK: - The algorithms: they know no file, no model format, no command line
        .target(name: "FixedPoints", dependencies: ["LinearAlgebra", "Tensors"]),
        .target(name: "NoiseSchedules", dependencies: ["InputErrors", "Files"]),
        .target(name: "Models", dependencies: ["InputErrors", "Tensors", "NoiseSchedules"]),
        .target(
            name: "Diffusion", dependencies: ["InputErrors", "Tensors", "FixedPoints", "NoiseSchedules", "Models"]),
        .target(name: "DecoderInversion", dependencies: ["InputErrors", "Tensors", "FixedPoints", "Models"]),
        .target(
            name: "NullModels",
            dependencies: [
                "InputErrors", "LinearAlgebra", "Cryptography", "Tensors", "Files", "TensorFiles", "Spectra",
            ]),

        // MARK: - Marks: the protocols, and one leaf a scheme
        .target(name: "Registration", dependencies: ["Tensors", "Spectra", "CFFTW"]),
        .target(
            name: "Marks", dependencies: ["InputErrors", "RandomNumbers", "Statistics", "Tensors", "Registration"]),
        .target(name: "KeyDocuments", dependencies: ["InputErrors", "Cryptography", "Tensors", "Files", "Marks"]),
        .target(
            name: "ShadingKeys",
            dependencies: [
                "InputErrors", "Statistics", "Cryptography", "Tensors", "NullModels", "Marks", "KeyDocuments",
            ]),
        .target(
            name: "PRCKeys",
            dependencies: [
                "InputErrors", "RandomNumbers", "Statistics", "Cryptography", "Tensors", "NullModels", "Marks",
                "KeyDocuments", "ShadingKeys",
            ]),
        .target(
            name: "SeedKeys",
            dependencies: [
                "InputErrors", "RandomNumbers", "Statistics", "Tensors", "NullModels", "Marks", "KeyDocuments",
            ]),
        .target(
            name: "RingKeys",
            dependencies: [
                "KeyDocuments", "InputErrors", "RandomNumbers", "Statistics", "LinearAlgebra", "Cryptography",
                "Tensors", "Files", "TensorFiles", "Spectra", "NullModels", "Registration", "Marks",
            ]),
        .target(
            name: "RingIDKeys",
            dependencies: [
                "InputErrors", "RandomNumbers", "Statistics", "LinearAlgebra", "Cryptography", "Tensors", "TensorFiles",
                "Spectra", "NullModels", "Marks", "KeyDocuments", "RingKeys",
            ]),
        .target(
            name: "KeyRings",
            dependencies: [
                "InputErrors", "Cryptography", "Tensors", "Files", "Registration", "Marks", "KeyDocuments", "RingKeys",
                "CKeyScan",
            ]),

        // MARK: - Pictures
        .target(name: "Pictures", dependencies: ["InputErrors", "Tensors"]),
        .target(name: "Items", dependencies: ["Pictures"]),
        .target(
            name: "Images",
            dependencies: [
                "InputErrors", "Cryptography", "Files", "Pictures", "Items", "CPNG", "CPNGReader", "CHEIF", "CJPEGXL",
                "CTIFF", "CTurboJPEG", "CWebP",
            ]),
        .target(name: "Attacks", dependencies: ["InputErrors", "RandomNumbers", "Pictures", "Images"]),
        .target(name: "Plotting", dependencies: ["InputErrors", "Marks", "Pictures", "Images", "CRsvg"]),

        // MARK: - Model backends: what any folder has, and one leaf a format
        .target(
            name: "ModelFolders",
            dependencies: ["InputErrors", "Cryptography", "Tensors", "Files", "NoiseSchedules", "Models"]),
        .target(
            name: "OnnxSessions",
            dependencies: [
                "InputErrors", "Tensors", "Files", "NoiseSchedules", "Models", "ModelFolders", "COnnxRuntime",
            ]),
        .target(
            name: "OnnxModels",
            dependencies: ["InputErrors", "Tensors", "NoiseSchedules", "Models", "ModelFolders", "OnnxSessions"]),
        .target(name: "OnnxGraphs", dependencies: ["Models"]),
        .target(
            name: "CheckpointModels",
            dependencies: [
                "InputErrors", "Cryptography", "Tensors", "Files", "TensorFiles", "NoiseSchedules", "Models",
                "ModelFolders", "OnnxSessions", "OnnxGraphs",
            ]),

        // MARK: - From images to verdicts, and what becomes of them
        .target(name: "Attempts", dependencies: ["InputErrors", "Tensors", "DecoderInversion", "Pictures"]),
        .target(name: "Verdicts", dependencies: ["InputErrors", "Files", "Models", "Marks"]),
        .target(
            name: "Verification",
            dependencies: [
                "InputErrors", "Tensors", "FixedPoints", "NoiseSchedules", "Models", "Diffusion", "DecoderInversion",
                "NullModels", "Registration", "Marks", "Pictures", "Items", "Attempts", "Verdicts",
            ]),
        .target(
            name: "Auditing",
            dependencies: [
                "InputErrors", "Cryptography", "Files", "Items", "Images", "Attempts", "Verdicts", "Verification",
            ]),
        .target(
            name: "Evaluation",
            dependencies: [
                "InputErrors", "Statistics", "Cryptography", "Files", "Models", "Marks", "Pictures", "Images",
                "Plotting", "Verdicts",
            ]),

        // MARK: - Everything put together
        .target(
            name: "RingkeyKit",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Files", "TensorFiles", "NoiseSchedules", "Models",
                "Diffusion", "DecoderInversion", "NullModels", "Registration", "Marks", "KeyDocuments", "ShadingKeys",
                "SeedKeys", "PRCKeys", "RingKeys", "RingIDKeys", "KeyRings", "Pictures", "Items", "Images", "Attacks",
                "Plotting",
                "ModelFolders", "OnnxModels", "CheckpointModels", "Attempts", "Verdicts", "Verification", "Auditing",
                "Evaluation",
            ]),

        // MARK: - The command line: it parses, prints and exits
        .executableTarget(
            name: "ringkey",
            dependencies: [
                "InputErrors", "RandomNumbers", "Cryptography", "Tensors", "Files", "TensorFiles", "NoiseSchedules",
                "Models", "Diffusion", "DecoderInversion", "NullModels", "Registration", "Marks", "KeyDocuments",
                "RingKeys", "KeyRings", "Images", "Attacks", "Plotting", "Attempts", "Verdicts", "Verification",
                "Auditing", "Evaluation", "RingkeyKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // MARK: - Measurements for the documentation
        .executableTarget(
            name: "false-positives",
            dependencies: [
                "InputErrors", "RandomNumbers", "Statistics", "Tensors", "Files", "TensorFiles", "Models", "NullModels",
                "KeyDocuments", "RingKeys", "Images", "Attempts", "Verification", "RingkeyKit",
            ],
            path: "benchmarks/false_positives/Measure"),
        .executableTarget(
            name: "interop",
            dependencies: [
                "InputErrors", "Tensors", "TensorFiles", "NoiseSchedules", "Models", "OnnxSessions", "CheckpointModels",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "benchmarks/interop"),
        .executableTarget(
            name: "key-rings",
            dependencies: ["RandomNumbers", "Marks", "KeyRings"],
            path: "benchmarks/key_rings"),
        .executableTarget(
            name: "registration",
            dependencies: [
                "InputErrors", "Tensors", "Models", "Registration", "Marks", "RingKeys", "Images", "Attempts",
                "Verification", "RingkeyKit",
            ],
            path: "benchmarks/registration"),
        .executableTarget(
            name: "reproduce",
            dependencies: [
                "InputErrors", "Tensors", "Files", "TensorFiles", "FixedPoints", "Models", "Diffusion",
                "DecoderInversion", "Images", "Verification", "RingkeyKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "benchmarks/reproduce/native"),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Files", "TensorFiles", "NoiseSchedules", "NullModels",
                "Marks", "RingKeys", "KeyRings", "Images", "Attacks", "ModelFolders", "OnnxModels", "CheckpointModels",
                "Attempts", "Auditing", "Evaluation", "RingkeyKit",
            ],
            path: "fuzz/Targets"),

        // MARK: - Tests. Every import is declared: a target is built anew only when a declared module changes.
        .target(
            name: "TestSupport",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Files", "NoiseSchedules", "Models", "Marks", "Pictures",
                "Verdicts",
            ],
            path: "Tests/TestSupport"),
        .testTarget(name: "InputErrorsTests", dependencies: ["InputErrors", "TestSupport"]),
        .testTarget(name: "RandomNumbersTests", dependencies: ["RandomNumbers", "TensorFiles", "TestSupport"]),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"]),
        .testTarget(name: "LinearAlgebraTests", dependencies: ["RandomNumbers", "LinearAlgebra", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["RandomNumbers", "Tensors", "TensorFiles", "TestSupport"]),
        .testTarget(name: "FilesTests", dependencies: ["InputErrors", "Files", "TestSupport"]),
        .testTarget(
            name: "TensorFilesTests",
            dependencies: ["InputErrors", "RandomNumbers", "Tensors", "TensorFiles", "TestSupport"]),
        .testTarget(name: "SpectraTests", dependencies: ["RandomNumbers", "Tensors", "Spectra"]),
        .testTarget(name: "FixedPointsTests", dependencies: ["Tensors", "FixedPoints", "Marks", "TestSupport"]),
        .testTarget(
            name: "NoiseSchedulesTests",
            dependencies: ["InputErrors", "TensorFiles", "NoiseSchedules", "TestSupport"]),
        .testTarget(name: "ModelsTests", dependencies: ["InputErrors", "Tensors", "Models", "TestSupport"]),
        .testTarget(
            name: "DiffusionTests",
            dependencies: [
                "InputErrors", "Tensors", "TensorFiles", "NoiseSchedules", "Models", "Diffusion", "TestSupport",
            ]),
        .testTarget(
            name: "DecoderInversionTests",
            dependencies: [
                "InputErrors", "Tensors", "TensorFiles", "FixedPoints", "Models", "DecoderInversion", "TestSupport",
            ]),
        .testTarget(
            name: "NullModelsTests",
            dependencies: ["InputErrors", "Tensors", "TensorFiles", "NullModels", "TestSupport"]),
        .testTarget(
            name: "RegistrationTests", dependencies: ["RandomNumbers", "Tensors", "Registration", "TestSupport"]),
        .testTarget(name: "MarksTests", dependencies: ["InputErrors", "Tensors", "Marks", "TestSupport"]),
        .testTarget(
            name: "RingKeysTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Statistics", "Cryptography", "Tensors", "Files", "TensorFiles",
                "Spectra", "NullModels", "Registration", "Marks", "KeyDocuments", "RingKeys", "TestSupport",
            ]),
        .testTarget(
            name: "ShadingKeysTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Marks", "KeyDocuments", "ShadingKeys", "TestSupport",
            ]),
        .testTarget(
            name: "SeedKeysTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Marks", "KeyDocuments", "ShadingKeys", "SeedKeys",
                "TestSupport",
            ]),
        .testTarget(
            name: "PRCKeysTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Cryptography", "Tensors", "Marks", "KeyDocuments", "PRCKeys",
                "TestSupport",
            ]),
        .testTarget(
            name: "RingIDKeysTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "TensorFiles", "Marks", "KeyDocuments", "RingIDKeys",
                "TestSupport",
            ]),
        .testTarget(
            name: "KeyRingsTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Tensors", "Registration", "Marks", "KeyDocuments", "RingKeys",
                "KeyRings", "CKeyScan", "TestSupport",
            ]),
        .testTarget(name: "PicturesTests", dependencies: ["RandomNumbers", "Tensors", "Pictures", "TestSupport"]),
        .testTarget(name: "ItemsTests", dependencies: ["InputErrors", "Cryptography", "Pictures", "Items", "Images"]),
        .testTarget(
            name: "ImagesTests",
            dependencies: ["InputErrors", "RandomNumbers", "Tensors", "Files", "Pictures", "Images", "TestSupport"]),
        .testTarget(
            name: "AttacksTests",
            dependencies: ["InputErrors", "RandomNumbers", "Pictures", "Attacks", "TestSupport"]),
        .testTarget(name: "PlottingTests", dependencies: ["InputErrors", "Marks", "Pictures", "Images", "Plotting"]),
        .testTarget(
            name: "ModelFoldersTests", dependencies: ["InputErrors", "Cryptography", "ModelFolders", "TestSupport"]),
        .testTarget(
            name: "OnnxModelsTests",
            dependencies: [
                "InputErrors", "Tensors", "TensorFiles", "FixedPoints", "NoiseSchedules", "Models", "Diffusion",
                "DecoderInversion", "Marks", "Pictures", "Images", "ModelFolders", "OnnxSessions", "OnnxModels",
                "TestSupport",
            ]),
        .testTarget(
            name: "CheckpointModelsTests",
            dependencies: [
                "InputErrors", "Cryptography", "Tensors", "Files", "TensorFiles", "NoiseSchedules", "Models",
                "Diffusion", "ModelFolders", "OnnxSessions", "OnnxGraphs", "CheckpointModels", "TestSupport",
            ]),
        .testTarget(
            name: "AttemptsTests", dependencies: ["InputErrors", "RandomNumbers", "Tensors", "Pictures", "Attempts"]),
        .testTarget(
            name: "VerdictsTests",
            dependencies: ["InputErrors", "Files", "Models", "Marks", "Verdicts", "TestSupport"]),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "KeyDocuments", "InputErrors", "Tensors", "Models", "NullModels", "Marks", "RingKeys", "Pictures",
                "Items", "Attempts", "Verdicts", "Verification", "TestSupport",
            ]),
        .testTarget(
            name: "AuditingTests",
            dependencies: [
                "InputErrors", "Files", "Models", "Marks", "Pictures", "Images", "Attempts", "Verdicts", "Verification",
                "Auditing", "TestSupport",
            ]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "InputErrors", "Files", "Models", "Marks", "Pictures", "Images", "Verdicts", "Evaluation",
                "TestSupport",
            ]),
        .testTarget(
            name: "RingkeyKitTests",
            dependencies: [
                "InputErrors", "RandomNumbers", "Cryptography", "Tensors", "TensorFiles", "Marks", "ShadingKeys",
                "PRCKeys", "RingKeys", "Pictures", "Images", "Attacks", "Verdicts", "Verification", "RingkeyKit",
                "TestSupport",
            ]),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"]),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "ringkey", "Tensors", "Files", "TensorFiles", "KeyDocuments", "RingKeys", "Pictures", "Images",
                "Attacks", "Verdicts", "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// What `make docs` needs and nothing else does: a plain build need not fetch it.
if Context.environment["RINGKEY_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

// What `make fuzz` builds and nothing else can: it needs the compiler's coverage and libFuzzer.
if Context.environment["RINGKEY_FUZZ"] != nil {
    package.targets.append(.executableTarget(name: "fuzz", dependencies: ["FuzzTargets"], path: "fuzz/Runner"))
}
