package import OCISpec

/// Which platforms are WebAssembly, the best first.
package enum PlatformPreference {
    /// In the order in which they are taken.
    package static let order: [Platform] = [.wasi, .wasip1, .wasip2, .wasi32, .linuxWasm]

    /// How far down the order a platform stands; `nil` where it is no WebAssembly.
    package static func rank(of platform: Platform) -> Int? { order.firstIndex { platform.satisfies($0) } }
}
