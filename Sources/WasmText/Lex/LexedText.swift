/// A text as tokens.
struct LexedText {
    let source: SourceText
    var tokens: [Token] = []
    var symbols = SymbolTable()
    /// In the order of the text.
    var annotations: [Annotation] = []
    var annotationTokens: [Token] = []

    init(_ source: SourceText) { self.source = source }
}
