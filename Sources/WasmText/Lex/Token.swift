/// One token of the text format (core, 6.3.2).
struct Token {
    /// What it is.
    enum Kind: UInt8 {
        case open
        case close
        /// A word in small letters: `word` and `instruction` say which.
        case keyword
        case identifier
        case string
        case integer
        case float
        /// What is no token, but looks like one.
        case reserved
        /// Behind the last token.
        case end
    }

    /// Its first byte.
    let start: UInt32
    /// Of an opening parenthesis the place of the closing one (`.max` where there is none), of an identifier its symbol, of others the byte behind.
    var data: UInt32
    /// Of a keyword that is an instruction, its place in the table; else `Token.noInstruction`.
    var instruction: UInt16 = Token.noInstruction
    var word: Word = .unknown
    let kind: Kind

    static let noInstruction: UInt16 = 0xFFFF
}
