# For a tap, or for homebrew-cask once the program is notarized and known.
cask "{{.Slug}}" do
  version "{{.Version}}"
  sha256 "{{.Sum}}"

  url "{{.Website}}/releases/download/v#{version}/{{.Dmg}}"
  name "{{.Name}}"
  desc "Tells which messages to send again after a mail provider's outage"
  homepage "{{.Website}}"

  depends_on macos: ">= :monterey"

  app "{{.Name}}.app"
  binary "#{appdir}/{{.Name}}.app/Contents/MacOS/rimbalzo"

  # The watcher and its start at login end; what is kept stays.
  uninstall quit:      ["{{.ID}}", "{{.ID}}.watcher"],
            launchctl: "{{.ID}}.watcher",
            delete:    "~/Library/LaunchAgents/{{.ID}}.watcher.plist"

  zap trash: [
    "~/Library/Application Support/rimbalzo",
    "~/Library/Preferences/fyne/{{.ID}}",
    "~/Library/Preferences/{{.ID}}.plist",
  ]

  caveats <<~EOS
    Passwords are in the Keychain under the name "rimbalzo". To take them along before uninstalling:
      rimbalzo leave --forget --yes
  EOS
end
