package mailbox

// xoauth2 is the mechanism that Google and Microsoft made before there was a standard. The response is
// "user=NAME^Aauth=Bearer TOKEN^A^A" with ^A for 0x01; a refusal comes as a challenge, JSON in Base64, which is to be answered
// with an empty line before the server says NO.
//
//   - https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
//   - https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
const xoauth2 = "XOAUTH2"

func xoauth2Response(user, token string) []byte {
	return []byte("user=" + user + "\x01auth=Bearer " + token + "\x01\x01")
}
