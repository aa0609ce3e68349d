internal import GuestDialects

/// What `inspect` has to say about a module: a value, for text and JSON.
struct InspectReport: Encodable, Equatable {
    /// Something that the module wants from its host.
    struct Import: Encodable, Equatable {
        var module: String
        var name: String
        var kind: String
        var type: String
        /// Whether wasm-shim provides it, with this type.
        var isProvided: Bool
        /// Why not.
        var problem: String?

        enum CodingKeys: String, CodingKey {
            case module, name, kind, type
            case isProvided = "provided"
            case problem
        }
    }

    /// Something that the module gives.
    struct Export: Encodable, Equatable {
        var name: String
        var kind: String
        var index: Int?
        var type: String?
    }

    /// A memory or table.
    struct Storage: Encodable, Equatable {
        var index: Int
        /// In words, as imports and exports have it.
        var type: String
        var isImported: Bool
        /// Pages or elements.
        var minimum: UInt64
        var maximum: UInt64?
        /// Of a memory: the bytes of a page.
        var pageSize: UInt64?
        /// Of a memory: whether threads share it.
        var isShared: Bool?
        /// `i32` or `i64`.
        var address: String
        /// Of a table.
        var element: String?

        enum CodingKeys: String, CodingKey {
            case index, type
            case isImported = "imported"
            case minimum, maximum, pageSize
            case isShared = "shared"
            case address, element
        }
    }

    /// The function that runs before all others.
    struct Start: Encodable, Equatable {
        var function: Int
        var name: String?
    }

    /// A language or tool that made the module.
    struct Producer: Encodable, Equatable {
        var field: String
        var name: String
        var version: String
    }

    /// A section that does not change what the module does.
    struct CustomSection: Encodable, Equatable {
        var name: String
        /// Its bytes.
        var size: Int
    }

    /// What stands between a module and running, and what to do.
    struct Obstacle: Encodable, Equatable {
        var reason: String
        var advice: String?
    }

    /// The target as the user named it.
    var target: String
    /// What that is: an image, a module …
    var found: String
    /// The module's path in an image or bundle.
    var path: String?
    /// `module` or `component`.
    var kind: String
    /// The bytes of the module.
    var size: Int
    /// Whether `run` runs it as it is.
    var runs = false
    /// The function that `run` calls.
    var function: String
    var obstacles: [Obstacle] = []
    var dialects: [GuestDialect] = []
    var features: [String] = []
    var producers: [Producer] = []
    /// Functions of its own, and how many of all have a name.
    var functions: Int?
    var namedFunctions: Int?
    var imports: [Import] = []
    var exports: [Export] = []
    var memories: [Storage] = []
    var tables: [Storage] = []
    var start: Start?
    var customSections: [CustomSection] = []
}
