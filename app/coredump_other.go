//go:build !unix

package main

// noCoreDump has nothing to do where programs do not write their memory to a file by themselves. Windows Error Reporting
// keeps a dump only where its user has switched LocalDumps on.
func noCoreDump() {}
