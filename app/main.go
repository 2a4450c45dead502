// Command rimbalzo tells people hit by a mail provider's outage which of their messages to send again.
package main

func main() {}
