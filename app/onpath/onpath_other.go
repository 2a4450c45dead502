//go:build !windows

package onpath

// Add fails with [ErrElsewhere].
func Add(dir string) error { return change(dir, with) }

// Remove fails with [ErrElsewhere].
func Remove(dir string) error { return change(dir, without) }

func change(string, func(list, dir string) string) error { return ErrElsewhere }
