package store

// syncFolder does nothing: Windows cannot sync a folder, and keeps a journal of renamings itself.
func syncFolder(string) error { return nil }
