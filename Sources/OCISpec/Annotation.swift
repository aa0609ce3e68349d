/// Annotation keys that mean something to us.
package enum Annotation {
    /// The name of an image in a layout (image-spec, annotations.md).
    package static let referenceName = "org.opencontainers.image.ref.name"
    /// What a person calls the content; on a layer: its file name.
    package static let title = "org.opencontainers.image.title"
    /// The whole name of an image, as containerd and Docker write it into a layout.
    package static let containerdImageName = "io.containerd.image.name"
    /// Which handler crun shall use: `wasm`, `wasm-smart` or an engine's name.
    package static let runHandler = "run.oci.handler"
    /// How solo.io's specification marks wasm images: `compat`, `compat-smart`.
    package static let moduleVariant = "module.wasm.image/variant"
    /// How BuildKit marks a manifest that describes another one and is no image.
    package static let dockerReferenceType = "vnd.docker.reference.type"
}
