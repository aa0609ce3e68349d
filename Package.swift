// swift-tools-version: 6.2
import PackageDescription

/// How every Swift target is built.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

let houseC: [CSetting] = [
    .enableWarning("all"), .enableWarning("extra"), .enableWarning("conversion"),
    .treatAllWarnings(as: .error),
]

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

func library(_ name: String, _ uses: [Target.Dependency] = [], links: [LinkerSetting] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: house, linkerSettings: links)
}

func program(_ name: String, _ uses: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: uses, path: path, swiftSettings: house)
}

func tests(_ name: String, _ uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses + ["TestSupport"], swiftSettings: house)
}

let package = Package(
    name: "wasm-shim",
    products: [
        .executable(name: "wasm-shim", targets: ["wasm-shim"]),
        .executable(name: "wasm-shim-guest", targets: ["wasm-shim-guest"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // C
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .target(name: "CLinux", cSettings: houseC),
        .target(
            name: "CWasmInterpreter",
            cSettings: houseC
                + [.unsafeFlags(["-O2", "-fno-stack-protector", "-Xclang", "-mframe-pointer=none"])]),

        // ground
        library("LinuxSystem", ["CLinux"]),
        library("OCISpec"),

        // layout → image → bundle
        library("OCILayout", ["OCISpec", "LinuxSystem", crypto]),
        library("OCIImage", ["OCISpec", "OCILayout"]),
        library("OCIBundle", ["OCISpec", "LinuxSystem"]),
        library(
            "OCIUnpack", ["OCISpec", "OCILayout", "OCIImage", "OCIBundle", "LinuxSystem", "CLibArchive", crypto],
            links: [.linkedLibrary("z"), .linkedLibrary("zstd")]),

        // module → instance
        library("WasmModule", ["CWasmInterpreter"]),
        library("WasmRuntime", ["WasmModule", "CWasmInterpreter"]),
        library("WASIPreview1", ["WasmRuntime", "WasmModule", "LinuxSystem", "CLinux"]),

        // process
        library("GuestLaunch", ["LinuxSystem"]),
        library("ContainerProcess", ["OCISpec", "OCIImage", "OCIBundle", "GuestLaunch", "LinuxSystem", "CLinux"]),

        // programs
        program(
            "wasm-shim-guest",
            ["GuestLaunch", "WASIPreview1", "WasmRuntime", "WasmModule", "LinuxSystem", "CLinux"]),
        library(
            "WasmShimCommands",
            [
                "OCISpec", "OCILayout", "OCIImage", "OCIUnpack", "OCIBundle", "ContainerProcess", "GuestLaunch",
                "LinuxSystem", crypto, arguments,
            ]),
        program("wasm-shim", ["WasmShimCommands", "ContainerProcess"]),

        // tests: one target beside each library, then the suites that belong to somebody else
        .target(
            name: "TestSupport", dependencies: ["LinuxSystem", "OCISpec", "OCILayout"], path: "Tests/TestSupport",
            swiftSettings: house),
        tests("OCISpecTests", ["OCISpec"]),
        tests("OCILayoutTests", ["OCILayout", "OCISpec"]),
        tests("OCIImageTests", ["OCIImage", "OCILayout", "OCISpec"]),
        tests("OCIBundleTests", ["OCIBundle", "OCISpec"]),
        tests("OCIUnpackTests", ["OCIUnpack", "OCIImage", "OCILayout", "OCISpec", "OCIBundle"]),
        tests("WasmModuleTests", ["WasmModule"]),
        tests("WasmRuntimeTests", ["WasmRuntime", "WasmModule"]),
        tests("SpecificationTests", ["WasmRuntime", "WasmModule"]),
        tests("WASIPreview1Tests", ["WASIPreview1", "WasmRuntime", "WasmModule", "LinuxSystem"]),
        tests("GuestLaunchTests", ["GuestLaunch", "LinuxSystem"]),
        tests("ContainerProcessTests", ["ContainerProcess", "GuestLaunch", "LinuxSystem", "OCISpec", "OCIBundle"]),
        tests("WasmShimCommandsTests", ["WasmShimCommands", "ContainerProcess", "OCIImage", "OCISpec", arguments]),
        tests("EndToEndTests", ["LinuxSystem", "ContainerProcess"]),
    ]
)
