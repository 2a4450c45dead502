package mailbox

import (
	_ "embed"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/emersion/go-imap/v2"
)

//go:embed searches.toml
var searchesFile string

// bounceSearch is the search for bounces: any of the words in any of the fields.
var bounceSearch = sync.OnceValues(func() (imap.SearchCriteria, error) {
	var file struct {
		Search []struct {
			Field string
			Words []string
		}
	}
	if _, err := toml.Decode(searchesFile, &file); err != nil {
		return imap.SearchCriteria{}, err
	}
	var any []imap.SearchCriteria
	for _, s := range file.Search {
		for _, word := range s.Words {
			any = append(any, imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: s.Field, Value: word}}})
		}
	}
	return either(any), nil
})

// either joins criteria with OR, as a tree that is as flat as can be: servers bound how deep conditions may be nested.
func either(any []imap.SearchCriteria) imap.SearchCriteria {
	switch len(any) {
	case 0:
		return imap.SearchCriteria{}
	case 1:
		return any[0]
	}
	half := len(any) / 2
	return imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{either(any[:half]), either(any[half:])}}}
}
