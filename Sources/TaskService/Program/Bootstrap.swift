internal import ShimAPI
package import SwiftProtobuf

/// What `start` is told on its standard input, and in which form it answers (shim contract, "stdin / stdout of `start`").
package struct Bootstrap: Equatable, Sendable {
    /// The form of the answer. Each is understood by the versions that get it, and gives them the most that they take.
    package enum Answer: Equatable, Sendable {
        /// containerd 1.6: the address and nothing else.
        case plain
        /// 1.7 to 2.2, which cannot be told apart from here: JSON with version 2. (Version 3 makes 1.7 fail.)
        case json
        /// 2.3 and newer: a BootstrapResult with version 3.
        case message
    }

    package var answer: Answer
    package var options = Google_Protobuf_Any()
    /// Empty where containerd did not say.
    package var ttrpcAddress = ""
    package var socketFolder: String?
    package var isDebug = false

    /// Reads standard input. It is a BootstrapParams if it decodes as one that is about this very container, and an Any
    /// with the options otherwise.
    package init(input: [UInt8], id: String, namespace: String, environment: (String) -> String?) {
        if !input.isEmpty, let parameters = try? BootstrapParams(serializedBytes: input),
            parameters.instanceID == id, parameters.namespace == namespace
        {
            answer = .message
            ttrpcAddress = parameters.containerdTtrpcAddress
            // One that is not absolute would be below whatever folder somebody happens to be in.
            socketFolder = parameters.socketDir.hasPrefix("/") ? parameters.socketDir : nil
            isDebug = parameters.logLevel <= -4
            options = parameters.extensions.lazy.map(\.value).first { $0.typeURL.contains("Options") } ?? options
        } else {
            answer = environment("MAX_SHIM_VERSION") == nil ? .plain : .json
            if !input.isEmpty, let any = try? Google_Protobuf_Any(serializedBytes: input) { options = any }
        }
        if ttrpcAddress.isEmpty { ttrpcAddress = environment("TTRPC_ADDRESS") ?? "" }
    }

    /// What is written to standard output.
    package func output(for address: SocketAddress) -> [UInt8] {
        switch answer {
        case .plain: return Array(address.url.utf8)
        case .json:
            // The address has no character that JSON would want escaped.
            return Array(#"{"version":2,"address":"\#(address.url)","protocol":"ttrpc"}"#.utf8)
        case .message:
            let result = BootstrapResult.with {
                $0.version = 3
                $0.address = address.url
                $0.protocol = "ttrpc"
            }
            return (try? result.serializedBytes()) ?? Array(address.url.utf8)
        }
    }
}
