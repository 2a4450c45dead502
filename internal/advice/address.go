package advice

import "strings"

// canonical gives an address with its domain in lower case and without angle brackets: local parts are the
// recipient's own business (RFC 5321 section 2.4).
func canonical(address string) string {
	address = strings.Trim(strings.TrimSpace(address), "<>")
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	domain := address[at+1:]
	if lower := strings.ToLower(domain); lower != domain {
		return address[:at+1] + lower
	}
	return address
}

// Address gives an address as items name it: without angle brackets, the domain in lower case.
func Address(address string) string { return canonical(address) }

// key is the form in which addresses are compared: no server in use tells upper from lower case.
func key(address string) string { return strings.ToLower(canonical(address)) }

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// idKey is the form in which message ids are compared: some servers fold them to lower case on the way.
func idKey(id string) string { return strings.ToLower(strings.Trim(strings.TrimSpace(id), "<>")) }
