/// A profile as a picture: each function a bar as wide as the time that it and what it called took, its callers below it.
///
/// One file without scripts: whatever shows SVG shows it, and tells a bar's name and share where the pointer is.
struct FlameGraph {
    private static let width = 1200.0
    private static let margin = 10.0
    private static let row = 17.0
    private static let head = 42.0
    /// Bars narrower than this are not drawn.
    private static let narrowest = 0.2
    /// A letter of the text in a bar, about.
    private static let letter = 6.7

    /// The picture.
    let svg: String

    /// Draws a profile, with `name` for each of its functions.
    init(of profile: Profile, title: String, name: (Profile.Function) -> String) {
        let total = profile.samples
        let levels = profile.roots.map(Self.levels).max() ?? 0
        let height = Self.head + Double(levels + 1) * Self.row + Self.margin
        var lines: [String] = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(Int(Self.width))" height="\#(Int(height))" "#
                + #"viewBox="0 0 \#(Int(Self.width)) \#(Int(height))" font-family="monospace" font-size="11">"#,
            "<title>\(Self.escaped(title))</title>",
            ##"<rect width="100%" height="100%" fill="#fdfdf8"/>"##,
            #"<text x="\#(Self.margin)" y="20" font-size="15">\#(Self.escaped(title))</text>"#,
            #"<text x="\#(Self.margin)" y="36">\#(total) samples of processor time; callers are below what they call</text>"#,
        ]
        guard total > 0 else {
            lines.append(#"<text x="\#(Self.margin)" y="60">it ended before the first sample</text>"#)
            svg = (lines + ["</svg>", ""]).joined(separator: "\n")
            return
        }
        let scale = (Self.width - 2 * Self.margin) / Double(total)
        // Nodes with where they begin: no recursion, however deep the calls were.
        var open: [(node: Profile.Node, start: Int, level: Int)] = []
        var start = 0
        for root in profile.roots {
            open.append((root, start, 0))
            start += root.samples
        }
        while let (node, start, level) = open.popLast() {
            let width = Double(node.samples) * scale
            guard width >= Self.narrowest else { continue }
            let x = Self.margin + Double(start) * scale
            let y = height - Self.margin - Double(level + 1) * Self.row
            lines += Self.bar(
                name(node.function), node, share: Double(node.samples) / Double(total), x: x, y: y, width: width)
            var next = start
            for child in node.children {
                open.append((child, next, level + 1))
                next += child.samples
            }
        }
        svg = (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private static func bar(
        _ name: String, _ node: Profile.Node, share: Double, x: Double, y: Double, width: Double
    ) -> [String] {
        var line =
            "<g><title>\(escaped(name)): \(node.samples) samples, \(short(share * 100)) %</title>"
            + #"<rect x="\#(short(x))" y="\#(short(y))" width="\#(short(width))" height="\#(short(row - 1))" rx="1" "#
            + #"fill="\#(color(of: name, node.function))"/>"#
        let letters = Int((width - 4) / letter)
        if letters >= 3 {
            let text = name.count <= letters ? name : String(name.prefix(letters - 1)) + "…"
            line += #"<text x="\#(short(x + 2))" y="\#(short(y + 12))">\#(escaped(text))</text>"#
        }
        return [line + "</g>"]
    }

    /// How many calls are above one another.
    private static func levels(_ root: Profile.Node) -> Int {
        var deepest = 0
        var open = [(root, 1)]
        while let (node, level) = open.popLast() {
            deepest = max(deepest, level)
            for child in node.children { open.append((child, level + 1)) }
        }
        return deepest
    }

    /// Warm for guests, the same for the same name; cool for the host; grey for the engine.
    private static func color(of name: String, _ function: Profile.Function) -> String {
        guard case .guest = function else { return "rgb(200,200,200)" }
        let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        if name.hasSuffix("]") { return "rgb(140,\(180 + hash % 40),230)" }
        return "rgb(\(220 + hash % 35),\(110 + (hash >> 8) % 110),\(50 + (hash >> 16) % 50))"
    }

    /// With two digits behind the point at most.
    private static func short(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)" }
        return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Text as XML has it, without what XML may not have.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in CommandLineMain.printable(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{FFFE}", "\u{FFFF}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
