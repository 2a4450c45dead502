package account

// Book is the file of accounts, accounts.toml in the data folder. Every look reads the file anew and every change
// replaces it whole, under a lock that other processes honour. It is safe for concurrent use.
type Book struct {
	dir string
}

// Open gives the book in a data folder, which need not exist yet.
func Open(dir string) (*Book, error) { return &Book{dir: dir}, nil }
