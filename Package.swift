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

/// What is part of the guest program is built without the regular expressions that every Swift file imports by itself:
/// 1.3 MB less program, and 50 KB less memory for each container.
let guestHouse: [SwiftSetting] =
    house + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

let houseC: [CSetting] = [
    .enableWarning("all"), .enableWarning("extra"), .enableWarning("conversion"),
    .treatAllWarnings(as: .error),
]

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

func library(_ name: String, _ uses: [Target.Dependency] = [], links: [LinkerSetting] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: house, linkerSettings: links)
}

func guestLibrary(_ name: String, _ uses: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: guestHouse)
}

/// What protoc made is as its maker would have it.
func generated(_ name: String, _ uses: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: [.swiftLanguageMode(.v6)])
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
        .executable(name: "containerd-shim-wasmshim-v1", targets: ["containerd-shim-wasmshim-v1"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
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
        guestLibrary("LinuxSystem", ["CLinux"]),
        library("OCISpec"),

        // layout → image → bundle
        library("OCILayout", ["OCISpec", "LinuxSystem", crypto]),
        library("OCIImage", ["OCISpec", "OCILayout"]),
        library("OCIBundle", ["OCISpec", "LinuxSystem"]),
        library(
            "OCIUnpack", ["OCISpec", "OCILayout", "OCIImage", "OCIBundle", "LinuxSystem", "CLibArchive", crypto],
            links: [.linkedLibrary("z"), .linkedLibrary("zstd")]),

        // module → instance
        guestLibrary("WasmModule", ["CWasmInterpreter"]),
        guestLibrary("WasmRuntime", ["WasmModule", "CWasmInterpreter"]),
        library("WasmText"),
        guestLibrary("WASIPreview1", ["WasmRuntime", "WasmModule", "LinuxSystem", "CLinux"]),
        guestLibrary("WASIThreads", ["WasmRuntime", "WasmModule", "CLinux"]),
        guestLibrary("AssemblyScript", ["WasmRuntime", "WasmModule"]),
        guestLibrary("GuestDialects", ["WasmModule"]),

        // process
        guestLibrary("Sandbox", ["LinuxSystem", "CLinux"]),
        guestLibrary("GuestLaunch", ["LinuxSystem", "Sandbox"]),
        library("ControlGroup", ["OCISpec", "LinuxSystem", "CLinux"]),
        library(
            "ContainerProcess",
            ["OCISpec", "OCIImage", "OCIBundle", "GuestLaunch", "Sandbox", "LinuxSystem", "CLinux"]),

        // task service
        library("EventLoop", ["LinuxSystem", "CLinux"]),
        library("TTRPC", ["EventLoop", "LinuxSystem", "CLinux", protobuf]),
        generated("ShimAPI", [protobuf]),
        library(
            "TaskService",
            [
                "EventLoop", "TTRPC", "ShimAPI", "ContainerProcess", "ControlGroup", "Sandbox", "GuestLaunch",
                "OCIBundle", "OCISpec", "LinuxSystem", "CLinux", protobuf, logging, crypto,
            ]),

        // programs
        .executableTarget(
            name: "wasm-shim-guest",
            dependencies: [
                "GuestLaunch", "Sandbox", "GuestDialects", "AssemblyScript", "WASIThreads", "WASIPreview1",
                "WasmRuntime",
                "WasmModule", "LinuxSystem", "CLinux",
            ],
            swiftSettings: guestHouse),
        program("containerd-shim-wasmshim-v1", ["TaskService"]),
        library(
            "WasmShimCommands",
            [
                "OCISpec", "OCILayout", "OCIImage", "OCIUnpack", "OCIBundle", "ContainerProcess", "GuestLaunch",
                "ControlGroup", "LinuxSystem", "CLinux", "WasmText", "WasmModule", "WasmRuntime", "WASIPreview1",
                "GuestDialects", "AssemblyScript", "WASIThreads", crypto, arguments,
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
        tests("WasmTextTests", ["WasmText", "WasmModule", "CWasmInterpreter"]),
        tests("WasmModuleTests", ["WasmModule"]),
        tests("WasmRuntimeTests", ["WasmRuntime", "WasmModule", "WasmText"]),
        .target(
            name: "Specification", dependencies: ["WasmText", "WasmRuntime", "WasmModule"], path: "Tests/Specification",
            exclude: ["expected-failures.txt"], swiftSettings: house),
        program("wasm-spectest", ["Specification", "CLinux"], path: "Tests/wasm-spectest"),
        tests("SpecificationTests", ["Specification", "WasmText"]),
        tests("AssemblyScriptTests", ["AssemblyScript", "WasmText", "WasmRuntime", "WasmModule"]),
        tests("WASIPreview1Tests", ["WASIPreview1", "WasmRuntime", "WasmModule", "LinuxSystem"]),
        tests("GuestLaunchTests", ["GuestLaunch", "Sandbox", "LinuxSystem"]),
        tests("SandboxTests", ["Sandbox", "GuestLaunch", "LinuxSystem", "CLinux"]),
        tests("ControlGroupTests", ["ControlGroup", "OCISpec", "LinuxSystem"]),
        tests("EventLoopTests", ["EventLoop", "LinuxSystem", "CLinux"]),
        tests("FuzzingTests", ["ShimFuzzing", "ModuleFuzzing", "WasmText"]),
        tests("TTRPCTests", ["TTRPC", "EventLoop", "LinuxSystem", protobuf]),
        tests(
            "TaskServiceTests",
            [
                "TaskService", "TTRPC", "ShimAPI", "EventLoop", "ContainerProcess", "ControlGroup", "Sandbox",
                "OCISpec",
                "LinuxSystem", "CLinux", protobuf, logging,
            ]),
        tests(
            "ShimTests", ["TaskService", "TTRPC", "ShimAPI", "EventLoop", "OCISpec", "LinuxSystem", "CLinux", protobuf]),
        tests(
            "ContainerProcessTests",
            ["ContainerProcess", "GuestLaunch", "Sandbox", "LinuxSystem", "OCISpec", "OCIBundle"]),
        tests(
            "WasmShimCommandsTests",
            [
                "WasmShimCommands", "ContainerProcess", "ControlGroup", "OCIImage", "OCISpec", "LinuxSystem",
                "WasmModule", "WasmText", "GuestLaunch", "GuestDialects", arguments,
            ]),
        tests("EndToEndTests", ["LinuxSystem", "ContainerProcess"]),

        // fuzzing: what reads bytes of others, and the engine beside another one
        .target(name: "CFuzzDriver", path: "Fuzz/CFuzzDriver", cSettings: houseC),
        .target(name: "CAllocationMeter", path: "Fuzz/CAllocationMeter", cSettings: houseC),
        .target(
            name: "ShimFuzzing", dependencies: ["TTRPC", "ShimAPI", "GuestLaunch", "Sandbox", protobuf],
            path: "Fuzz/ShimFuzzing", swiftSettings: house),
        .target(
            name: "ModuleFuzzing", dependencies: ["WasmText", "WasmModule", "CWasmInterpreter"],
            path: "Fuzz/ModuleFuzzing", swiftSettings: house),
        program("shim-fuzz", ["ShimFuzzing", "CFuzzDriver"], path: "Fuzz/shim-fuzz"),
        program("module-fuzz", ["ModuleFuzzing", "CFuzzDriver", "CAllocationMeter"], path: "Fuzz/module-fuzz"),
        program("module-run", ["WasmModule", "WasmRuntime"], path: "Fuzz/module-run"),
    ]
)
