package bounce

// Line is a [Report] as `rimbalzo decode` prints it: one JSON object with every key always there, absent values null
// and lists never null. Its times are RFC 3339, without an offset where the message stated none.
type Line struct {
	Path       string          `json:"path"`
	Kind       Kind            `json:"kind"`
	ReportedBy lineReporter    `json:"reported_by"`
	BouncedAt  *string         `json:"bounced_at"`
	ArrivalAt  *string         `json:"arrival_at"`
	Recipients []lineRecipient `json:"recipients"`
	Original   lineOriginal    `json:"original"`
	Why        *string         `json:"why"`
	Confidence *string         `json:"confidence"`
}

type lineReporter struct {
	Host *string `json:"host"`
	Side *string `json:"side"`
}

type lineRecipient struct {
	Address         *string `json:"address"`
	OriginalAddress *string `json:"original_address"`
	Action          *string `json:"action"`
	Status          *string `json:"status"`
	ReplyCode       *int    `json:"reply_code"`
	Reply           *string `json:"reply"`
	Failure         *string `json:"failure"`
	Remote          *string `json:"remote"`
	AttemptAt       *string `json:"attempt_at"`
	RetryUntil      *string `json:"retry_until"`
}

type lineOriginal struct {
	MessageID *string `json:"message_id"`
	SentAt    *string `json:"sent_at"`
	Subject   *string `json:"subject"`
	From      *string `json:"from"`
	To        *string `json:"to"`
}

// NewLine gives the printable form of what the message at path reports; path is kept as it is.
func NewLine(path string, r Report) Line {
	l := Line{
		Path:       path,
		Kind:       r.Kind,
		ReportedBy: lineReporter{Host: told(r.ReportedBy.Host), Side: told(string(r.ReportedBy.Side))},
		BouncedAt:  told(r.BouncedAt.String()),
		ArrivalAt:  told(r.ArrivalAt.String()),
		Recipients: make([]lineRecipient, 0, len(r.Recipients)),
		Original: lineOriginal{
			MessageID: told(r.Original.MessageID), SentAt: told(r.Original.SentAt.String()),
			Subject: told(r.Original.Subject), From: told(r.Original.From), To: told(r.Original.To),
		},
		Why:        told(r.Why),
		Confidence: told(string(r.Confidence)),
	}
	for _, rc := range r.Recipients {
		l.Recipients = append(l.Recipients, newLineRecipient(rc))
	}
	return l
}

func newLineRecipient(rc Recipient) lineRecipient {
	var code *int
	if rc.ReplyCode != 0 {
		code = &rc.ReplyCode
	}
	return lineRecipient{
		Address: told(rc.Address), OriginalAddress: told(rc.OriginalAddress), Action: told(string(rc.Action)),
		Status: told(rc.Status), ReplyCode: code, Reply: told(rc.Reply), Failure: told(string(rc.Failure)),
		Remote: told(rc.Remote), AttemptAt: told(rc.AttemptAt.String()), RetryUntil: told(rc.RetryUntil.String()),
	}
}

// told is nil for what a message does not tell.
func told(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
