internal import OCISpec
internal import Testing

@Suite struct PlatformTests {
    @Test(
        "SEL-2: a platform is os/architecture, with a variant or without",
        arguments: [("wasi/wasm", "wasi/wasm"), ("linux/arm/v7", "linux/arm/v7")])
    func good(_ text: String, description: String) { #expect(Platform(text)?.description == description) }

    @Test("SEL-2: anything else is no platform", arguments: ["", "wasi", "wasi/", "/wasm", "a/b/c/d", "a//c"])
    func bad(_ text: String) { #expect(Platform(text) == nil) }

    @Test("SEL-2: a variant counts only where one is asked for")
    func variant() throws {
        let v7 = Platform(os: "linux", architecture: "arm", variant: "v7")
        #expect(v7.satisfies(Platform(os: "linux", architecture: "arm")))
        #expect(v7.satisfies(v7))
        #expect(!v7.satisfies(Platform(os: "linux", architecture: "arm", variant: "v6")))
        #expect(!Platform(os: "linux", architecture: "arm").satisfies(v7))
        #expect(!Platform.wasi32.satisfies(.wasi))
    }
}
