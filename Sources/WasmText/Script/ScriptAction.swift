/// What a script does with an instance: the one of a name, or the last.
package enum ScriptAction: Sendable {
    case invoke(instance: String?, export: [UInt8], arguments: [ScriptValue])
    /// Reads an exported global.
    case get(instance: String?, export: [UInt8])
}
