import Foundation

/// A test script of the official suite, as `wasm-tools json-from-wast` writes it down.
struct Script: Decodable {
    let commands: [Command]

    struct Command: Decodable {
        let type: String
        let line: Int
        let name: String?
        let filename: String?
        let moduleType: String?
        let action: Action?
        let expected: [Value]?
        let text: String?
        let `as`: String?
        let thread: String?
    }

    struct Action: Decodable {
        let type: String
        let module: String?
        let field: String
        let args: [Value]?
    }

    /// A value or a pattern. Numbers are decimal, floats by their bits.
    struct Value: Decodable {
        let type: String
        let value: Payload?

        /// The one text, where there is one; vectors have several and no place here.
        enum Payload: Decodable {
            case text(String)
            case other

            init(from decoder: any Decoder) throws {
                let text = try? decoder.singleValueContainer().decode(String.self)
                self = text.map { .text($0) } ?? .other
            }
        }

        var text: String? {
            if case .text(let text) = value { text } else { nil }
        }
    }

    static func read(_ path: String) throws -> Script {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Script.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
