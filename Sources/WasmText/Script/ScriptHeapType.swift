/// Whose null a script means.
package enum ScriptHeapType: String, Sendable {
    case `func`, extern, any, eq, i31, `struct`, array, exn, none, nofunc, noextern, noexn
}
