// A module of its own for one reason: packages are initialised in the order of their import paths, and this one's must
// come before fyne.io. See locale.go.
module app.invalid/locale

go 1.26.0
