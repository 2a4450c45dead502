package bounce

import (
	"encoding/xml"
	"strings"
)

// pecKinds are the receipts of Italian certified mail (X-Ricevuta, DM 2 November 2005, technical rules section 6): what each says of the delivery.
var pecKinds = map[string]Action{
	"accettazione":              ActionRelayed,
	"presa-in-carico":           ActionRelayed,
	"avvenuta-consegna":         ActionDelivered,
	"non-accettazione":          ActionFailed,
	"errore-consegna":           ActionFailed,
	"rilevazione-virus":         ActionFailed,
	"preavviso-errore-consegna": ActionDelayed,
}

// pecData is the part of daticert.xml that matters here (technical rules, annex with the DTD).
type pecData struct {
	Type    string   `xml:"tipo,attr"`
	Error   string   `xml:"errore,attr"`
	Sender  string   `xml:"intestazione>mittente"`
	To      []string `xml:"intestazione>destinatari"`
	Subject string   `xml:"intestazione>oggetto"`
	Issuer  string   `xml:"dati>gestore-emittente"`
	ID      string   `xml:"dati>msgid"`
	Served  string   `xml:"dati>consegna"`
	Got     []string `xml:"dati>ricezione"`
	Reason  string   `xml:"dati>errore-esteso"`
	Date    struct {
		Zone string `xml:"zona,attr"`
		Day  string `xml:"giorno"`
		Hour string `xml:"ora"`
	} `xml:"dati>data"`
}

// readPEC reads a receipt of Italian certified mail; false where the field says none that is known.
func readPEC(rep *Report, m *message) bool {
	kind := strings.ToLower(m.head.get("X-Ricevuta"))
	action, ok := pecKinds[kind]
	if !ok {
		return false
	}
	data := pecDataOf(m)
	rep.Why, rep.Confidence = "pec", Certain
	rep.Original = originalOf(returnedHeader(m))
	rep.Original.MessageID = pecID(m, data, rep.Original.MessageID)
	if rep.Original.Subject == "" {
		rep.Original.Subject = oneLine(data.Subject, 998)
	}
	if rep.Original.From == "" {
		rep.Original.From = cleanAddress(data.Sender)
	}
	if rep.Original.To == "" {
		rep.Original.To = strings.Join(cleanAll(data.To), ", ")
	}
	at := parseDate(dayFirst(data.Date.Day) + " " + data.Date.Hour + " " + data.Date.Zone)
	recipients := pecRecipients(data, kind)
	if len(recipients) == 0 {
		recipients = pecAddressees(humanStart(m))
	}
	for _, addr := range recipients {
		rc := Recipient{Address: addr, Action: action, AttemptAt: at}
		if action == ActionFailed || action == ActionDelayed {
			tell(&rc, []string{strings.TrimSpace(data.Reason + " " + data.Error)})
		}
		rep.Recipients = append(rep.Recipients, rc)
	}
	rep.Kind = Kind(action)
	rep.ReportedBy = reporterOf(m, "", rep.Recipients, rep.Original)
	return true
}

// pecDataOf reads daticert.xml; what it cannot read stays empty, the header then has to do.
func pecDataOf(m *message) pecData {
	var data pecData
	for i := range m.parts {
		p := &m.parts[i]
		if strings.HasSuffix(p.kind, "/xml") || strings.EqualFold(p.file, "daticert.xml") {
			if xml.Unmarshal([]byte(p.text()), &data) == nil {
				return data
			}
		}
	}
	return pecData{}
}

// pecID gives the id of the message that the receipt is about, as its author's program set it.
func pecID(m *message, data pecData, returned string) string {
	if id := messageID(m.head.get("X-Riferimento-Message-ID")); id != "" {
		return id
	}
	if returned != "" {
		return returned
	}
	return messageID(data.ID)
}

// pecRecipients gives whom the receipt is about: one recipient where it names one, else all of the message.
func pecRecipients(data pecData, kind string) []string {
	if served := cleanAddress(data.Served); served != "" {
		return []string{served}
	}
	if kind == "presa-in-carico" {
		if got := cleanAll(data.Got); len(got) > 0 {
			return got
		}
	}
	return cleanAll(data.To)
}

// pecAddressees gives whom a receipt's text names, for want of its daticert.xml: the wording is laid down by the technical rules, section 6.
func pecAddressees(text string) []string {
	at := -1
	for _, words := range []string{"indirizzato a", "destinato a"} {
		if i := indexFold(text, words); i >= 0 {
			at = i
			break
		}
	}
	if at < 0 {
		return nil
	}
	var list []string
	for _, sp := range findAddresses(text[at:]) {
		if !contains(list, sp.addr) {
			list = append(list, sp.addr)
		}
	}
	return list
}

func cleanAll(list []string) []string {
	var out []string
	for _, v := range list {
		if a := cleanAddress(v); a != "" && len(out) < maxRecipients {
			out = append(out, a)
		}
	}
	return out
}

// dayFirst turns 26/01/2023 into 2023-01-26.
func dayFirst(v string) string {
	f := strings.Split(strings.TrimSpace(v), "/")
	if len(f) != 3 {
		return v
	}
	return f[2] + "-" + f[1] + "-" + f[0]
}
