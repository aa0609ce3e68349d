// Placeholder until the first file is there.
