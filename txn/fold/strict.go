package fold

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// strict reads what encoding/json wrote, and refuses a member that the type does not have or that is named twice: an entry must not be
// readable in two ways.
var strict = json.JoinOptions(
	jsonv1.DefaultOptionsV1(),
	json.MatchCaseInsensitiveNames(false),
	json.RejectUnknownMembers(true),
	jsontext.AllowDuplicateNames(false),
)

// ReadJSON reads one value and nothing behind it, exactly by its type: whatever else is in the text is an error, because a text that is signed or chained must say one thing
// to each reader. The second version of Go's JSON does it, because an X or a Z waits for a whole day of
// entries to be read: it takes half as long as encoding/json.
func ReadJSON(text []byte, into any) error { return json.Unmarshal(text, into, strict) }
