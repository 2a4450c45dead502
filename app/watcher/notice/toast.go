package notice

import (
	"encoding/base64"
	"encoding/binary"
	"unicode/utf16"
)

// toastScript makes a toast out of three variables of its environment. It is a constant: no text is ever written into it,
// and the texts go into the toast's XML through its own document model
// (https://learn.microsoft.com/uwp/api/windows.ui.notifications.toastnotificationmanager).
const toastScript = `$ErrorActionPreference = 'Stop'
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
[void][Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom.XmlDocument, ContentType = WindowsRuntime]
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($xml.CreateTextNode([Environment]::GetEnvironmentVariable('RIMBALZO_TITLE')))
[void]$texts.Item(1).AppendChild($xml.CreateTextNode([Environment]::GetEnvironmentVariable('RIMBALZO_BODY')))
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
$toast.Tag = [Environment]::GetEnvironmentVariable('RIMBALZO_TAG')
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier([Environment]::GetEnvironmentVariable('RIMBALZO_ID')).Show($toast)
`

// maxTag is the longest tag of a toast since Windows 10 1703; a toast with the tag of another takes its place.
const maxTag = 64

// toast is how PowerShell is called for a notice. The script goes in the one form that no quoting can change.
func toast(p Params, n Notice) (name string, args, env []string) {
	tag := n.Key
	if len(tag) > maxTag {
		tag = tag[:maxTag]
	}
	args = []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand", encoded(toastScript)}
	return "powershell.exe", args, []string{"RIMBALZO_ID=" + p.ID, "RIMBALZO_TITLE=" + n.Title, "RIMBALZO_BODY=" + n.Body, "RIMBALZO_TAG=" + tag}
}

// encoded is the form of -EncodedCommand: UTF-16LE in base64 (about_PowerShell_exe).
func encoded(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return base64.StdEncoding.EncodeToString(b)
}
