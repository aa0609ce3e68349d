internal import LinuxSystem

/// What a guest's samples say, as they come from its process (`wasm_profile.h`): a tree of calls.
struct Profile: Equatable {
    /// What a node stands for.
    enum Function: Hashable {
        /// A function of the module by its index, imported ones too.
        case guest(Int)
        /// The engine's own work.
        case engine
        /// Calls that were too many to list.
        case omitted
        /// Making code of functions on their first call.
        case translation
    }

    /// A function as called by its parent, and everything that it called.
    struct Node: Equatable {
        var function: Function
        /// Samples in it and in what it called.
        var samples: Int
        var children: [Node]
    }

    /// The outermost calls.
    private(set) var roots: [Node] = []
    /// All samples.
    var samples: Int { roots.reduce(0) { $0 + $1.samples } }

    /// Functions in their different callers that are told apart.
    static let nodeLimit = 200_000

    /// Words before the nodes, and words of a node.
    private static let headWords = 4
    private static let nodeWords = 5

    /// The bytes that a profile of so many nodes takes.
    static func size(nodes: Int) -> Int { 4 * (headWords + nodeWords * (nodes + 1)) }

    /// Reads what a guest has left in a file in memory.
    init(in file: borrowing OwnedDescriptor) throws(SystemCallError) {
        let head = Self.words(try file.firstBytes(4 * Self.headWords, name: "profile"))
        let count = head.isEmpty ? 0 : min(Int(head[0]), Self.nodeLimit)
        self.init(Self.words(try file.firstBytes(Self.size(nodes: count), name: "profile")))
    }

    /// Reads the words of a profile. The guest's process wrote them: whatever they are, they give a tree.
    init(_ words: [UInt32]) {
        let stored = (words.count - Self.headWords) / Self.nodeWords
        guard stored > 1 else { return }
        let count = min(stored - 1, Int(words[0]))
        func word(_ node: Int, _ field: Int) -> UInt32 { words[Self.headWords + node * Self.nodeWords + field] }
        // A child has a higher number than its parent, so that from the last to the first all children come first.
        var children: [Int: [Node]] = [:]
        for number in stride(from: count, through: 1, by: -1) {
            let below = (children.removeValue(forKey: number) ?? []).sorted { $0.samples > $1.samples }
            let function: Function =
                switch word(number, 3) {
                case 0xFFFF_FFFF: .engine
                case 0xFFFF_FFFE: .omitted
                case 0xFFFF_FFFD: .translation
                case let index: .guest(Int(index))
                }
            let samples = below.reduce(Int(word(number, 4))) { $0 + $1.samples }
            let parent = Int(word(number, 0))
            guard parent < number else { continue }
            children[parent, default: []].append(Node(function: function, samples: samples, children: below))
        }
        roots = (children[0] ?? []).filter { $0.samples > 0 }.sorted { $0.samples > $1.samples }
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count - 3, by: 4).map { place in
            let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
            let high = UInt32(bytes[place + 2]) | UInt32(bytes[place + 3]) << 8
            return low | high << 16
        }
    }
}
