import Testing

@testable import WasmText

struct RobustnessTests {
    @Test("TEXT-20: whatever the text is, assembling ends in a module or an error, and so does reading a script")
    func mutations() throws {
        guard let scripts = try Suite.scripts()?.filter({ $0.text.count < 100_000 }) else { return }
        var generator = SystemRandomNumberGenerator()
        var modules = 0
        for _ in 0..<4000 {
            var text = piece(of: scripts, upTo: 2000, &generator)
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text[place] = .random(in: .min ... .max, using: &generator)
                case 1: text.remove(at: place)
                case 2: text.insert(contentsOf: piece(of: scripts, upTo: 40, &generator), at: place)
                default: text[place] = "()$\"0; @".utf8.randomElement(using: &generator) ?? 0
                }
            }
            if (try? assemble(text)) != nil { modules += 1 }
            _ = try? Script(text)
        }
        #expect(modules > 0)
    }

    /// A part of some script, from an opening parenthesis on where it has one.
    private func piece(
        of scripts: [(name: String, text: [UInt8])], upTo size: Int, _ generator: inout SystemRandomNumberGenerator
    ) -> [UInt8] {
        guard let text = scripts.randomElement(using: &generator)?.text, !text.isEmpty else { return [] }
        let start = Int.random(in: 0..<text.count, using: &generator)
        let end = min(text.count, start + Int.random(in: 1...size, using: &generator))
        return Array(text[start..<end].drop { $0 != 0x28 })
    }
}
