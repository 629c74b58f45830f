package sandbox

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// userFilter is the filter of GetAccountUsers. All its conditions must hold.
type userFilter struct {
	Phone        string   `json:"phone"`
	Name         string   `json:"name"`
	Number       string   `json:"extension_number"`
	HasExtension *bool    `json:"has_extension"`
	IDs          []string `json:"user_ids"`
}

func (f *userFilter) empty() bool {
	return f.Phone == "" && f.Name == "" && f.Number == "" && f.HasExtension == nil && len(f.IDs) == 0
}

// searchedLength is how many characters of a phone the filter looks at. It ignores the rest.
const searchedLength = 10

func (f *userFilter) prefix() string { return f.Phone[:min(len(f.Phone), searchedLength)] }

// indexKey is the prefix as the key of store.byPrefix. ok is false if the prefix is too short to be one. A text that is
// not a phone has the key 0, which nobody has.
func (f *userFilter) indexKey() (key number, ok bool) {
	prefix := f.prefix()
	if len(prefix) < searchedLength {
		return 0, false
	}
	digits, _ := strconv.ParseUint(prefix, 10, 64)
	return number(digits), true
}

// matcher returns whether a member matches; candidates alone looks at the ids. The platform searches the phone, as it is
// given, in a column with the national form: a prefix finds everybody who has it, the form +84 finds nobody, and those
// whose column is empty are never found.
func (f *userFilter) matcher() func(*person) bool {
	prefix, name := f.prefix(), strings.ToLower(f.Name)
	return func(p *person) bool {
		switch {
		case prefix != "" && (p.unsearchable || !p.phone.hasPrefix(prefix)):
			return false
		case f.Number != "" && !p.hasExtension(f.Number):
			return false
		case f.HasExtension != nil && *f.HasExtension != p.hadExtension:
			return false
		}
		return name == "" || strings.Contains(strings.ToLower(p.name), name)
	}
}

// candidates yields the people who can match, in the order of the listing. If a condition has an index, they are the few
// whom the index has, else all members.
func (f *userFilter) candidates(s *store, at span) iter.Seq2[int, *person] {
	few, indexed := f.lookUp(s)
	if !indexed {
		return walk(s.members, at)
	}
	few = slices.DeleteFunc(few, func(p *person) bool { return p.slot < 0 || !at.reaches(p.slot) })
	slices.SortFunc(few, func(a, b *person) int { return a.slot - b.slot })
	if !at.oldestFirst {
		slices.Reverse(few)
	}
	return func(yield func(int, *person) bool) {
		for _, p := range slices.Compact(few) {
			if !yield(p.slot, p) {
				return
			}
		}
	}
}

// lookUp returns the people whom an index of the store has for the filter's strictest condition. indexed is false if no
// condition has an index.
func (f *userFilter) lookUp(s *store) (people []*person, indexed bool) {
	key, isKey := f.indexKey()
	switch {
	case len(f.IDs) > 0:
		for _, id := range f.IDs {
			if p := s.byID[parseID(id)]; p != nil {
				people = append(people, p)
			}
		}
	case f.Number != "":
		if ext := s.byNumber[f.Number]; ext != nil && ext.holder != nil {
			people = append(people, ext.holder)
		}
	case isKey:
		people = slices.Clone(s.byPrefix[key])
	default:
		return nil, false
	}
	return people, true
}
