import Testing

@testable import TaskService

@Suite struct ShimArgumentsTests {
    @Test(
        "SHIM-10: flags are read as Go's programs read them, and those of a newer containerd are passed over",
        arguments: [
            ["-namespace", "k8s.io", "-address", "/c.sock", "-publish-binary", "/b", "-id", "x", "-debug", "start"],
            ["--namespace=k8s.io", "--address=/c.sock", "--publish-binary=/b", "--id=x", "--debug", "start"],
            [
                "-namespace=k8s.io", "-new-flag=7", "-address", "/c.sock", "-publish-binary", "/b", "-id=x",
                "-debug=true", "start",
            ],
            [
                "-new", "value", "-namespace", "k8s.io", "-address", "/c.sock", "-publish-binary", "/b", "-id", "x",
                "-debug", "-newer", "start",
            ],
        ])
    func flags(_ words: [String]) {
        let arguments = ShimArguments(words)
        #expect(arguments.namespace == "k8s.io")
        #expect(arguments.address == "/c.sock")
        #expect(arguments.publishBinary == "/b")
        #expect(arguments.id == "x")
        #expect(arguments.isDebug)
        #expect(arguments.action == .start)
    }

    @Test("SHIM-10: what needs no action is told apart")
    func withoutAction() {
        #expect(ShimArguments(["-info"]).wantsInfo)
        #expect(ShimArguments(["--info"]).wantsInfo)
        #expect(ShimArguments(["-v"]).wantsVersion)
        #expect(ShimArguments(["-version"]).wantsVersion)
        #expect(ShimArguments(["-id", "x", "-bundle", "/b", "delete"]).bundle == "/b")
        #expect(ShimArguments(["-id", "x", "-bundle", "/b", "delete"]).action == .delete)
        #expect(ShimArguments([]).action == nil)
        #expect(ShimArguments(["-id", "-x", "start"]).id == "-x")
        #expect(!ShimArguments(["-debug=false", "start"]).isDebug)
    }
}

@Suite struct SocketAddressTests {
    @Test("SHIM-11: the socket is where containerd's own tools look for it")
    func path() {
        // printf %s /run/containerd/containerd.sock/default/hello | sha256sum
        let address = SocketAddress(containerd: "/run/containerd/containerd.sock", namespace: "default", group: "hello")
        #expect(
            address.url == "unix:///run/containerd/s/f89a747f6a50d5c2ffc699d28a658410899f12d03fa638893cc55d2da1cf53f6")
        #expect(address.path.utf8.count <= 106)
        #expect(address.folder == "/run/containerd/s")
    }

    @Test(
        "SHIM-11: paths are joined as Go joins them",
        arguments: [
            ("/a//b/./c", "/a/b/c"), ("/a/../b", "/b"), ("/../a", "/a"), ("a/../..", ".."), ("", "."), ("/", "/"),
        ])
    func cleaning(path: String, cleaned: String) {
        #expect(SocketAddress.cleaned(path) == cleaned)
    }
}
