package bounce

// ParseDate reads a date as mail writes it: RFC 5322 section 3.3 with its obsolete forms, named zones and the slips of
// real servers. The zero Stamp means that v holds no date.
func ParseDate(v string) Stamp { return parseDate(v) }
