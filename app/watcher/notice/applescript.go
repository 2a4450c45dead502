package notice

// appleScript takes its texts as arguments (osascript(1)); it is a constant.
const appleScript = `on run argv
display notification (item 2 of argv) with title (item 1 of argv)
end run`

// appleNotice is how osascript is called for a notice. What follows "--" is never an option.
func appleNotice(_ Params, n Notice) (name string, args, env []string) {
	return "/usr/bin/osascript", []string{"-e", appleScript, "--", n.Title, n.Body}, nil
}
