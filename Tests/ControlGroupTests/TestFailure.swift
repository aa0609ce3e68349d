/// Something that a test takes for granted is not so.
struct TestFailure: Error {}
