/// One command of a script, and where it stands.
package struct ScriptCommand: Sendable {
    /// What a command does, or claims.
    package enum Kind: Sendable {
        /// Defines a module, and makes an instance of it under the same name.
        case module(ScriptModule)
        /// Defines a module that later commands make instances of.
        case definition(ScriptModule)
        /// Makes an instance of a definition: the one of this name, or the last.
        case instance(name: String?, of: String?)
        /// Gives an instance, the one of this name or the last, a name that others import from.
        case register(as: [UInt8], instance: String?)
        case action(ScriptAction)
        case assertReturn(ScriptAction, [ScriptPattern])
        case assertTrap(ScriptAction, reason: String)
        /// The start function, or a segment, traps.
        case assertTrapAtStart(ScriptModule, reason: String)
        case assertExhaustion(ScriptAction, reason: String)
        case assertException(ScriptAction)
        case assertMalformed(ScriptModule, reason: String)
        case assertInvalid(ScriptModule, reason: String)
        /// A custom section or annotation is malformed; whoever does not look into those may accept the module.
        case assertMalformedCustom(ScriptModule, reason: String)
        case assertInvalidCustom(ScriptModule, reason: String)
        case assertUnlinkable(ScriptModule, reason: String)
        /// Commands that run beside those which follow; of the instances only those that are `shared` are there.
        case thread(name: String?, shared: [String], [ScriptCommand])
        /// Waits for a thread's end.
        case wait(thread: String?)
    }

    package let position: TextPosition
    package let kind: Kind
}
