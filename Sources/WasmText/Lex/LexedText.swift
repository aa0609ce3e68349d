/// A text as tokens.
struct LexedText {
    let source: SourceText
    var tokens: [Token] = []
    var symbols = SymbolTable()
    /// In the order of the text.
    var annotations: [Annotation] = []
    var annotationTokens: [Token] = []

    /// A text before its first token is read.
    init(_ source: SourceText) { self.source = source }
}
