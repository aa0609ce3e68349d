import TestSupport

/// The text of a file in a test guest's folder.
func text(in guest: TestGuest, _ name: String) throws -> String { try text(of: guest.folder.path(name)) }
