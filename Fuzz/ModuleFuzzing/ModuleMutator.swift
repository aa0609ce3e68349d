internal import WasmModule

/// Changes modules so that many stay modules: sections and bodies keep telling their sizes, and what is put between
/// instructions leaves the stack as it was.
package struct ModuleMutator {
    private var random: FuzzRandom
    /// Changes bytes without knowing what they are, giving at most so many.
    private let change: ([UInt8], Int) -> [UInt8]

    package init(_ number: UInt64, change: @escaping ([UInt8], Int) -> [UInt8]) {
        random = FuzzRandom(number)
        self.change = change
    }

    /// Another input made of one, of at most so many bytes.
    package mutating func mutated(_ input: [UInt8], limit: Int) -> [UInt8] {
        var output: [UInt8]?
        switch random.below(8) {
        case 0: break
        case 1, 2: output = inSection(input)
        case 3: output = sectionsMoved(input)
        default:
            // One that is valid, if one of a few is.
            for _ in 0..<4 {
                output = betweenInstructions(input)
                if let output, (try? Module(output)) != nil { break }
            }
        }
        if let output, output.count <= limit, output != input { return output }
        return change(input, limit)
    }

    // MARK: - Sections

    private struct Section {
        var number: UInt8
        var contents: [UInt8]
    }

    private func sections(_ input: [UInt8]) -> [Section]? {
        guard input.starts(with: [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]) else { return nil }
        var sections: [Section] = []
        var offset = 8
        while offset < input.count {
            let number = input[offset]
            offset += 1
            guard let size = Self.number(input, &offset), size <= input.count - offset else { return nil }
            sections.append(Section(number: number, contents: Array(input[offset..<offset + size])))
            offset += size
        }
        return sections
    }

    private func joined(_ sections: [Section]) -> [UInt8] {
        sections.reduce(into: [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]) { bytes, section in
            bytes.append(section.number)
            bytes += Self.bytes(of: section.contents.count) + section.contents
        }
    }

    private mutating func inSection(_ input: [UInt8]) -> [UInt8]? {
        guard var sections = sections(input), !sections.isEmpty else { return nil }
        let index = random.below(sections.count)
        sections[index].contents = change(sections[index].contents, sections[index].contents.count + 64)
        return joined(sections)
    }

    private mutating func sectionsMoved(_ input: [UInt8]) -> [UInt8]? {
        guard var sections = sections(input), !sections.isEmpty else { return nil }
        let index = random.below(sections.count)
        switch random.below(3) {
        case 0: sections.remove(at: index)
        case 1: sections.insert(sections[index], at: random.below(sections.count))
        default: sections.swapAt(index, random.below(sections.count))
        }
        return joined(sections)
    }

    // MARK: - Code

    /// Changes the body of a function of a valid module at the start of an instruction, once or a few times.
    private mutating func betweenInstructions(_ input: [UInt8]) -> [UInt8]? {
        guard let module = try? Module(input), !module.bodies.isEmpty else { return nil }
        let index = random.below(module.bodies.count)
        let range = module.bodies[index].range
        let starts = FunctionTranslator.translate(module, body: index, wantsSourceMap: true).sourceMap.map(\.byte)
        guard !starts.isEmpty else { return nil }
        var body = Array(input[range])
        let places = (0...random.below(4)).map { _ in starts[random.below(starts.count)] }
        // From the last on, so that the others stay where they are.
        for start in Set(places).sorted(by: >) {
            let place = start - range.lowerBound
            if random.below(2) == 0, let other = replacement(of: body[place]) {
                body[place] = other
            } else {
                body.insert(contentsOf: snippet(), at: place)
            }
        }
        return replacing(body: index, with: body, in: input)
    }

    /// The module with another body for a function.
    private func replacing(body index: Int, with body: [UInt8], in input: [UInt8]) -> [UInt8]? {
        guard var sections = sections(input), let code = sections.firstIndex(where: { $0.number == 10 }) else {
            return nil
        }
        let old = sections[code].contents
        var offset = 0
        guard let count = Self.number(old, &offset) else { return nil }
        var new = Self.bytes(of: count)
        for i in 0..<count {
            guard let size = Self.number(old, &offset), size <= old.count - offset else { return nil }
            let contents = i == index ? body : Array(old[offset..<offset + size])
            new += Self.bytes(of: contents.count) + contents
            offset += size
        }
        sections[code].contents = new
        return joined(sections)
    }

    /// Opcodes of one type, any of which can stand for any other.
    private static let families: [[UInt8]] = [
        Array(0x6A...0x78) + Array(0x46...0x4F), Array(0x7C...0x8A), Array(0x51...0x5A), Array(0x92...0x98),
        Array(0xA0...0xA6), Array(0x5B...0x60), Array(0x61...0x66), [0x45, 0x67, 0x68, 0x69, 0xC0, 0xC1],
        [0x79, 0x7A, 0x7B, 0xC2, 0xC3, 0xC4], Array(0x8B...0x91), Array(0x99...0x9F), [0x21, 0x22, 0x20], [0x23, 0x24],
        [0x28, 0x2C, 0x2D], [0x0C, 0x0D], [0x02, 0x03, 0x06],
    ]

    private mutating func replacement(of opcode: UInt8) -> UInt8? {
        guard let family = Self.families.first(where: { $0.contains(opcode) }) else { return nil }
        return family[random.below(family.count)]
    }

    /// Instructions that leave the stack as they found it.
    private mutating func snippet() -> [UInt8] {
        let local = UInt8(random.below(6))
        let value = UInt8(random.below(128))
        let snippets: [[UInt8]] = [
            [0x01], [0x00], [0x41, value, 0x1A], [0x42, value, 0x1A], [0x02, 0x40, 0x0B], [0x03, 0x40, 0x0B],
            [0x41, value, 0x04, 0x40, 0x05, 0x0B], [0x02, 0x40, 0x0C, 0, 0x0B], [0x02, 0x40, 0x41, 1, 0x0D, 0, 0x0B],
            [0x20, local, 0x1A], [0x20, local, 0x21, local], [0x20, local, 0x41, value, 0x6A, 0x21, local],
            [0x41, value, 0x21, local], [0x42, value, 0x21, local], [0x41, value, 0x0D, 0], [0x20, local, 0x0D, 0],
            [0x20, local, 0x45, 0x04, 0x40, 0x0C, 0, 0x0B], [0x02, 0x7F, 0x41, value, 0x0B, 0x1A],
            [0x02, 0x40, 0x02, 0x40, 0x20, local, 0x0E, 1, 0, 1, 0x0B, 0x0B], [0x41, 8, 0x28, 2, 0, 0x1A],
            [0x20, local, 0x41, 1, 0x74, 0x41, 8, 0x6A, 0x28, 2, 0, 0x21, local], [0x41, 0, 0x20, local, 0x36, 2, 0],
            [0x23, 0, 0x41, value, 0x6A, 0x24, 0], [0x10, local], [0x1F, 0x40, 0, 0x0B], [0x06, 0x40, 0x19, 0x0B],
            [0x02, 0x40, 0x1F, 0x40, 1, 2, 0, 0x0B, 0x0B], [0xD0, 0x70, 0x1A], [0xD2, local, 0x1A],
            [0xFD, 0x0C] + [UInt8](repeating: value, count: 16) + [0x1A],
            [0x43, 0, 0, 0x80, 0x3F, 0x1A], [0x20, local, 0x41, 3, 0x71, 0x0D, 0],
            [0x20, local, 0x20, local, 0x20, local, 0x1B, 0x21, local], [0x03, 0x40, 0x20, local, 0x0D, 0, 0x0B],
            [0x41, value, 0x41, value, 0x41, value, 0xFC, 0x0B, 0], [0x3F, 0, 0x1A], [0x41, value, 0xFB, 0x1C, 0x1A],
            [0x08, 0], [0x0F],
        ]
        return snippets[random.below(snippets.count)]
    }

    // MARK: - Numbers

    private static func number(_ bytes: [UInt8], _ offset: inout Int) -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard offset < bytes.count else { return nil }
            let byte = bytes[offset]
            offset += 1
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    private static func bytes(of number: Int) -> [UInt8] {
        var value = number
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(value & 0x7F) | (value > 0x7F ? 0x80 : 0))
            value >>= 7
        } while value > 0
        return bytes
    }
}

/// Numbers that are the same each time for the same beginning: SplitMix64.
struct FuzzRandom {
    private var state: UInt64

    init(_ number: UInt64) { state = number }

    /// A number from 0 on, below a limit.
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return limit <= 1 ? 0 : Int(value % UInt64(limit))
    }
}
