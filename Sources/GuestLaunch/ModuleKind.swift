/// What a file is, by its first bytes: whether it can be run, and what to say if not.
package enum ModuleKind: Equatable, Sendable {
    /// A WebAssembly core module, binary format version 1.
    case module
    /// A WebAssembly component.
    case component
    /// The preamble of WebAssembly with a version that there is not.
    case unknownVersion(UInt32)
    /// WebAssembly's text format.
    case text
    /// A program for Linux.
    case elf
    /// A script for an interpreter.
    case script
    /// A gzip stream.
    case gzip
    /// A zstd stream.
    case zstd
    /// A tar archive.
    case tar
    case empty
    case unknown

    /// How many of a file's bytes are enough to tell.
    package static let bytesNeeded = 512

    /// Tells by the first bytes of a file, at most `bytesNeeded` of them.
    package init(firstBytes bytes: [UInt8]) {
        if bytes.isEmpty {
            self = .empty
        } else if bytes.starts(with: [0x00, 0x61, 0x73, 0x6D]), bytes.count >= 8 {
            self = Self(version: bytes[4..<8].reversed().reduce(0) { $0 << 8 | UInt32($1) })
        } else if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            self = .elf
        } else if bytes.starts(with: "#!".utf8) {
            self = .script
        } else if bytes.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else if bytes.count >= 262, bytes[257..<262].elementsEqual("ustar".utf8) {
            self = .tar
        } else {
            self = Self.isText(bytes) ? .text : .unknown
        }
    }

    /// By the word after the magic one: core modules have layer 0, components layer 1 (component-model, Binary.md).
    private init(version: UInt32) {
        self =
            if version == 1 { .module } else if version >> 16 == 1 { .component } else { .unknownVersion(version) }
    }

    /// Whether the first thing that is neither space nor comment opens a module or component in text format, or a field of a
    /// module that stands without `(module`. A comment longer than what is looked at counts as well.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let first = rest.first {
            if first == 0x20 || (0x09...0x0D).contains(first) {
                rest = rest.dropFirst()
            } else if rest.starts(with: ";;".utf8) {
                rest = rest.drop { $0 != 0x0A }
                if rest.isEmpty { return bytes.count >= bytesNeeded }
            } else if rest.starts(with: "(;".utf8) {
                rest = rest.dropFirst(2)
                while !rest.isEmpty && !rest.starts(with: ";)".utf8) { rest = rest.dropFirst() }
                if rest.isEmpty { return bytes.count >= bytesNeeded }
                rest = rest.dropFirst(2)
            } else {
                return textBeginnings.contains { rest.starts(with: $0.utf8) }
            }
        }
        return false
    }

    private static let textBeginnings = [
        "(module", "(component", "(@", "(type", "(rec", "(import", "(func", "(table", "(memory", "(global", "(tag",
        "(export", "(start", "(elem", "(data",
    ]

    /// What the file is, and why that is no module: for the end of a sentence that begins with its path.
    package var explanation: String {
        switch self {
        case .module: "a WebAssembly module"
        case .component:
            "a WebAssembly component, which this version does not run yet; build a core module for WASI preview 1"
        case .unknownVersion(let version):
            "WebAssembly of version \(version); this version runs core modules of version 1"
        case .text: "WebAssembly text; make a module of it first, with wasm-shim wat2wasm"
        case .elf: "a program for Linux, not a WebAssembly module; build it for wasm32-wasi"
        case .script: "a script, not a WebAssembly module; name the module that it should start"
        case .gzip, .zstd: "compressed data, not a WebAssembly module; unpack it first"
        case .tar: "a tar archive, not a WebAssembly module; name the module in it"
        case .empty: "empty, not a WebAssembly module; build or copy it again"
        case .unknown: "not a WebAssembly module: it does not begin with \\0asm; check the path"
        }
    }
}
