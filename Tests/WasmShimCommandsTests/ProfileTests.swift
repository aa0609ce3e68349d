import Testing

@testable import WasmShimCommands

@Suite("Profiles")
struct ProfileTests {
    /// The words of a profile: nodes as parent, function and samples.
    private func words(_ nodes: [(parent: UInt32, function: UInt32, samples: UInt32)], count: UInt32? = nil) -> [UInt32]
    {
        let root: [UInt32] = [0, 0, 0, 0, 0]
        return [count ?? UInt32(nodes.count), 100, 1000, 0] + root
            + nodes.flatMap { [$0.parent, 0, 0, $0.function, $0.samples] }
    }

    @Test("PROF-2: a function's samples are its own and those of what it called")
    func tree() {
        let profile = Profile(words([(0, 7, 1), (1, 8, 2), (2, 7, 4), (1, 0xFFFF_FFFF, 8), (0, 9, 100)]))
        #expect(profile.samples == 115)
        #expect(profile.roots.map(\.function) == [.guest(9), .guest(7)])
        #expect(profile.roots[1].samples == 15)
        #expect(profile.roots[1].children.map(\.function) == [.engine, .guest(8)])
        #expect(profile.roots[1].children[1].children == [.init(function: .guest(7), samples: 4, children: [])])
    }

    @Test(
        "PROF-3: whatever a guest's process left there gives a picture",
        arguments: [
            [], [5], [0, 0, 0, 0], [.max, .max, .max, .max], Array(repeating: .max, count: 50),
            Array(repeating: 3, count: 104),
        ] as [[UInt32]])
    func damaged(words: [UInt32]) {
        let graph = FlameGraph(of: Profile(words), title: "x") { "\($0)" }
        #expect(graph.svg.hasSuffix("</svg>\n"))
    }

    @Test(
        "PROF-4: the picture is one file without scripts; names in it are a module's and cannot get out of their place")
    func picture() {
        let graph = FlameGraph(of: Profile(words([(0, 1, 3), (1, 2, 1)])), title: "a&b") { function in
            function == .guest(1) ? "</title><script>\u{1B}\"" : "[host]"
        }
        #expect(!graph.svg.contains("<script"))
        #expect(!graph.svg.unicodeScalars.contains("\u{1B}"))
        #expect(graph.svg.contains("<title>&lt;/title&gt;&lt;script&gt; &quot;: 4 samples, 100 %</title>"))
        #expect(graph.svg.contains("<title>[host]: 1 samples, 25 %</title>"))
        #expect(graph.svg.contains("a&amp;b"))
    }

    @Test(
        "PROF-5: Rust's symbols are written as Rust writes them; what is no symbol stays as it is",
        arguments: [
            ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
            (
                "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$3fmt17hd9a2b3c4d5e6f708E",
                "<alloc::string::String as core::fmt::Debug>::fmt"
            ),
            ("main", "main"), ("_ZN", "_ZN"), ("_ZN4core", "_ZN4core"),
            ("_ZN99999999999999999999x", "_ZN99999999999999999999x"),
        ])
    func rust(symbol: String, name: String) {
        #expect(Demangled.name(symbol) == name)
    }

    @Test(
        "PROF-5: Rust's newer symbols, generic and nested",
        arguments: [
            ("_RNvCs15kBYyAo9fc_7mycrate7example", "mycrate::example"),
            ("_RNCNvC1a1b0", "a::b::{closure#0}"),
            ("_RNvMs_C1aNtB4_3Foo3bar", "<a::Foo>::bar"),
            ("_RNvXC1aNtB2_3FooNtC4core5Clone5clone", "<a::Foo as core::Clone>::clone"),
            ("_RINvC1a3genlRShE", "a::gen<i32, &[u8]>"),
            ("_RINvC1a3genKj10_E", "a::gen<16>"), ("_RINvC1a3genTlmEE", "a::gen<(i32, u32)>"), ("_RNvB_1a", "_RNvB_1a"),
        ])
    func rustNew(symbol: String, name: String) {
        #expect(Demangled.name(symbol) == name)
    }

    @Test(
        "PROF-5: C++'s symbols, without parameters",
        arguments: [
            ("_Z3foov", "foo"), ("_ZN3app6Engine3runEi", "app::Engine::run"),
            ("_ZNK3app6EngineeqERKS0_", "app::Engine::operator=="),
            ("_ZN3app6EngineC2Ev", "app::Engine::Engine"), ("_ZN3app6EngineD0Ev", "app::Engine::~Engine"),
            ("_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int>>::push_back"),
            ("_ZN12_GLOBAL__N_14workEv", "(anonymous namespace)::work"),
            ("_ZZ4mainENKUlvE_clEv", "main::{lambda#1}::operator()"), ("_ZSt4sortIPiEvT_S1_", "std::sort<int*>"),
            ("_ZN1AIXadL_Z1fvEEE1gEv", "_ZN1AIXadL_Z1fvEEE1gEv"), ("_ZTV1A", "vtable for A"),
            ("_Z1fILb1ELi42EEvv", "f<true, 42>"), ("_Z", "_Z"), ("_ZN", "_ZN"),
        ])
    func cxx(symbol: String, name: String) {
        #expect(Demangled.name(symbol) == name)
    }

    @Test("PROF-5: symbols made to be endless end")
    func endless() {
        for symbol in [
            "_Z" + String(repeating: "P", count: 100_000), "_Z1fI" + String(repeating: "1aIS_S_", count: 500),
            "_R" + String(repeating: "IC1a", count: 50_000), "_RB_",
            "_ZN" + String(repeating: "1a", count: 100_000) + "Ev",
        ] {
            #expect(Demangled.name(symbol) == symbol)
        }
    }
}
